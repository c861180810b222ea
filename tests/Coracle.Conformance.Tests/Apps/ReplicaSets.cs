using static Coracle.Conformance.Tests.Apps.Steps;

namespace Coracle.Conformance.Tests.Apps;

/// <summary>Upstream: test/e2e/apps/replica_set.go.</summary>
public sealed class ReplicaSets(Cluster cluster) : IClassFixture<Cluster>
{
    private async Task<(string Ns, string Set)> Create(string name, int replicas, string meta = "")
    {
        var ns = await cluster.Namespace();
        await cluster.Create(WorkloadsIn(ns, "replicasets"), Workload("ReplicaSet", name, $""" "replicas":{replicas},""", meta: meta));
        return (ns, $"{WorkloadsIn(ns, "replicasets")}/{name}");
    }

    [Fact, Behaviour("Replica Set, run basic image")]
    public async Task A_basic_image_is_served_on_each_replica()
    {
        var (ns, set) = await Create("my-hostname-basic", 1);
        await cluster.UntilComplete(set, 1);
        var pods = await cluster.UntilRunning(ns, "my-hostname-basic", 1);
        Assert.All(pods, pod => Assert.True(pod.IsReady() && pod.Text("status.podIP").Length > 0));
    }

    [Fact, Behaviour("Replica Set, adopt matching pods and release non matching pods")]
    public async Task Matching_pods_are_adopted_and_others_released()
    {
        var ns = await cluster.Namespace();
        var pod = $"{Core(ns, "pods")}/pod-adoption-release";
        await cluster.Create(Core(ns, "pods"), Samples.Pod("pod-adoption-release", ""","labels":{"app":"pod-adoption-release"}"""));
        await cluster.Until(pod, found => found.Json.IsReady());
        await cluster.Create(WorkloadsIn(ns, "replicasets"), Workload("ReplicaSet", "pod-adoption-release", """ "replicas":1,"""));
        var set = await cluster.UntilComplete($"{WorkloadsIn(ns, "replicasets")}/pod-adoption-release", 1);
        await cluster.Until(pod, found => found.Json.IsControlledBy(set));

        (await cluster.Patch(pod, """{"metadata":{"labels":{"app":"pod-adoption-release-released"}}}""", Cluster.Strategic)).Is(200);
        await cluster.Until(pod, found => found.Json.HasNoController());
        await cluster.UntilRunning(ns, "pod-adoption-release", 1);
    }

    [Fact, Behaviour("ReplicaSet, completes the scaling of a ReplicaSet subresource")]
    public async Task A_working_scale_subresource()
    {
        var (_, set) = await Create("test-rs", 1);
        await cluster.UntilComplete(set, 1);
        await cluster.ScaleIsServed(set);
    }

    [Fact, Behaviour("ReplicaSet, is created, Replaced and Patched")]
    public async Task Replace_and_patch()
    {
        var (ns, set) = await Create("test-rs", 1);
        await cluster.UntilComplete(set, 1);
        (await cluster.Patch(set + "/scale", """{"spec":{"replicas":2}}""")).Is(200);
        await cluster.UntilComplete(set, 2);
        await cluster.UntilRunning(ns, "test-rs", 2);
        var patched = (await cluster.Patch(set, """
            {"metadata":{"labels":{"test-rs":"patched"}},"spec":{"replicas":3,"template":{"spec":{"terminationGracePeriodSeconds":1,"containers":[{"name":"main","image":"pause:3.9"}]}}}}
            """, Cluster.Strategic)).Is(200);
        Assert.Equal(("3", "pause:3.9"), (patched["spec.replicas"], patched["spec.template.spec.containers.0.image"]));
        await cluster.UntilComplete(set, 3);
        // A replica set's new template is for new pods alone.
        Assert.Equal(["httpd:2.4.38", "httpd:2.4.38", "pause:3.9"], (await cluster.Pods(ns, "test-rs")).Select(p => p.Image()).Order());
    }

    [Fact, Behaviour("ReplicaSet, list and delete a collection of ReplicaSets")]
    public async Task List_and_delete_a_collection_of_ReplicaSets()
    {
        var (ns, set) = await Create("test-rs", 3, ""","annotations":{"a":"b"}""");
        await cluster.UntilComplete(set, 3);
        var all = "/apis/apps/v1/replicasets?labelSelector=app%3Dtest-rs&fieldSelector=metadata.namespace%3D" + ns;
        Assert.Equal(["test-rs"], (await cluster.Get(all)).Is(200).Names);
        (await cluster.Delete($"{WorkloadsIn(ns, "replicasets")}?labelSelector=app%3Dtest-rs", """{"gracePeriodSeconds":1}""")).Is(200);
        await cluster.Until(all, found => found.Items.Count == 0);
    }

    [Fact, Behaviour("ReplicaSet, status sub-resource")]
    public async Task Validate_ReplicaSet_status_endpoints()
    {
        var (ns, set) = await Create("test-rs", 1);
        await cluster.UntilComplete(set, 1);
        await cluster.StatusIsServed(WorkloadsIn(ns, "replicasets"), "test-rs");
    }
}
