using System.Net;
using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests;

using Node = Coracle.Kinds.Core.V1.Node; // not the namespace Coracle.Node

public sealed class NodeRangeTests
{
    private static Controller Ranges(InformerSet informers) => NodeRangeReconciler.NewController(informers, IPNetwork.Parse("10.244.0.0/20"));

    [Fact]
    public void Every_node_has_a_range_of_its_own_and_keeps_it_when_the_controller_restarts()
    {
        var cluster = new SimulatedCluster(6, Ranges);
        for (var i = 0; i < 8; i++) cluster.Create(Parts.Node($"n{i}"));
        cluster.Pass(0.2);
        var before = cluster.List<Node>("").ToDictionary(n => n.Metadata.Name, n => n.Spec.PodCIDR);
        Assert.Equal(8, before.Values.Distinct().Count());
        Assert.All(cluster.List<Node>(""), n => Assert.Equal([n.Spec.PodCIDR], n.Spec.PodCIDRs));
        cluster.RestartControllers(Ranges);
        for (var i = 8; i < 16; i++) cluster.Create(Parts.Node($"n{i}"));
        cluster.Pass(0.2);
        var after = cluster.List<Node>("").ToDictionary(n => n.Metadata.Name, n => n.Spec.PodCIDR);
        Assert.Equal(16, after.Values.Distinct().Count());
        Assert.All(before, b => Assert.Equal(b.Value, after[b.Key]));
        Assert.Empty(cluster.Faults);
    }

    [Fact]
    public void A_node_that_finds_no_range_left_gets_one_when_another_goes()
    {
        var cluster = new SimulatedCluster(7, Ranges);
        for (var i = 0; i < 17; i++) cluster.Create(Parts.Node($"n{i:D2}"));
        cluster.Pass(1);
        var without = Assert.Single(cluster.List<Node>(""), n => n.Spec.PodCIDR.Length == 0);
        Assert.Contains(cluster.List<Event>(), e => e.Reason == "CIDRNotAvailable" && e.InvolvedObject.Name == without.Metadata.Name);
        cluster.Delete<Node>("", cluster.List<Node>("").First(n => n.Spec.PodCIDR.Length > 0).Metadata.Name);
        cluster.Pass(1);
        Assert.All(cluster.List<Node>(""), n => Assert.NotEqual("", n.Spec.PodCIDR));
    }

    [Fact]
    public void Ranges_that_nodes_brought_along_are_not_given_to_others()
    {
        var cluster = new SimulatedCluster(8, Ranges);
        var node = Parts.Node("own");
        (node.Spec.PodCIDR, node.Spec.PodCIDRs) = ("10.244.0.0/21", ["10.244.0.0/21"]);
        cluster.Create(node);
        cluster.Create(Parts.Node("other"));
        cluster.Pass(0.2);
        Assert.Equal("10.244.8.0/24", cluster.Get<Node>("", "other").Spec.PodCIDR);
    }

    [Fact]
    public void A_node_without_a_range_is_looked_at_again_when_one_is_free_and_not_when_others_only_live_on()
    {
        var ledger = new RangeLedger(new AddressRanges(IPNetwork.Parse("10.244.0.0/23"), 24));
        var (a, b, c) = (With("a", "10.244.0.0/24"), With("b", "10.244.1.0/24"), Parts.Node("c"));
        Assert.False(ledger.Saw("a", a));
        Assert.False(ledger.Saw("b", b));
        Assert.True(ledger.Saw("c", c));
        Assert.Equal((c, null), Assert.Single(ledger.Choose()));
        Assert.False(ledger.Saw("a", a.DeepCopy()));
        Assert.False(ledger.Saw("c", c.DeepCopy()));
        Assert.True(ledger.Saw("b", null));
        Assert.Equal(1, Assert.Single(ledger.Choose()).Range);
    }

    private static Node With(string name, string range)
    {
        var node = Parts.Node(name);
        (node.Spec.PodCIDR, node.Spec.PodCIDRs) = (range, [range]);
        return node;
    }
}
