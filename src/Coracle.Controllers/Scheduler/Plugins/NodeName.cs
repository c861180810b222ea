namespace Coracle.Controllers.Scheduling;

/// <summary>A pod that names a node fits no other.</summary>
public sealed class NodeName : Plugin, IFilter
{
    private readonly Verdict other = Verdict.Unresolvable("node(s) didn't match the requested node name");

    public override string Name => "NodeName";
    public override IReadOnlyList<EventHint> Events { get; } = [new(ClusterChange.NodeAdded)];

    public Verdict Filter(CycleState state, PodInfo pod, NodeInfo node)
    {
        var name = pod.Pod.Spec.NodeName;
        return name.Length == 0 || name == node.Name ? Verdict.Ok : other;
    }
}
