using System.Text.Json.Nodes;
using static Coracle.Conformance.Tests.Apps.Steps;

namespace Coracle.Conformance.Tests.Apps;

/// <summary>Upstream: test/e2e/apps/statefulset.go; its rollouts are in <see cref="StatefulRollouts"/>.</summary>
public sealed class StatefulSets(Cluster cluster) : IClassFixture<Cluster>
{
    private async Task<(string Ns, string Set)> Create(int replicas, string spec = "", string name = "ss", string container = Probe, string pod = "")
    {
        var ns = await cluster.Namespace();
        await cluster.Create(Core(ns, "services"), """{"metadata":{"name":"test"},"spec":{"clusterIP":"None","selector":{"app":"ss"},"ports":[{"port":80,"name":"http"}]}}""");
        await cluster.Create(WorkloadsIn(ns, "statefulsets"), Workload("StatefulSet", name, $""" "serviceName":"test","replicas":{replicas},{spec}""", Template(name, Container(more: container), pod)));
        return (ns, $"{WorkloadsIn(ns, "statefulsets")}/{name}");
    }

    private async Task Scale(string set, int replicas) => (await cluster.Patch(set + "/scale", $$$"""{"spec":{"replicas":{{{replicas}}}}}""")).Is(200);

    private async Task BreaksDown(string ns, string set, int running)
    {
        cluster.Programs.Break(ns);
        await cluster.UntilPods(ns, "ss", pods => pods.Count == running && pods.All(p => p.Runs() && !p.IsReady()));
        await cluster.Until(set, found => Number(found, "readyReplicas") == 0);
    }

    /// <summary>The pods of a namespace that a watch saw added or deleted, in order, until as many as are asked for.</summary>
    private static async Task<IReadOnlyList<string>> Next(Watching watch, string type, int count)
    {
        var seen = new List<string>();
        while (seen.Count < count) seen.Add((await watch.Until(e => e.Type == type)).Name);
        return seen;
    }

    [Fact, Behaviour("StatefulSet, Scaling")]
    public async Task Scaling_happens_in_order_and_halts_while_a_pod_is_unhealthy()
    {
        var (ns, set) = await Create(1);
        await cluster.UntilComplete(set, 1);
        await using var watch = await cluster.Watch(Core(ns, "pods"));
        await BreaksDown(ns, set, 1);
        await Scale(set, 3);
        await cluster.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Single(await cluster.Pods(ns, "ss"));

        cluster.Programs.Restore(ns);
        await cluster.UntilComplete(set, 3);
        Assert.Equal(["ss-0", "ss-1", "ss-2"], await Next(watch, "ADDED", 3));

        await BreaksDown(ns, set, 3);
        await Scale(set, 0);
        await cluster.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(3, (await cluster.Pods(ns, "ss")).Count);

        cluster.Programs.Restore(ns);
        await cluster.UntilComplete(set, 0);
        Assert.Equal(["ss-2", "ss-1", "ss-0"], await Next(watch, "DELETED", 3));
    }

    [Fact, Behaviour("StatefulSet, Burst Scaling")]
    public async Task Burst_scaling_runs_to_completion_even_with_unhealthy_pods()
    {
        var (ns, set) = await Create(1, """ "podManagementPolicy":"Parallel",""");
        await cluster.UntilComplete(set, 1);
        await BreaksDown(ns, set, 1);
        await Scale(set, 3);
        await cluster.UntilPods(ns, "ss", pods => pods.Count == 3);

        cluster.Programs.Restore(ns);
        await cluster.UntilComplete(set, 3);
        await BreaksDown(ns, set, 3);
        await Scale(set, 0);
        await cluster.UntilPods(ns, "ss", pods => pods.Count == 0);
        await cluster.UntilComplete(set, 0);
    }

    // The node agent does not refuse pods whose ports are taken yet: the test says what it would.
    [Fact, Behaviour("StatefulSet, Recreate Failed Pod")]
    public async Task A_pod_that_a_node_refused_is_deleted_and_made_again()
    {
        var (ns, set) = await Create(1, container: ""","ports":[{"name":"conflict","hostPort":21017,"containerPort":21017}]""", pod: ""","nodeName":"sim-0" """);
        await cluster.UntilComplete(set, 1);
        var pod = $"{Core(ns, "pods")}/ss-0";
        var refused = (await cluster.Get(pod)).Uid;
        await cluster.Update(pod + "/status", found => found["status"] = JsonNode.Parse("""
            {"phase":"Failed","reason":"NodePorts","message":"Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports"}
            """));
        await cluster.Until(pod, found => found.Code == 200 && found.Uid != refused && found["status.phase"] == "Running");
        await cluster.UntilComplete(set, 1);
    }

    [Fact, Behaviour("StatefulSet resource Replica scaling")]
    public async Task A_working_scale_subresource()
    {
        var (_, set) = await Create(1);
        await cluster.UntilComplete(set, 1);
        await cluster.ScaleIsServed(set);
    }

    [Fact, Behaviour("StatefulSet, list, patch and delete a collection of StatefulSets")]
    public async Task List_patch_and_delete_a_collection_of_StatefulSets()
    {
        var (ns, set) = await Create(1, name: "test-ss");
        await cluster.UntilComplete(set, 1);
        var patched = (await cluster.Patch(set, """
            {"metadata":{"labels":{"test-ss":"patched"}},"spec":{"replicas":2,"template":{"spec":{"terminationGracePeriodSeconds":1,"containers":[{"name":"main","image":"pause:3.9"}]}}}}
            """, Cluster.Strategic)).Is(200);
        Assert.Equal(("2", "pause:3.9"), (patched["spec.replicas"], patched["spec.template.spec.containers.0.image"]));
        await cluster.UntilComplete(set, 2);
        await cluster.Until(set, found => found["status.currentRevision"] == found["status.updateRevision"]);
        Assert.Equal(["test-ss"], (await cluster.Get("/apis/apps/v1/statefulsets?labelSelector=test-ss%3Dpatched")).Is(200).Names);
        (await cluster.Delete($"{WorkloadsIn(ns, "statefulsets")}?labelSelector=test-ss%3Dpatched", """{"gracePeriodSeconds":1}""")).Is(200);
        await cluster.Until("/apis/apps/v1/statefulsets?labelSelector=test-ss%3Dpatched", found => found.Items.Count == 0);
    }

    [Fact, Behaviour("StatefulSet, status sub-resource")]
    public async Task Validate_StatefulSet_status_endpoints()
    {
        var (ns, set) = await Create(1);
        await cluster.UntilComplete(set, 1);
        await cluster.StatusIsServed(WorkloadsIn(ns, "statefulsets"), "ss");
    }
}
