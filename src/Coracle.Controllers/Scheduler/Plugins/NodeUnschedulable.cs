using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>Keeps pods off cordoned nodes, unless they tolerate that.</summary>
public sealed class NodeUnschedulable : Plugin, IFilter
{
    private static readonly Taint Cordon = new() { Key = Taints.Unschedulable, Effect = TaintEffect.NoSchedule };
    private readonly Verdict cordoned = Verdict.Unresolvable("node(s) were unschedulable");

    public override string Name => "NodeUnschedulable";

    public override IReadOnlyList<EventHint> Events { get; } =
    [
        new(ClusterChange.NodeAdded | ClusterChange.NodeTaints, static (pod, what) => Allows(pod, what.NewNode!) && (what.OldNode is null || !Allows(pod, what.OldNode))),
        new(ClusterChange.PodTolerations, static (pod, _) => Taints.IsTolerated(Cordon, pod.Pod.Spec.Tolerations)),
    ];

    public Verdict Filter(CycleState state, PodInfo pod, NodeInfo node) => Allows(pod, node.Node) ? Verdict.Ok : cordoned;

    private static bool Allows(PodInfo pod, Node node) => !node.Spec.Unschedulable || Taints.IsTolerated(Cordon, pod.Pod.Spec.Tolerations);
}
