using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests;

using Node = Coracle.Kinds.Core.V1.Node; // not the namespace Coracle.Node

public sealed class TaintTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static Node Node(params (string Type, string Status)[] conditions)
    {
        var node = Parts.Node("n1");
        node.Status.Conditions = [.. conditions.Select(c => new NodeCondition { Type = c.Type, Status = c.Status })];
        return node;
    }

    private static string[] Wanted(Node node, string? evicting = null) => [.. NodeTaints.Wanted(node, evicting, Noon).Select(t => $"{t.Key}:{t.Effect}")];

    [Theory]
    [InlineData("Ready", "True", null)]
    [InlineData("Ready", "False", "node.kubernetes.io/not-ready:NoSchedule")]
    [InlineData("Ready", "Unknown", "node.kubernetes.io/unreachable:NoSchedule")]
    [InlineData("MemoryPressure", "True", "node.kubernetes.io/memory-pressure:NoSchedule")]
    [InlineData("MemoryPressure", "Unknown", null)]
    [InlineData("DiskPressure", "True", "node.kubernetes.io/disk-pressure:NoSchedule")]
    [InlineData("PIDPressure", "True", "node.kubernetes.io/pid-pressure:NoSchedule")]
    [InlineData("NetworkUnavailable", "True", "node.kubernetes.io/network-unavailable:NoSchedule")]
    public void A_condition_makes_a_taint(string type, string status, string? taint) =>
        Assert.Equal(taint is null ? [] : [taint], Wanted(Node((type, status))));

    [Fact]
    public void A_cordoned_node_has_a_taint_until_it_is_uncordoned()
    {
        var node = Node(("Ready", "True"));
        node.Spec.Unschedulable = true;
        Assert.Equal(["node.kubernetes.io/unschedulable:NoSchedule"], Wanted(node));
        node.Spec.Taints = NodeTaints.Wanted(node, null, Noon);
        node.Spec.Unschedulable = false;
        Assert.Empty(Wanted(node));
    }

    [Fact]
    public void Taints_of_others_stay()
    {
        var node = Node(("Ready", "True"));
        node.Spec.Taints =
        [
            new() { Key = "dedicated", Value = "db", Effect = "NoSchedule" }, new() { Key = "node.kubernetes.io/not-ready", Effect = "NoSchedule" },
            new() { Key = "node.kubernetes.io/disk-pressure", Effect = "NoExecute" },
        ];
        Assert.Equal(["dedicated:NoSchedule", "node.kubernetes.io/disk-pressure:NoExecute"], Wanted(node));
    }

    [Fact]
    public void A_node_that_goes_from_not_ready_to_unreachable_gives_pods_no_new_time()
    {
        var node = Node(("Ready", "Unknown"));
        node.Spec.Taints = [new() { Key = NodeTaints.NotReady, Effect = "NoExecute", TimeAdded = Noon.AddSeconds(-100) }];
        var taint = NodeTaints.Wanted(node, NodeTaints.Unreachable, Noon).Find(t => t.Effect == "NoExecute")!;
        Assert.Equal((NodeTaints.Unreachable, Noon.AddSeconds(-100)), (taint.Key, taint.TimeAdded!.Value));
    }

    [Theory]
    [InlineData("", "", "Exists", null, true)]
    [InlineData("k", "", "Exists", null, true)]
    [InlineData("k", "v", "Equal", null, true)]
    [InlineData("k", "v", "", "NoExecute", true)]
    [InlineData("k", "other", "Equal", null, false)]
    [InlineData("other", "", "Exists", null, false)]
    [InlineData("k", "v", "Equal", "NoSchedule", false)]
    public void Tolerations_match_by_key_value_and_effect(string key, string value, string op, string? effect, bool expected) =>
        Assert.Equal(expected, TaintTolerance.Tolerates(new() { Key = key, Value = value, Operator = op, Effect = effect ?? "" }, new() { Key = "k", Value = "v", Effect = "NoExecute" }));

    [Theory]
    [InlineData(new long[0], null)] // no toleration: now
    [InlineData(new long[] { -1 }, -1L)] // for ever
    [InlineData(new long[] { 300 }, 300L)]
    [InlineData(new long[] { 0 }, null)]
    public void A_pod_stays_for_as_long_as_it_tolerates_the_taint(long[] seconds, long? expected)
    {
        var pod = Parts.Pod("a", "web", "n1");
        pod.Spec.Tolerations = [.. seconds.Select(s => new Toleration { Key = "k", Operator = "Exists", TolerationSeconds = s < 0 ? null : s })];
        var until = TaintTolerance.Until(pod, [new() { Key = "k", Effect = "NoExecute", TimeAdded = Noon }, new() { Key = "x", Effect = "NoSchedule" }], Noon);
        Assert.Equal(expected switch { null => DateTimeOffset.MinValue, -1 => null, { } s => Noon.AddSeconds(s) }, until);
    }

    [Theory]
    // ready, not ready -> nodes per second
    [InlineData(3, 1, 0.1)]
    [InlineData(0, 3, 0.1)]
    [InlineData(2, 2, 0.1)]
    [InlineData(2, 3, 0.0)]
    [InlineData(30, 40, 0.01)]
    [InlineData(40, 30, 0.1)]
    public void A_zone_loses_nodes_slower_the_more_of_them_are_ill(int ready, int notReady, double expected) =>
        Assert.Equal(expected, new ZoneHealth(ready, notReady).Rate(new()));
}
