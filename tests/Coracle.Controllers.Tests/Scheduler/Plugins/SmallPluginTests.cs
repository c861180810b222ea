using Coracle.Controllers.Scheduling;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests.Scheduling.Plugins;

public sealed class NodeNameTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("n", "")]
    [InlineData("other", "node(s) didn't match the requested node name (for good)")]
    public void A_pod_that_names_a_node_fits_no_other(string name, string says) =>
        Assert.Equal(says, PluginRig.Of(new NodeName(), (Objects.Node("n"), [])).Filter(Objects.Pod("p", change: s => s.NodeName = name))["n"]);
}

public sealed class NodeUnschedulableTests
{
    [Theory]
    [InlineData(false, null, "")]
    [InlineData(true, null, "node(s) were unschedulable (for good)")]
    [InlineData(true, "node.kubernetes.io/unschedulable", "")]
    [InlineData(true, "node.kubernetes.io/not-ready", "node(s) were unschedulable (for good)")]
    public void A_cordoned_node_takes_those_that_tolerate_it(bool cordoned, string? tolerated, string says)
    {
        var node = Objects.Node("n");
        node.Spec.Unschedulable = cordoned;
        var pod = Objects.Pod("p", change: s => s.Tolerations = tolerated is null ? null : [new() { Key = tolerated, Operator = "Exists" }]);
        Assert.Equal(says, PluginRig.Of(new NodeUnschedulable(), (node, [])).Filter(pod)["n"]);
    }
}

public sealed class NodePortsTests
{
    private static Pod Pod(params (int Port, string Protocol, string Address)[] ports) => Objects.Pod("p", change: s => s.Containers![0].Ports =
        [.. ports.Select(p => new ContainerPort { ContainerPortValue = 80, HostPort = p.Port, Protocol = p.Protocol, HostIP = p.Address })]);

    public static TheoryData<string, Pod, Pod, bool> Ports => new()
    {
        { "another port", Pod((80, "TCP", "")), Pod((81, "TCP", "")), true },
        { "the same port", Pod((80, "TCP", "")), Pod((80, "TCP", "")), false },
        { "another protocol", Pod((80, "TCP", "")), Pod((80, "UDP", "")), true },
        { "other addresses", Pod((80, "TCP", "10.0.0.1")), Pod((80, "TCP", "10.0.0.2")), true },
        { "the same address", Pod((80, "TCP", "10.0.0.1")), Pod((80, "TCP", "10.0.0.1")), false },
        { "all addresses", Pod((80, "TCP", "10.0.0.1")), Pod((80, "TCP", "0.0.0.0")), false },
        { "one of several", Pod((80, "TCP", ""), (81, "TCP", "")), Pod((90, "TCP", ""), (81, "TCP", "")), false },
        { "no host port", Pod((0, "TCP", "")), Pod((0, "TCP", "")), true },
    };

    [Theory]
    [MemberData(nameof(Ports))]
    public void A_port_of_a_node_is_given_once(string why, Pod wanting, Pod there, bool fits) =>
        Assert.True((fits ? "" : "node(s) didn't have free ports for the requested pod ports") == PluginRig.Of(new NodePorts(), (Objects.Node("n"), [there])).Filter(wanting)["n"], why);
}

public sealed class ImageLocalityTests
{
    private const long Megabyte = 1024 * 1024;

    [Fact]
    public void Nodes_that_have_more_of_the_images_are_better()
    {
        var (has, hasBoth, none) = (Objects.Node("a"), Objects.Node("b"), Objects.Node("c"));
        has.Status.Images = [new() { Names = ["small:1"], SizeBytes = 200 * Megabyte }];
        hasBoth.Status.Images = [new() { Names = ["small:1"], SizeBytes = 200 * Megabyte }, new() { Names = ["large:latest"], SizeBytes = 1500 * Megabyte }];
        var rig = PluginRig.Of(new ImageLocality(), (has, []), (hasBoth, []), (none, []));
        var pod = Objects.Pod("p", change: s => s.Containers = [new() { Name = "x", Image = "small:1" }, new() { Name = "y", Image = "large" }]);
        // small is on two of three nodes: 133 MB; large on one: 500 MB; of 2000 MB at most, 23 MB count as none.
        Assert.Equal([100 * (133 - 23) / 1977, 100 * (633 - 23) / 1977, 0], rig.Score(pod)!);
        Assert.Null(rig.Score(Objects.Pod("q")));
    }
}

public sealed class SchedulingGatesTests
{
    [Fact]
    public void A_pod_with_gates_is_held_back_and_the_gates_are_named()
    {
        var gates = new SchedulingGates();
        Assert.True(gates.PreEnqueue(Objects.Pod("p")).IsOk);
        Assert.Equal("waiting for scheduling gates: [a b]", gates.PreEnqueue(Objects.Pod("p", change: s => s.SchedulingGates = [new() { Name = "a" }, new() { Name = "b" }])).Message);
    }
}
