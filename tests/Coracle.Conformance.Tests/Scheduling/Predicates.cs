using System.Text.Json.Nodes;
using Coracle.Conformance.Tests.Apps;
using static Coracle.Conformance.Tests.Apps.Steps;

namespace Coracle.Conformance.Tests.Scheduling;

/// <summary>Upstream: test/e2e/scheduling/predicates.go. Each leaves the nodes as it found them, since the tests of this class share them.</summary>
public sealed class Predicates(Cluster cluster) : IClassFixture<Cluster>
{
    private static readonly string[] Nodes = ["sim-0", "sim-1"];

    private Task<Answer> Runs(string ns, string pod) => cluster.Until($"{Core(ns, "pods")}/{pod}", found => found["status.phase"] == "Running");

    private async Task<string> WhyNot(string ns, string pod)
    {
        var waiting = await cluster.Until($"{Core(ns, "pods")}/{pod}", found => found.Json.Condition("PodScheduled")?.Text("status") == "False");
        Assert.Equal(("Unschedulable", ""), (waiting.Json.Condition("PodScheduled")!.Text("reason"), waiting["spec.nodeName"]));
        var message = waiting.Json.Condition("PodScheduled")!.Text("message");
        var events = (await cluster.Get($"{Core(ns, "events")}?fieldSelector=involvedObject.name%3D{pod}")).Is(200).Items;
        Assert.Contains(events, e => e.Text("reason") == "FailedScheduling" && (e.Text("message") == message || e.Text("note") == message));
        return message;
    }

    private async Task Leave(string ns)
    {
        (await cluster.Delete($"/api/v1/namespaces/{ns}")).Is(200);
        await cluster.Gone($"/api/v1/namespaces/{ns}");
    }

    [Fact, Behaviour("Scheduler, resource limits")]
    public async Task Resource_limits_of_pods_that_may_run()
    {
        var ns = await cluster.Namespace();
        foreach (var node in Nodes)
        {
            await cluster.Create(Core(ns, "pods"), Samples.Pod("filler-" + node, spec: $$$""","nodeSelector":{"kubernetes.io/hostname":"{{{node}}}"}""", container: ""","resources":{"requests":{"cpu":"22"},"limits":{"cpu":"22"}}"""));
            await Runs(ns, "filler-" + node);
        }
        await cluster.Create(Core(ns, "pods"), Samples.Pod("additional-pod", container: ""","resources":{"requests":{"cpu":"16"},"limits":{"cpu":"16"}}"""));
        Assert.Equal("0/2 nodes are available: 2 Insufficient cpu. no new claims to deallocate, preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.", await WhyNot(ns, "additional-pod"));
        await Leave(ns);
    }

    [Fact, Behaviour("Scheduler, node selector not matching")]
    public async Task A_node_selector_that_no_node_matches_is_respected()
    {
        var ns = await cluster.Namespace();
        await cluster.Create(Core(ns, "pods"), Samples.Pod("restricted-pod", spec: ""","nodeSelector":{"label":"nonempty"}"""));
        Assert.Equal("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.", await WhyNot(ns, "restricted-pod"));
        await Leave(ns);
    }

    [Fact, Behaviour("Scheduler, node selector matching")]
    public async Task A_node_selector_that_a_node_matches_is_respected()
    {
        var ns = await cluster.Namespace();
        const string key = "kubernetes.io/e2e-selected";
        (await cluster.Patch("/api/v1/nodes/sim-1", new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [key] = "42" } } }.ToJsonString())).Is(200);
        await cluster.Create(Core(ns, "pods"), Samples.Pod("with-labels", spec: $$$""","nodeSelector":{"{{{key}}}":"42"}"""));
        Assert.Equal("sim-1", (await Runs(ns, "with-labels"))["spec.nodeName"]);
        (await cluster.Patch("/api/v1/nodes/sim-1", new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [key] = null } } }.ToJsonString())).Is(200);
        await Leave(ns);
    }

    [Fact, Behaviour("Scheduling, HostPort and Protocol match, HostIPs different but one is default HostIP (0.0.0.0)")]
    public async Task Host_ports_conflict_when_one_is_for_every_address()
    {
        var ns = await cluster.Namespace();
        static string On(string address) => $$$""","ports":[{"containerPort":8080,"hostPort":54322,"hostIP":"{{{address}}}"}]""";
        const string there = ",\"nodeSelector\":{\"kubernetes.io/hostname\":\"sim-0\"}";
        await cluster.Create(Core(ns, "pods"), Samples.Pod("pod4", spec: there, container: On("0.0.0.0")));
        await Runs(ns, "pod4");
        await cluster.Create(Core(ns, "pods"), Samples.Pod("pod5", spec: there, container: On("172.30.0.1")));
        Assert.StartsWith("0/2 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, 1 node(s) didn't match Pod's node affinity/selector.", await WhyNot(ns, "pod5"), StringComparison.Ordinal);
        await Leave(ns);
    }
}
