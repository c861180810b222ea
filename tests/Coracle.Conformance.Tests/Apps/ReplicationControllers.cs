using System.Text.Json.Nodes;
using static Coracle.Conformance.Tests.Apps.Steps;

namespace Coracle.Conformance.Tests.Apps;

/// <summary>Upstream: test/e2e/apps/rc.go.</summary>
public sealed class ReplicationControllers(Cluster cluster) : IClassFixture<Cluster>
{
    private async Task<(string Ns, string Controller)> Create(string name, int replicas)
    {
        var ns = await cluster.Namespace();
        await cluster.Create(Core(ns, "replicationcontrollers"), Workload("ReplicationController", name, $""" "replicas":{replicas},"""));
        return (ns, $"{Core(ns, "replicationcontrollers")}/{name}");
    }

    [Fact, Behaviour("Replication Controller, run basic image")]
    public async Task A_basic_image_is_served_on_each_replica()
    {
        var (ns, controller) = await Create("my-hostname-basic", 1);
        await cluster.UntilComplete(controller, 1);
        Assert.True((await cluster.UntilRunning(ns, "my-hostname-basic", 1))[0].IsReady());
    }

    [Fact, Behaviour("Replication Controller, adopt matching pods")]
    public async Task Matching_pods_are_adopted()
    {
        var ns = await cluster.Namespace();
        await cluster.Create(Core(ns, "pods"), Samples.Pod("pod-adoption", ""","labels":{"app":"pod-adoption"}"""));
        await cluster.Create(Core(ns, "replicationcontrollers"), Workload("ReplicationController", "pod-adoption", """ "replicas":1,"""));
        var controller = await cluster.UntilComplete($"{Core(ns, "replicationcontrollers")}/pod-adoption", 1);
        await cluster.Until($"{Core(ns, "pods")}/pod-adoption", found => found.Json.IsControlledBy(controller));
        Assert.Single(await cluster.Pods(ns, "pod-adoption"));
    }

    [Fact, Behaviour("Replication Controller, release pods")]
    public async Task Pods_that_match_no_more_are_released()
    {
        var (ns, controller) = await Create("pod-release", 1);
        await cluster.UntilComplete(controller, 1);
        var pod = $"{Core(ns, "pods")}/{(await cluster.Pods(ns, "pod-release"))[0].Name()}";
        (await cluster.Patch(pod, """{"metadata":{"labels":{"app":"released"}}}""", Cluster.Strategic)).Is(200);
        await cluster.Until(pod, found => found.Json.HasNoController());
        await cluster.UntilRunning(ns, "pod-release", 1);
    }

    [Fact, Behaviour("Replication Controller, check for issues like exceeding allocated quota")]
    public async Task A_failure_condition_says_that_quota_is_exceeded()
    {
        var ns = await cluster.Namespace();
        await cluster.Create(Core(ns, "resourcequotas"), """{"metadata":{"name":"condition-test"},"spec":{"hard":{"pods":"2"}}}""");
        await cluster.UsesOf($"{Core(ns, "resourcequotas")}/condition-test", ("pods", "0"));
        await cluster.Create(Core(ns, "replicationcontrollers"), Workload("ReplicationController", "condition-test", """ "replicas":3,"""));
        var controller = $"{Core(ns, "replicationcontrollers")}/condition-test";
        var failed = await cluster.Until(controller, found => found.Json.Condition("ReplicaFailure")?.Text("status") == "True");
        Assert.Equal("FailedCreate", failed.Json.Condition("ReplicaFailure")!.Text("reason"));
        Assert.Contains("is forbidden: exceeded quota: condition-test, requested: pods=1, used: pods=2, limited: pods=2", failed.Json.Condition("ReplicaFailure")!.Text("message"), StringComparison.Ordinal);
        await cluster.Update(controller, found => found["spec"]!["replicas"] = 2);
        await cluster.Until(controller, found => found.Json.Condition("ReplicaFailure") is null && found["status.observedGeneration"] == found["metadata.generation"]);
    }

    [Fact, Behaviour("Replication Controller, get and update ReplicationController scale")]
    public async Task Get_and_update_a_scale()
    {
        var (_, controller) = await Create("e2e-rc", 1);
        await cluster.UntilComplete(controller, 1);
        var scale = (await cluster.Get(controller + "/scale")).Is(200);
        Assert.Equal("1", scale["status.replicas"]);
        await cluster.Update(controller + "/scale", found => found["spec"]!["replicas"] = 2);
        await cluster.UntilComplete(controller, 2);
    }

    [Fact, Behaviour("Replication Controller, lifecycle")]
    public async Task The_lifecycle_of_a_ReplicationController()
    {
        var ns = await cluster.Namespace();
        var all = Core(ns, "replicationcontrollers");
        await using var watch = await cluster.Watch($"{all}?labelSelector=app%3Drc-test");
        await cluster.Create(all, Workload("ReplicationController", "rc-test", """ "replicas":1,"""));
        Assert.Equal("ADDED rc-test", (await watch.Next()).ToString());
        await watch.Until(e => e.Object.Text("status.readyReplicas") == "1");

        (await cluster.Patch($"{all}/rc-test", """{"metadata":{"labels":{"test-rc":"patched"}}}""", Cluster.Strategic)).Is(200);
        await watch.Until(e => e.Type == "MODIFIED" && e.Object.Text("metadata.labels.test-rc") == "patched");
        Assert.Equal("1", (await cluster.Get($"{all}/rc-test/status")).Is(200)["status.readyReplicas"]);
        (await cluster.Patch($"{all}/rc-test/status", """{"status":{"readyReplicas":0,"availableReplicas":0}}""")).Is(200);
        await watch.Until(e => e.Object.Text("status.readyReplicas").Length == 0);
        Assert.Equal("patched", (await cluster.Get($"{all}/rc-test")).Is(200)["metadata.labels.test-rc"]);

        (await cluster.Patch($"{all}/rc-test/scale", """{"spec":{"replicas":2}}""", Cluster.Strategic)).Is(200);
        await watch.Until(e => e.Object.Text("status.readyReplicas") == "2");
        await cluster.Update($"{all}/rc-test", found => found["metadata"]!["labels"]!["test-rc"] = "updated");
        await watch.Until(e => e.Object.Text("metadata.labels.test-rc") == "updated");
        Assert.Equal(["rc-test"], (await cluster.Get("/api/v1/replicationcontrollers?labelSelector=test-rc%3Dupdated")).Is(200).Names);
        (await cluster.Delete($"{all}?labelSelector=app%3Drc-test", """{"gracePeriodSeconds":1}""")).Is(200);
        await watch.Until(e => e.Type == "DELETED");
    }
}
