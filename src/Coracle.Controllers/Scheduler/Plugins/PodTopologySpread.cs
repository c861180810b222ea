using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Scheduling;

/// <summary>
/// Spreads pods evenly over topologies, as their constraints ask (plugins/podtopologyspread). Those that ask for nothing and belong to a service or to one who
/// keeps pods are spread over nodes and zones where that costs nothing, as upstream's system defaults have it.
/// </summary>
public sealed class PodTopologySpread : Plugin, IPreFilter, IFilter, IPreScore, INormalizeScore
{
    private const string Hostname = "kubernetes.io/hostname";

    private static readonly TopologySpreadConstraint[] Defaults =
    [
        new() { TopologyKey = Hostname, MaxSkew = 3, WhenUnsatisfiable = UnsatisfiableConstraintAction.ScheduleAnyway },
        new() { TopologyKey = "topology.kubernetes.io/zone", MaxSkew = 5, WhenUnsatisfiable = UnsatisfiableConstraintAction.ScheduleAnyway },
    ];

    private readonly Verdict uneven = Verdict.Unschedulable("node(s) didn't match pod topology spread constraints");
    private readonly Verdict unlabelled = Verdict.Unresolvable("node(s) didn't match pod topology spread constraints (missing required label)");

    public override string Name => "PodTopologySpread";

    public override IReadOnlyList<EventHint> Events { get; } =
    [
        new(ClusterChange.AssignedPodAdded | ClusterChange.AssignedPodDeleted | ClusterChange.AssignedPodLabels, static (pod, what) => (what.NewPod ?? what.OldPod!).Key.Namespace == pod.Key.Namespace),
        new(ClusterChange.PodLabels),
        new(ClusterChange.NodeAdded | ClusterChange.NodeDeleted | ClusterChange.NodeLabels | ClusterChange.NodeTaints),
    ];

    private readonly NodeMemory<int> memory = new();

    private sealed class Constraint(TopologySpreadConstraint of, Pod pod, Selector? selector = null)
    {
        public readonly string Key = of.TopologyKey;
        public readonly int MaxSkew = of.MaxSkew;
        public readonly int MinDomains = of.MinDomains ?? 1;
        public readonly bool HonorsAffinity = of.NodeAffinityPolicy is null or NodeInclusionPolicy.Honor;
        public readonly bool HonorsTaints = of.NodeTaintsPolicy == NodeInclusionPolicy.Honor;
        public readonly Selector Selector = selector ?? PodTerm.WithKeys(Selector.From(of.LabelSelector), pod, of.MatchLabelKeys, "in");

        /// <summary>Matching pods by the label's value.</summary>
        public readonly Dictionary<string, long> Counts = new(StringComparer.Ordinal);
        public double Weight;
        private readonly string ns = pod.Metadata.Namespace;
        private NodeMemory<int>.Answers known;

        public Constraint Recall(NodeMemory<int> memory, int nodes)
        {
            known = memory.About($"{ns}|{PodTerm.TextOf(Selector)}", nodes);
            return this;
        }

        public bool Includes(PodInfo pod, NodeInfo node) =>
            (!HonorsAffinity || pod.Nodes.Matches(node.Node)) && (!HonorsTaints || Taints.AreTolerated(node.Taints, pod.Pod.Spec.Tolerations));

        public bool Counted(PodInfo pod, PodInfo other) =>
            other.Key.Namespace == pod.Key.Namespace && other.Pod.Metadata.DeletionTimestamp is null && Selector.Matches(other.Pod.Metadata.Labels);

        public int Count(PodInfo pod, NodeInfo node) => known.Of(node, (Constraint: this, Pod: pod), static (node, about) =>
        {
            var count = 0;
            foreach (var other in node.Pods)
                if (about.Constraint.Counted(about.Pod, other)) count++;
            return count;
        });

        /// <summary>The fewest pods of any topology; none while there are fewer topologies than asked for.</summary>
        public long Fewest()
        {
            if (Counts.Count < MinDomains) return 0;
            var fewest = long.MaxValue;
            foreach (var count in Counts.Values) fewest = Math.Min(fewest, count);
            return fewest == long.MaxValue ? 0 : fewest;
        }
    }

    private sealed class Prepared
    {
        public Constraint[] Hard = [];
        public long[]? Fewest;
        public Constraint[] Soft = [];

        /// <summary>Nodes without one of the labels come last; not where the constraints are defaults.</summary>
        public bool NeedsAll = true;
    }

    private Constraint[] Of(PodInfo pod, string when, ClusterState cluster)
    {
        if (pod.Pod.Spec.TopologySpreadConstraints is not { Count: > 0 } all) return [];
        return [.. all.Where(c => c.WhenUnsatisfiable == when).Select(c => new Constraint(c, pod.Pod).Recall(memory, cluster.Nodes.Length))];
    }

    private Constraint[] DefaultsOf(PodInfo pod, ClusterState cluster) => pod.Pod.Spec.TopologySpreadConstraints is { Count: > 0 } || cluster.Keepers?.SelectorOf(pod) is not { } selector ? []
        : [.. Defaults.Select(c => new Constraint(c, pod.Pod, selector).Recall(memory, cluster.Nodes.Length))];

    private static string? Value(NodeInfo node, string key) => node.Node.Metadata.Labels is { } labels && labels.TryGetValue(key, out var value) ? value : null;

    private static bool HasAll(NodeInfo node, Constraint[] constraints)
    {
        foreach (var constraint in constraints)
            if (Value(node, constraint.Key) is null) return false;
        return true;
    }

