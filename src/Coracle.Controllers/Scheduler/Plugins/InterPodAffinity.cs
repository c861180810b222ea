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

    private readonly TopologyMemory unwelcoming = new();
    private readonly TopologyMemory weights = new();
    private readonly TopologyMemory matching = new();

    private sealed class Prepared
    {
        /// <summary>Pods there that want no pod like this one in their topology.</summary>
        public TopologyCounts Unwelcoming = new();

        /// <summary>Pods that match all required affinity terms; and each anti-affinity term.</summary>
        public TopologyCounts Wanted = new();
        public TopologyCounts Unwanted = new();
        public TopologyCounts? Scores;
    }

    public Verdict PreFilter(CycleState state, PodInfo pod, ClusterState cluster)
    {
        var terms = pod.Terms;
        var asks = terms.Required.Length + terms.RequiredAnti.Length > 0;
        if (!asks && cluster.RequiredAntiCount == 0) return Verdict.Skip;
        var prepared = new Prepared();
        if (cluster.RequiredAntiCount > 0) CountExisting(prepared, pod, cluster);
        if (asks) CountOwn(prepared, pod, cluster);
        if (!asks && prepared.Unwelcoming.IsEmpty) return Verdict.Skip;
        state.Set(this, prepared);
        return Verdict.Ok;
    }

    private void CountExisting(Prepared prepared, PodInfo pod, ClusterState cluster)
    {
        var sums = unwelcoming.About($"{cluster.NamespaceVersion}|{TextOf(pod)}", cluster, (Pod: pod, Cluster: cluster), static (node, about) => node.RequiredAntiCount == 0 ? [] : Sum(node, about, static (add, other, about) =>
        {
            foreach (var term in other.Terms.RequiredAnti)
                if (term.Matches(about.Pod, about.Cluster)) add(term.Key, 1);
        }));
        prepared.Unwelcoming = new(sums[0]);
    }

    private void CountOwn(Prepared prepared, PodInfo pod, ClusterState cluster)
    {
        var terms = pod.Terms;
        var text = $"{cluster.NamespaceVersion}|{TextOf(terms.Required)}|{TextOf(terms.RequiredAnti)}";
        var sums = matching.About(text, cluster, (Terms: terms, Cluster: cluster), static (node, about) => node.Pods.Count == 0 ? [] : Match(node, about.Terms, about.Cluster));
        (prepared.Wanted, prepared.Unwanted) = (new(sums[0]), new(sums[1]));
    }

    /// <summary>How many pods of a node match all required terms, for the topology of each; and each term to be away from.</summary>
    private static Amount[] Match(NodeInfo node, PodTerms terms, ClusterState cluster)
    {
        var all = 0;
        var anti = terms.RequiredAnti.Length == 0 ? [] : new int[terms.RequiredAnti.Length];
        foreach (var other in node.Pods)
        {
            if (terms.Required.Length > 0 && MatchesAll(terms.Required, other, cluster)) all++;
            for (var i = 0; i < anti.Length; i++)
                if (terms.RequiredAnti[i].Matches(other, cluster)) anti[i]++;
        }
        var amounts = new List<Amount>(terms.Required.Length + anti.Length);
        if (all > 0)
            foreach (var term in terms.Required) amounts.Add(new(0, term.Key, all));
        for (var i = 0; i < anti.Length; i++)
            if (anti[i] > 0) amounts.Add(new(1, terms.RequiredAnti[i].Key, anti[i]));
        return [.. amounts];
    }

    private static Amount[] Sum(NodeInfo node, (PodInfo Pod, ClusterState Cluster) about, Action<Action<string, long>, PodInfo, (PodInfo Pod, ClusterState Cluster)> each)
    {
        var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var other in node.Pods) each((key, amount) => sums[key] = sums.GetValueOrDefault(key) + amount, other, about);
        return [.. sums.Select(s => new Amount(0, s.Key, s.Value))];
    }

    // What terms see of a pod, and what they ask.
    private static string TextOf(PodInfo pod) =>
        pod.Key.Namespace + "|" + string.Join(',', (pod.Pod.Metadata.Labels ?? []).OrderBy(static l => l.Key, StringComparer.Ordinal).Select(static l => l.Key + "=" + l.Value));

    private static string TextOf(PodTerm[] terms) => string.Join(';', terms.Select(static t => t.Text));

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
        foreach (var (key, value) in prepared.Unwelcoming.IsEmpty ? [] : node.Node.Metadata.Labels ?? [])
            if (prepared.Unwelcoming.Of(key, value) > 0) return unwelcome;
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
        var text = $"{cluster.NamespaceVersion}|{TextOf(pod)}|{TextOf(pod.Terms.Preferred)}|{TextOf(pod.Terms.PreferredAnti)}";
        var scores = weights.About(text, cluster, (Pod: pod, Cluster: cluster, Asks: asks), static (node, about) => about.Asks || node.AffinityCount > 0 ? Sum(node, (about.Pod, about.Cluster), Weigh) : [])[0];
        if (scores.IsEmpty) return Verdict.Skip;
        if (state.Get<Prepared>(this) is not { } prepared) state.Set(this, prepared = new());
        prepared.Scores = scores;
        return Verdict.Ok;
    }

    private static void Weigh(Action<string, long> add, PodInfo other, (PodInfo Pod, ClusterState Cluster) about)
    {
        var (pod, cluster) = about;
        foreach (var term in pod.Terms.Preferred)
            if (term.Matches(other, cluster)) add(term.Key, term.Weight);
        foreach (var term in pod.Terms.PreferredAnti)
            if (term.Matches(other, cluster)) add(term.Key, -term.Weight);
        if (other.Terms.IsEmpty) return;
        foreach (var term in other.Terms.Required)
            if (term.Matches(pod, cluster)) add(term.Key, HardWeight);
        foreach (var term in other.Terms.Preferred)
            if (term.Matches(pod, cluster)) add(term.Key, term.Weight);
        foreach (var term in other.Terms.PreferredAnti)
            if (term.Matches(pod, cluster)) add(term.Key, -term.Weight);
    }

    public long Score(CycleState state, PodInfo pod, NodeInfo node)
    {
        if (state.Get<Prepared>(this)?.Scores is not { } scores || node.Node.Metadata.Labels is not { } labels) return 0;
        long score = 0;
        foreach (var (key, value) in labels) score += scores.Of(key, value);
        return score;
    }

    public void Normalize(CycleState state, PodInfo pod, ReadOnlySpan<NodeInfo> nodes, Span<long> scores)
    {
        var (min, max) = (long.MaxValue, long.MinValue);
        foreach (var score in scores) (min, max) = (Math.Min(min, score), Math.Max(max, score));
        foreach (ref var score in scores) score = max == min ? 0 : (long)(Scores.Max * ((double)(score - min) / (max - min)));
    }
}
