using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests.Scheduling;

/// <summary>Pods that say nothing of how they are to be spread, on a large node and a small one.</summary>
public sealed class DefaultSpreadTests
{
    private readonly SchedulerSimulation s = new();

    public DefaultSpreadTests()
    {
        s.Add(Objects.Node("large", cpu: "64", memory: "64Gi", labels: ("topology.kubernetes.io/zone", "z1")));
        s.Add(Objects.Node("small", cpu: "4", memory: "4Gi", labels: ("topology.kubernetes.io/zone", "z2")));
    }

    private string[] NodesOf(params string[] names) => [.. names.Select(name =>
    {
        var pod = Objects.Pod(name, cpu: "100m", memory: "100Mi");
        pod.Metadata.Labels = new() { ["app"] = "web" };
        s.Place(pod);
        return s.NodeOf(name);
    })];

    [Fact]
    public void Those_of_a_service_are_spread_over_nodes_and_zones()
    {
        s.Cluster.Create(new Service { Metadata = new() { Namespace = "default", Name = "web" }, Spec = new() { Selector = new() { ["app"] = "web" }, Ports = [new() { Port = 80 }] } });
        s.Cluster.Pass(1);
        Assert.Equal(["large", "small"], NodesOf("a", "b").Order());
    }

    [Fact]
    public void Those_that_belong_to_nobody_go_where_there_is_most_room() => Assert.Equal(["large", "large", "large"], NodesOf("a", "b", "c"));
}
