using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests.Nodes;

using Node = Coracle.Kinds.Core.V1.Node;

public sealed class NodeTtlTests
{
    [Theory]
    // From which step, at which size, to which step: up at the upper bound, down at the lower.
    [InlineData(0, 100, 0)]
    [InlineData(0, 101, 15)]
    [InlineData(1, 90, 15)]
    [InlineData(1, 89, 0)]
    [InlineData(0, 501, 30)]
    [InlineData(0, 5000, 300)]
    [InlineData(4, 1800, 300)]
    [InlineData(4, 1799, 60)]
    public void The_more_nodes_the_longer_may_they_keep_what_they_read(int step, int nodes, int seconds) =>
        Assert.Equal(seconds, NodeTtlReconciler.Seconds(NodeTtlReconciler.StepFor(step, nodes)));

    [Fact]
    public void Every_node_is_told()
    {
        var cluster = new SimulatedCluster(1, NodeTtlReconciler.NewController);
        cluster.Create(new Node { Metadata = new() { Name = "n1" } });
        cluster.Until(() => cluster.Get<Node>("", "n1").Metadata.Annotations?.GetValueOrDefault("node.alpha.kubernetes.io/ttl") == "0", 10, "the annotation");
    }

    [Fact]
    public void With_the_hundred_and_first_node_all_are_told_anew()
    {
        var cluster = new SimulatedCluster(1, NodeTtlReconciler.NewController);
        for (var i = 0; i < 101; i++) cluster.Create(new Node { Metadata = new() { Name = $"n{i}" } });
        cluster.Until(() => cluster.List<Node>("").All(n => n.Metadata.Annotations?.GetValueOrDefault("node.alpha.kubernetes.io/ttl") == "15"), 120, "fifteen seconds");
    }
}
