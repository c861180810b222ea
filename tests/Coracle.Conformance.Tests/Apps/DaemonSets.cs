using System.Text.Json.Nodes;
using static Coracle.Conformance.Tests.Apps.Steps;

namespace Coracle.Conformance.Tests.Apps;

/// <summary>Upstream: test/e2e/apps/daemon_set.go.</summary>
public sealed class DaemonSets(Cluster cluster) : IClassFixture<Cluster>
{
    private const string Name = "daemon-set";

    private async Task<(string Ns, string Set)> Create(string spec = "", string? template = null, string meta = "")
    {
        var ns = await cluster.Namespace();
        await cluster.Create(WorkloadsIn(ns, "daemonsets"), Workload("DaemonSet", Name, spec, template, meta));
        return (ns, $"{WorkloadsIn(ns, "daemonsets")}/{Name}");
    }

    /// <summary>One ready pod on each of these nodes, and the status says so.</summary>
    private async Task<IReadOnlyList<JsonObject>> RunsOn(string ns, params string[] nodes)
    {
        var pods = await cluster.UntilPods(ns, Name, pods => pods.All(p => p.Runs() && p.IsReady()) && pods.Select(p => p.Text("spec.nodeName")).Order().SequenceEqual(nodes));
        await cluster.Until($"{WorkloadsIn(ns, "daemonsets")}/{Name}", found => new[] { "desiredNumberScheduled", "currentNumberScheduled", "numberReady" }.All(f => Number(found, f) == nodes.Length));
        return pods;
    }

    private Task<IReadOnlyList<JsonObject>> RunsOnAll(string ns) => RunsOn(ns, "sim-0", "sim-1");

    private async Task Label(string node, string? colour) => (await cluster.Patch($"/api/v1/nodes/{node}", new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["daemonset-color"] = colour } } }.ToJsonString())).Is(200);

    private Task SetImage(string set, string image) => cluster.Update(set, found => found["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = image);

    private async Task<IEnumerable<string>> Revisions(string ns) => (await cluster.Get(WorkloadsIn(ns, "controllerrevisions"))).Is(200).Items.Select(r => r.Text("revision")).Order();

    [Fact, Behaviour("DaemonSet-Creation")]
    public async Task Run_and_stop_a_simple_daemon()
    {
        var (ns, _) = await Create();
        var pods = await RunsOnAll(ns);
        (await cluster.Delete($"{Core(ns, "pods")}/{pods[0].Name()}")).Is(200);
        await cluster.Gone($"{Core(ns, "pods")}/{pods[0].Name()}");
        await RunsOnAll(ns);
    }

    [Fact, Behaviour("DaemonSet-NodeSelection")]
    public async Task Run_and_stop_a_complex_daemon()
    {
        var (ns, set) = await Create(template: Template(Name, pod: ""","nodeSelector":{"daemonset-color":"blue"}"""));
        await RunsOn(ns);
        await Label("sim-1", "blue");
        await RunsOn(ns, "sim-1");
        await Label("sim-1", "green");
        await RunsOn(ns);
        (await cluster.Patch(set, """{"spec":{"template":{"spec":{"nodeSelector":{"daemonset-color":"green"}}},"updateStrategy":{"type":"RollingUpdate"}}}""", Cluster.Strategic)).Is(200);
        await RunsOn(ns, "sim-1");
        await Label("sim-1", null);
    }

    [Fact, Behaviour("DaemonSet-FailedPodCreation")]
    public async Task Failed_daemon_pods_are_made_again()
    {
        var (ns, _) = await Create();
        var pods = await RunsOnAll(ns);
        var failed = $"{Core(ns, "pods")}/{pods[0].Name()}";
        await cluster.Update(failed + "/status", found => found["status"] = JsonNode.Parse("""{"phase":"Failed"}"""));
        await cluster.Gone(failed);
        await RunsOnAll(ns);
    }

    [Fact, Behaviour("DaemonSet-RollingUpdate")]
    public async Task Pods_are_updated_when_the_spec_was()
    {
        var (ns, set) = await Create(""" "updateStrategy":{"type":"RollingUpdate"},""");
        await RunsOnAll(ns);
        Assert.Equal(["1"], await Revisions(ns));
        await SetImage(set, New);
        await cluster.UntilPods(ns, Name, pods => pods.Count == 2 && pods.All(p => p.Runs() && p.IsReady() && p.Image() == New));
        await RunsOnAll(ns);
        Assert.Equal(["1", "2"], await Revisions(ns));
    }

    [Fact, Behaviour("DaemonSet-Rollback")]
    public async Task A_rollback_restarts_nothing_without_need()
    {
        var (ns, set) = await Create(""" "updateStrategy":{"type":"RollingUpdate"},""");
        var before = await RunsOnAll(ns);
        await SetImage(set, Missing);
        await cluster.UntilPods(ns, Name, pods => pods.Any(p => p.Image() == Missing) && pods.Any(p => p.Image() == Old && p.IsReady()));
        var kept = (await cluster.Pods(ns, Name)).Where(p => p.Image() == Old && p.Runs()).Select(p => p.Uid()).ToList();
        Assert.Single(kept);
        Assert.Contains(kept[0], before.Select(p => p.Uid()));
        await SetImage(set, Old);
        var after = await RunsOnAll(ns);
        Assert.Contains(kept[0], after.Select(p => p.Uid()));
        Assert.All(after, pod => Assert.Equal((Old, "0"), (pod.Image(), pod.Text("status.containerStatuses.0.restartCount"))));
    }

    [Fact, Behaviour("DaemonSet, list and delete a collection of DaemonSets")]
    public async Task List_and_delete_a_collection_of_DaemonSets()
    {
        var (ns, _) = await Create(meta: ",\"annotations\":{\"a\":\"b\"}");
        await RunsOnAll(ns);
        Assert.Contains(Name, (await cluster.Get($"/apis/apps/v1/daemonsets?labelSelector=app%3D{Name}")).Is(200).Names);
        (await cluster.Delete($"{WorkloadsIn(ns, "daemonsets")}?labelSelector=app%3D{Name}", """{"gracePeriodSeconds":0}""")).Is(200);
        await cluster.Until(WorkloadsIn(ns, "daemonsets"), found => found.Items.Count == 0);
        await cluster.UntilPods(ns, Name, pods => pods.Count == 0);
    }

    [Fact, Behaviour("DaemonSet, status sub-resource")]
    public async Task Changes_to_a_status_are_seen()
    {
        var (ns, _) = await Create();
        await RunsOnAll(ns);
        await cluster.StatusIsServed(WorkloadsIn(ns, "daemonsets"), Name);
    }
}
