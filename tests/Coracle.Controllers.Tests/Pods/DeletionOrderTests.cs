using Coracle.Controllers.Pods;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests.Pods;

public sealed class DeletionOrderTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static Pod Make(string name, string node = "n1", string phase = "Running", TimeSpan? ready = null, string? cost = null, int restarts = 0, double age = 3600) => new()
    {
        Metadata = new()
        {
            Name = name, Uid = name, CreationTimestamp = Now.AddSeconds(-age),
            Annotations = cost is null ? null : new() { [DeletionOrder.CostAnnotation] = cost },
        },
        Spec = new() { NodeName = node },
        Status = new()
        {
            Phase = phase, ContainerStatuses = [new() { Name = "main", RestartCount = restarts }],
            Conditions = ready is { } since ? [new() { Type = "Ready", Status = "True", LastTransitionTime = Now - since }] : null,
        },
    };

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static TheoryData<string, Pod, Pod> Table => new()
    {
        { "without a node before with one", Make("first", node: "", phase: "Pending"), Make("second", phase: "Pending") },
        { "pending before unknown", Make("first", phase: "Pending"), Make("second", phase: "Unknown") },
        { "unknown before running", Make("first", phase: "Unknown"), Make("second") },
        { "not ready before ready", Make("first", cost: "100"), Make("second", ready: Hour, cost: "-100") },
        { "lower cost before higher", Make("first", ready: Hour, cost: "-5"), Make("second", ready: Hour) },
        { "a cost that is no number is none", Make("first", ready: Hour, cost: "+7"), Make("second", ready: Hour, cost: "1") },
        { "on a crowded node before alone", Make("first", ready: Hour), Make("second", node: "n2", ready: Hour) },
        { "ready for a shorter time first", Make("first", ready: TimeSpan.FromMinutes(1)), Make("second", ready: Hour) },
        { "more restarts before fewer", Make("first", ready: Hour, restarts: 3), Make("second", ready: Hour) },
        { "younger before older", Make("first", age: 60), Make("second", age: 3600) },
        { "about the same age: by uid", Make("first", age: 3600), Make("second", age: 3000) },
    };

    [Theory, MemberData(nameof(Table))]
    public void Pods_go_in_this_order(string why, Pod first, Pod second)
    {
        var order = new DeletionOrder([first, second, Make("third"), Make("fourth", node: "n3")], Now);
        Assert.True(order.Compare(first, second) < 0, why);
        Assert.True(order.Compare(second, first) > 0, why);
        Assert.Same(first, Assert.Single(order.First([second, first], 1)));
    }

    [Fact]
    public void Related_pods_that_ended_do_not_crowd_a_node()
    {
        var (alone, crowded) = (Make("b", node: "n1"), Make("a", node: "n2"));
        var order = new DeletionOrder([alone, crowded, Make("x", node: "n1", phase: "Failed"), Make("y", node: "n1", phase: "Succeeded"), Make("z", node: "n2")], Now);
        Assert.True(order.Compare(crowded, alone) < 0);
    }
}