    public Verdict PreFilter(CycleState state, PodInfo pod, ClusterState cluster)
    {
        var hard = Of(pod, UnsatisfiableConstraintAction.DoNotSchedule, cluster);
        if (hard.Length == 0) return Verdict.Skip;
        foreach (var node in cluster.Nodes)
        {
            if (!HasAll(node, hard)) continue;
            foreach (var constraint in hard)
            {
                if (!constraint.Includes(pod, node)) continue;
                var value = Value(node, constraint.Key)!;
                constraint.Counts[value] = constraint.Counts.GetValueOrDefault(value) + constraint.Count(pod, node);
            }
        }
        state.Set(this, new Prepared { Hard = hard });
        return Verdict.Ok;
    }

    public void AddPod(CycleState state, PodInfo pod, PodInfo added, NodeInfo node) => Change(state, pod, added, node, 1);
    public void RemovePod(CycleState state, PodInfo pod, PodInfo removed, NodeInfo node) => Change(state, pod, removed, node, -1);

    private void Change(CycleState state, PodInfo pod, PodInfo other, NodeInfo node, int sign)
    {
        if (state.Get<Prepared>(this) is not { } prepared || !HasAll(node, prepared.Hard)) return;
        foreach (var constraint in prepared.Hard)
        {
            if (!constraint.Counted(pod, other) || !constraint.Includes(pod, node)) continue;
            var value = Value(node, constraint.Key)!;
            constraint.Counts[value] = constraint.Counts.GetValueOrDefault(value) + sign;
        }
        prepared.Fewest = null;
    }

    public Verdict Filter(CycleState state, PodInfo pod, NodeInfo node)
    {
        if (state.Get<Prepared>(this) is not { } prepared) return Verdict.Ok;
        prepared.Fewest ??= [.. prepared.Hard.Select(c => c.Fewest())];
        for (var i = 0; i < prepared.Hard.Length; i++)
        {
            var constraint = prepared.Hard[i];
            if (Value(node, constraint.Key) is not { } value) return unlabelled;
            var self = constraint.Selector.Matches(pod.Pod.Metadata.Labels) ? 1 : 0;
            if (constraint.Counts.GetValueOrDefault(value) + self - prepared.Fewest[i] > constraint.MaxSkew) return uneven;
        }
        return Verdict.Ok;
    }

    public Verdict PreScore(CycleState state, PodInfo pod, ReadOnlySpan<NodeInfo> nodes)
    {
        var soft = Of(pod, UnsatisfiableConstraintAction.ScheduleAnyway, state.Cluster!);
        var needsAll = soft.Length > 0;
        if (!needsAll) soft = DefaultsOf(pod, state.Cluster!);
        if (soft.Length == 0) return Verdict.Skip;
        var labelled = 0;
        foreach (var node in nodes)
        {
            if (needsAll && !HasAll(node, soft)) continue;
            labelled++;
            foreach (var constraint in soft)
                if (constraint.Key != Hostname && Value(node, constraint.Key) is { } value) constraint.Counts.TryAdd(value, 0);
        }
        // The more topologies, the more one pod less in one of them weighs.
        foreach (var constraint in soft) constraint.Weight = Math.Log((constraint.Key == Hostname ? labelled : constraint.Counts.Count) + 2);
        // Nodes count for themselves in Score; where no node has the label, nothing is counted.
        if (Array.Exists(soft, static c => c.Key != Hostname && c.Counts.Count > 0)) CountTopologies(pod, state.Cluster!, soft, needsAll);
        if (state.Get<Prepared>(this) is not { } prepared) state.Set(this, prepared = new());
        (prepared.Soft, prepared.NeedsAll) = (soft, needsAll);
        return Verdict.Ok;
    }

    private static void CountTopologies(PodInfo pod, ClusterState cluster, Constraint[] soft, bool needsAll)
    {
        foreach (var node in cluster.Nodes)
        {
            if (needsAll && !HasAll(node, soft)) continue;
            foreach (var constraint in soft)
            {
                if (constraint.Key == Hostname || Value(node, constraint.Key) is not { } value || !constraint.Includes(pod, node)) continue;
                if (constraint.Counts.TryGetValue(value, out var count)) constraint.Counts[value] = count + constraint.Count(pod, node);
            }
        }
    }

    /// <summary>Pods there already, fewer is better; -1 for nodes without the labels, which come last.</summary>
    public long Score(CycleState state, PodInfo pod, NodeInfo node)
    {
        if (state.Get<Prepared>(this) is not { Soft: var soft, NeedsAll: var needsAll }) return 0;
        if (needsAll && !HasAll(node, soft)) return -1;
        double score = 0;
        foreach (var constraint in soft)
        {
            if (Value(node, constraint.Key) is not { } value) continue;
            var count = constraint.Key == Hostname ? constraint.Count(pod, node) : constraint.Counts.GetValueOrDefault(value);
            score += count * constraint.Weight + (constraint.MaxSkew - 1);
        }
        return (long)Math.Round(score, MidpointRounding.AwayFromZero);
    }

    public void Normalize(CycleState state, PodInfo pod, ReadOnlySpan<NodeInfo> nodes, Span<long> scores)
    {
        var (min, max) = (long.MaxValue, 0L);
        foreach (var score in scores)
            if (score >= 0) (min, max) = (Math.Min(min, score), Math.Max(max, score));
        foreach (ref var score in scores) score = score < 0 ? 0 : max == 0 ? Scores.Max : Scores.Max * (max + min - score) / max;
    }
}
