using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>Keeps pods off nodes whose taints they do not tolerate, and prefers nodes with fewer PreferNoSchedule taints that they do not tolerate.</summary>
public sealed class TaintToleration : Plugin, IFilter, IPreScore, INormalizeScore
{
    private readonly Verdict untolerated = Verdict.Unresolvable("node(s) had untolerated taint(s)");

    public override string Name => "TaintToleration";

    public override IReadOnlyList<EventHint> Events { get; } =
    [
        new(ClusterChange.NodeAdded | ClusterChange.NodeTaints, static (pod, what) => Allows(pod, what.NewNode!) && (what.OldNode is null || !Allows(pod, what.OldNode))),
        new(ClusterChange.PodTolerations),
    ];

    public Verdict Filter(CycleState state, PodInfo pod, NodeInfo node) =>
        node.Taints.Count == 0 || Taints.AreTolerated(node.Taints, pod.Pod.Spec.Tolerations) ? Verdict.Ok : untolerated;

    private static bool Allows(PodInfo pod, Node node) => Taints.AreTolerated(node.Spec.Taints, pod.Pod.Spec.Tolerations);

    /// <summary>The tolerations that count here: those of PreferNoSchedule and of all effects.</summary>
    public Verdict PreScore(CycleState state, PodInfo pod, ReadOnlySpan<NodeInfo> nodes)
    {
        List<Toleration>? preferring = null;
        foreach (var toleration in pod.Pod.Spec.Tolerations ?? [])
            if (toleration.Effect is "" or TaintEffect.PreferNoSchedule) (preferring ??= []).Add(toleration);
        if (preferring is not null) state.Set(this, preferring);
        return Verdict.Ok;
    }

    public long Score(CycleState state, PodInfo pod, NodeInfo node)
    {
        if (node.Taints.Count == 0) return 0;
        var preferring = state.Get<List<Toleration>>(this);
        var count = 0;
        foreach (var taint in node.Taints)
            if (taint.Effect == TaintEffect.PreferNoSchedule && !Taints.IsTolerated(taint, preferring)) count++;
        return count;
    }

    public void Normalize(CycleState state, PodInfo pod, ReadOnlySpan<NodeInfo> nodes, Span<long> scores) => Scores.Normalize(scores, reverse: true);
}
