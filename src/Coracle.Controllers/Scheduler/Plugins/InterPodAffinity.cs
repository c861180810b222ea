using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>Places pods near to, or away from, the pods that their affinities name (plugins/interpodaffinity).</summary>
public sealed class InterPodAffinity : Plugin, IPreFilter, IFilter, IPreScore, INormalizeScore
{
    /// <summary>What a required affinity of a pod that is there counts for the score of one that comes.</summary>
    private const int HardWeight = 1;

    private readonly Verdict notNear = Verdict.Unresolvable("node(s) didn't match pod affinity rules");
    private readonly Verdict tooNear = Verdict.Unschedulable("node(s) didn't match pod anti-affinity rules");
    private readonly Verdict unwelcome = Verdict.Unschedulable("node(s) didn't satisfy existing pods anti-affinity rules");

    public override string Name => "InterPodAffinity";

    public override IReadOnlyList<EventHint> Events { get; } =
    [
        new(ClusterChange.PodLabels),
        new(ClusterChange.AssignedPodAdded, static (pod, what) => May(pod.Terms.Required, what.NewPod!)),
        new(ClusterChange.AssignedPodLabels, static (pod, what) => Concerns(pod, what.NewPod!) || Concerns(pod, what.OldPod!)),
        new(ClusterChange.AssignedPodDeleted, static (pod, what) => Concerns(pod, what.OldPod!)),
        new(ClusterChange.NodeAdded | ClusterChange.NodeLabels),
    ];

    private static bool Concerns(PodInfo pod, PodInfo other) => May(pod.Terms.Required, other) || May(pod.Terms.RequiredAnti, other) || May(other.Terms.RequiredAnti, pod);

    private static bool May(PodTerm[] terms, PodInfo pod)
    {
        foreach (var term in terms)
            if (term.MayMatch(pod)) return true;
        return false;
    }

    private sealed class Prepared
    {
        /// <summary>Pods there that want no pod like this one in their topology.</summary>
        public readonly TopologyCounts Unwelcoming = new();

        /// <summary>Pods that match all required affinity terms; and each anti-affinity term.</summary>
        public readonly TopologyCounts Wanted = new();
        public readonly TopologyCounts Unwanted = new();
        public TopologyCounts? Scores;
    }

    public Verdict PreFilter(CycleState state, PodInfo pod, ClusterState cluster)
    {
        var terms = pod.Terms;
        var asks = terms.Required.Length + terms.RequiredAnti.Length > 0;
        if (!asks && cluster.RequiredAntiCount == 0) return Verdict.Skip;
        var prepared = new Prepared();
        foreach (var node in cluster.Nodes)
        {
            if (node.RequiredAntiCount > 0)
                foreach (var other in node.Pods) CountExisting(prepared, pod, other, node, cluster, 1);
            if (!asks) continue;
            foreach (var other in node.Pods) CountOwn(prepared, pod, other, node, cluster, 1);
        }
        if (!asks && prepared.Unwelcoming.IsEmpty) return Verdict.Skip;
        state.Set(this, prepared);
        return Verdict.Ok;
    }

    public void AddPod(CycleState state, PodInfo pod, PodInfo added, NodeInfo node) => Change(state, pod, added, node, 1);
    public void RemovePod(CycleState state, PodInfo pod, PodInfo removed, NodeInfo node) => Change(state, pod, removed, node, -1);

    private void Change(CycleState state, PodInfo pod, PodInfo other, NodeInfo node, int sign)
    {
        if (state.Get<Prepared>(this) is not { } prepared) return;
        CountExisting(prepared, pod, other, node, state.Cluster!, sign);
        CountOwn(prepared, pod, other, node, state.Cluster!, sign);
    }

    private static void CountExisting(Prepared prepared, PodInfo pod, PodInfo other, NodeInfo node, ClusterState cluster, int sign)
    {
        foreach (var term in other.Terms.RequiredAnti)
            if (term.Matches(pod, cluster)) prepared.Unwelcoming.Add(node.Node, term.Key, sign);
    }

    private static void CountOwn(Prepared prepared, PodInfo pod, PodInfo other, NodeInfo node, ClusterState cluster, int sign)
    {
        if (pod.Terms.Required.Length > 0 && MatchesAll(pod.Terms.Required, other, cluster))
            foreach (var term in pod.Terms.Required) prepared.Wanted.Add(node.Node, term.Key, sign);
        foreach (var term in pod.Terms.RequiredAnti)
            if (term.Matches(other, cluster)) prepared.Unwanted.Add(node.Node, term.Key, sign);
    }

