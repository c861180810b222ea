using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Coordination.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests;

using Node = Coracle.Kinds.Core.V1.Node; // not the namespace Coracle.Node

public sealed class NodeLifecycleTests
{
    private static readonly Func<InformerSet, Controller>[] Controllers = [informers => NodeLifecycleReconciler.NewController(informers), TaintEvictionReconciler.NewController];

    private readonly SimulatedCluster cluster = new(9, Controllers);
    private readonly HashSet<string> silent = [];

    private DateTimeOffset Now => cluster.Loop.Time.GetUtcNow();

    private void AddNodes(params string[] names)
    {
        foreach (var name in names)
        {
            cluster.Create(Parts.Node(name, "east"));
            cluster.Create(new Lease { Metadata = new() { Namespace = "kube-node-lease", Name = name }, Spec = new() { HolderIdentity = name, RenewTime = Now } });
            Post(name, "True");
        }
    }

    private void Post(string name, string ready) => cluster.ChangeStatus<Node>("", name, node => node.Status.Conditions =
    [
        .. new[] { "MemoryPressure", "DiskPressure", "PIDPressure" }.Select(type => new NodeCondition { Type = type, Status = "False", LastHeartbeatTime = Now, LastTransitionTime = Now }),
        new() { Type = "Ready", Status = ready, Reason = "KubeletReady", LastHeartbeatTime = Now, LastTransitionTime = Now },
    ]);

    /// <summary>Time passes, in which nodes that are not silent renew their leases.</summary>
    private void Pass(int seconds)
    {
        for (var i = 0; i < seconds; i += 5)
        {
            foreach (var node in cluster.List<Node>("").Select(n => n.Metadata.Name).Where(n => !silent.Contains(n)))
                cluster.Change<Lease>("kube-node-lease", node, lease => lease.Spec.RenewTime = Now);
            cluster.Pass(5);
        }
    }

    private void AddPod(string name, string node, long? tolerates = 300)
    {
        var pod = Parts.Pod(name, "web", node);
        if (tolerates is { } seconds)
            pod.Spec.Tolerations = [.. new[] { NodeTaints.NotReady, NodeTaints.Unreachable }.Select(key => new Toleration { Key = key, Operator = "Exists", Effect = "NoExecute", TolerationSeconds = seconds })];
        cluster.Create(pod);
        cluster.ChangeStatus<Pod>("default", name, p => Parts.Run(p, "10.1.0.1", ready: true, Now));
    }

    private Node Node(string name) => cluster.Get<Node>("", name);
    private NodeCondition Condition(string node, string type) => Node(node).Status.Conditions!.Find(c => c.Type == type)!;
    private string[] Taints(string node) => [.. (Node(node).Spec.Taints ?? []).Select(t => $"{t.Key["node.kubernetes.io/".Length..]}:{t.Effect}").Order(StringComparer.Ordinal)];
    private bool IsEvicted(string pod) => cluster.Find<Pod>("default", pod) is not { Metadata.DeletionTimestamp: null };

    [Fact]
    public void A_node_that_falls_silent_is_unknown_after_forty_seconds_and_not_before()
    {
        AddNodes("n1", "n2");
        Pass(60);
        silent.Add("n1"); // last heard of five seconds ago
        Pass(30);
        Assert.Equal("True", Condition("n1", "Ready").Status);
        Pass(10);
        var ready = Condition("n1", "Ready");
        Assert.Equal(("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."), (ready.Status, ready.Reason, ready.Message));
        Assert.All(["MemoryPressure", "DiskPressure", "PIDPressure"], (string type) => Assert.Equal("Unknown", Condition("n1", type).Status));
        Assert.Equal(["unreachable:NoExecute", "unreachable:NoSchedule"], Taints("n1"));
        Assert.Equal("True", Condition("n2", "Ready").Status);
        Assert.Contains(cluster.List<Event>(), e => e.Reason == "NodeNotReady" && e.Message == "Node n1 status is now: NodeNotReady");
    }

    [Fact]
    public void Pods_of_an_unreachable_node_are_not_ready_and_are_evicted_when_their_time_is_up()
    {
        AddNodes("n1", "n2");
        AddPod("patient", "n1");
        AddPod("impatient", "n1", tolerates: 30);
        AddPod("elsewhere", "n2");
        Pod? last = null;
        cluster.Watch<Pod>(delta => last = delta.New is { Metadata.Name: "patient" } pod ? pod : last);
        Pass(10);
        silent.Add("n1");
        Pass(45);
        Assert.False(PodEndpoint.IsReady(cluster.Get<Pod>("default", "patient")));
        Assert.True(PodEndpoint.IsReady(cluster.Get<Pod>("default", "elsewhere")));
        Pass(40);
        Assert.True(IsEvicted("impatient"));
        Assert.False(IsEvicted("patient"));
        Pass(230);
        Assert.False(IsEvicted("patient"));
        Pass(45);
        Assert.True(IsEvicted("patient"));
        Assert.False(IsEvicted("elsewhere"));
        var target = last!.Status.Conditions!.Find(c => c.Type == "DisruptionTarget")!;
        Assert.Equal(("True", "DeletionByTaintManager"), (target.Status, target.Reason));
        Assert.Contains(cluster.List<Event>(), e => e is { Reason: "TaintManagerEviction", Message: "Marking for deletion Pod default/patient" });
    }

