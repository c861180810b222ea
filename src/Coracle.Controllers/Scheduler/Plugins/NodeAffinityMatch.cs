using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>NodeAffinity: the nodeSelector and required node affinity must match, preferred node affinity adds to the score.</summary>
public sealed class NodeAffinityMatch : Plugin, IPreFilter, IFilter, IPreScore, INormalizeScore
{
    private readonly Verdict mismatch = Verdict.Unresolvable("node(s) didn't match Pod's node affinity/selector");

    public override string Name => "NodeAffinity";

    public override IReadOnlyList<EventHint> Events { get; } =
    [
        new(ClusterChange.NodeAdded | ClusterChange.NodeLabels, static (pod, what) => pod.Nodes.Matches(what.NewNode!) && (what.OldNode is null || !pod.Nodes.Matches(what.OldNode))),
    ];

    public Verdict PreFilter(CycleState state, PodInfo pod, ClusterState cluster)
    {
        if (pod.Nodes.IsEverything) return Verdict.Skip;
        if (pod.Nodes.Named() is not { } named) return Verdict.Ok;
        if (named.Count == 0) return mismatch;
        state.RestrictTo(named);
        return Verdict.Ok;
    }

    public Verdict Filter(CycleState state, PodInfo pod, NodeInfo node) => pod.Nodes.Matches(node.Node) ? Verdict.Ok : mismatch;

    private static List<PreferredSchedulingTerm>? Preferred(PodInfo pod) => pod.Pod.Spec.Affinity?.NodeAffinity?.PreferredDuringSchedulingIgnoredDuringExecution;

    public Verdict PreScore(CycleState state, PodInfo pod, ReadOnlySpan<NodeInfo> nodes) => Preferred(pod) is { Count: > 0 } ? Verdict.Ok : Verdict.Skip;

    public long Score(CycleState state, PodInfo pod, NodeInfo node)
    {
        long score = 0;
        foreach (var term in Preferred(pod) ?? [])
            if (term.Weight != 0 && NodeMatch.Matches(term.Preference, node.Node)) score += term.Weight;
        return score;
    }

    public void Normalize(CycleState state, PodInfo pod, ReadOnlySpan<NodeInfo> nodes, Span<long> scores) => Scores.Normalize(scores, reverse: false);
}