    private static bool MatchesAll(PodTerm[] terms, PodInfo pod, ClusterState cluster)
    {
        foreach (var term in terms)
            if (!term.Matches(pod, cluster)) return false;
        return true;
    }

    public Verdict Filter(CycleState state, PodInfo pod, NodeInfo node)
    {
        if (state.Get<Prepared>(this) is not { } prepared) return Verdict.Ok;
        if (!IsNear(prepared, pod, node, state.Cluster!)) return notNear;
        foreach (var term in pod.Terms.RequiredAnti)
            if (prepared.Unwanted.Of(node.Node, term.Key) > 0) return tooNear;
        foreach (var ((key, value), count) in prepared.Unwelcoming)
            if (count > 0 && node.Node.Metadata.Labels is { } labels && labels.TryGetValue(key, out var own) && own == value) return unwelcome;
        return Verdict.Ok;
    }

    /// <summary>Every term has its pods in the node's topology. The first of a group that wants to be together may go anywhere.</summary>
    private static bool IsNear(Prepared prepared, PodInfo pod, NodeInfo node, ClusterState cluster)
    {
        var all = true;
        foreach (var term in pod.Terms.Required)
        {
            if (node.Node.Metadata.Labels is not { } labels || !labels.TryGetValue(term.Key, out var value)) return false;
            all &= prepared.Wanted.Of(term.Key, value) > 0;
        }
        return all || (prepared.Wanted.IsEmpty && MatchesAll(pod.Terms.Required, pod, cluster));
    }

    public Verdict PreScore(CycleState state, PodInfo pod, ReadOnlySpan<NodeInfo> nodes)
    {
        var cluster = state.Cluster!;
        var asks = pod.Terms.Preferred.Length + pod.Terms.PreferredAnti.Length > 0;
        if (!asks && cluster.AffinityCount == 0) return Verdict.Skip;
        var scores = new TopologyCounts();
        foreach (var node in cluster.Nodes)
        {
            if (!asks && node.AffinityCount == 0) continue;
            foreach (var other in node.Pods) Weigh(scores, pod, other, node.Node, cluster);
        }
        if (scores.IsEmpty) return Verdict.Skip;
        if (state.Get<Prepared>(this) is not { } prepared) state.Set(this, prepared = new());
        prepared.Scores = scores;
        return Verdict.Ok;
    }

    private static void Weigh(TopologyCounts scores, PodInfo pod, PodInfo other, Node node, ClusterState cluster)
    {
        foreach (var term in pod.Terms.Preferred)
            if (term.Matches(other, cluster)) scores.Add(node, term.Key, term.Weight);
        foreach (var term in pod.Terms.PreferredAnti)
            if (term.Matches(other, cluster)) scores.Add(node, term.Key, -term.Weight);
        if (other.Terms.IsEmpty) return;
        foreach (var term in other.Terms.Required)
            if (term.Matches(pod, cluster)) scores.Add(node, term.Key, HardWeight);
        foreach (var term in other.Terms.Preferred)
            if (term.Matches(pod, cluster)) scores.Add(node, term.Key, term.Weight);
        foreach (var term in other.Terms.PreferredAnti)
            if (term.Matches(pod, cluster)) scores.Add(node, term.Key, -term.Weight);
    }

    public long Score(CycleState state, PodInfo pod, NodeInfo node)
    {
        if (state.Get<Prepared>(this)?.Scores is not { } scores || node.Node.Metadata.Labels is not { } labels) return 0;
        long score = 0;
        foreach (var ((key, value), weight) in scores)
            if (labels.TryGetValue(key, out var own) && own == value) score += weight;
        return score;
    }

    public void Normalize(CycleState state, PodInfo pod, ReadOnlySpan<NodeInfo> nodes, Span<long> scores)
    {
        var (min, max) = (long.MaxValue, long.MinValue);
        foreach (var score in scores) (min, max) = (Math.Min(min, score), Math.Max(max, score));
        foreach (ref var score in scores) score = max == min ? 0 : (long)(Scores.Max * ((double)(score - min) / (max - min)));
    }
}