    [Fact]
    public void A_node_that_comes_back_keeps_its_pods()
    {
        AddNodes("n1", "n2");
        AddPod("a", "n1");
        Pass(10);
        silent.Add("n1");
        Pass(100);
        silent.Remove("n1");
        Post("n1", "True");
        Pass(400);
        Assert.Empty(Taints("n1"));
        Assert.False(IsEvicted("a"));
        Assert.Contains(cluster.List<Event>(), e => e is { Reason: "TaintManagerEviction", Message: "Cancelling deletion of Pod default/a" });
        Assert.Empty(cluster.Faults);
    }

    [Fact]
    public void A_node_that_says_it_is_not_ready_is_tainted_and_another_word_once_it_falls_silent()
    {
        AddNodes("n1", "n2");
        Post("n1", "False");
        Pass(10);
        Assert.Equal(["not-ready:NoExecute", "not-ready:NoSchedule"], Taints("n1"));
        silent.Add("n1");
        Pass(50);
        Assert.Equal(["unreachable:NoExecute", "unreachable:NoSchedule"], Taints("n1"));
    }

    [Fact]
    public void When_no_node_is_ready_nobody_is_evicted()
    {
        AddNodes("n1", "n2");
        AddPod("a", "n1");
        Pass(10);
        silent.UnionWith(["n1", "n2"]);
        Pass(400);
        Assert.Equal(["unreachable:NoSchedule"], Taints("n1"));
        Assert.False(IsEvicted("a"));
    }

    [Fact]
    public void Nodes_lose_their_pods_one_every_ten_seconds()
    {
        AddNodes("n1", "n2", "n3", "n4", "n5");
        Pass(10);
        silent.UnionWith(["n1", "n2"]);
        var tainted = new List<int>();
        for (var at = 0; at < 90; at += 5)
        {
            Pass(5);
            tainted.Add(cluster.List<Node>("").Count(n => NodeTaints.Has(n, NodeTaints.Unreachable, "NoExecute")));
        }
        Assert.Equal([0, 1, 2], tainted.Distinct());
        Assert.InRange(tainted.Count(t => t == 1), 2, 3);
    }

    [Fact]
    public void A_small_zone_of_which_most_is_ill_is_let_be()
    {
        AddNodes("n1", "n2", "n3", "n4", "n5");
        Pass(10);
        silent.UnionWith(["n1", "n2", "n3"]);
        Pass(300);
        // One had its taint before the others fell silent, at most.
        Assert.InRange(cluster.List<Node>("").Count(n => NodeTaints.Has(n, NodeTaints.Unreachable, "NoExecute")), 0, 1);
        Assert.Equal(3, cluster.List<Node>("").Count(n => NodeTaints.Has(n, NodeTaints.Unreachable, "NoSchedule")));
    }

    [Fact]
    public void A_node_that_never_says_anything_has_a_minute()
    {
        AddNodes("n2");
        cluster.Create(Parts.Node("n1"));
        silent.Add("n1");
        Pass(55);
        Assert.Null(Node("n1").Status.Conditions);
        Pass(10);
        Assert.Equal(("Unknown", "NodeStatusNeverUpdated"), (Condition("n1", "Ready").Status, Condition("n1", "Ready").Reason));
    }

    [Fact]
    public void Cordoning_taints_a_node()
    {
        AddNodes("n1");
        cluster.Change<Node>("", "n1", node => node.Spec.Unschedulable = true);
        Pass(5);
        Assert.Equal(["unschedulable:NoSchedule"], Taints("n1"));
        cluster.Change<Node>("", "n1", node => node.Spec.Unschedulable = false);
        Pass(5);
        Assert.Empty(Taints("n1"));
    }

    [Fact]
    public void A_restart_of_the_controllers_gives_pods_no_new_time()
    {
        AddNodes("n1", "n2");
        AddPod("a", "n1");
        Pass(10);
        silent.Add("n1");
        Pass(200);
        cluster.RestartControllers(Controllers);
        Pass(120);
        Assert.False(IsEvicted("a"));
        Pass(30);
        Assert.True(IsEvicted("a"));
    }

    [Fact]
    public void A_taint_set_by_hand_evicts_those_who_do_not_tolerate_it()
    {
        AddNodes("n1");
        AddPod("stays", "n1");
        AddPod("goes", "n1");
        cluster.Change<Pod>("default", "stays", pod => pod.Spec.Tolerations!.Add(new() { Key = "maintenance", Operator = "Exists" }));
        cluster.Change<Node>("", "n1", node => (node.Spec.Taints ??= []).Add(new() { Key = "maintenance", Effect = "NoExecute" }));
        Pass(5);
        Assert.Equal((true, false), (IsEvicted("goes"), IsEvicted("stays")));
    }
}
