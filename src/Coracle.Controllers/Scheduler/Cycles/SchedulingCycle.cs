namespace Coracle.Controllers.Scheduling;

/// <summary>What came of looking for a node: the node, or why there is none.</summary>
internal readonly record struct Choice(NodeInfo? Node, Diagnosis? Diagnosis, Verdict? Error)
{
    public static Choice Of(NodeInfo node) => new(node, null, null);
    public static Choice None(Diagnosis diagnosis) => new(null, diagnosis, null);
    public static Choice Broken(Verdict error) => new(null, null, error);
}

/// <summary>
/// Chooses a node for one pod (schedule_one.go, schedulePod): (1) PreFilter, (2) the nominated node, if any, (3) Filter of as many nodes as are needed to
/// find enough, going on where the last pod's search ended, (4) PreScore, Score, Normalize, (5) the best, by lot among equals.
/// </summary>
internal sealed class SchedulingCycle(ClusterState cluster, Nominations nominations, SchedulerOptions options, Random random)
{
    private const int MinFeasible = 100;
    private const int MinPercentage = 5;

    private NodeInfo[] feasible = new NodeInfo[64];
    private long[] totals = new long[64];
    private long[] scores = new long[64];
    private int start;

    public Nominations Nominations => nominations;

    public Choice Find(Profile profile, CycleState state, PodInfo pod)
    {
        var nodes = cluster.Nodes;
        var diagnosis = new Diagnosis(nodes.Length);
        if (PreFilter(profile, state, pod, diagnosis) is { } stop) return stop; // 1
        var found = FindNominated(profile, state, pod, diagnosis, out var error); // 2
        if (found == 0 && error is null) found = FindFeasible(profile, state, pod, nodes, diagnosis, out error); // 3
        if (error is not null) return Choice.Broken(error);
        if (found == 0) return Choice.None(diagnosis);
        if (found == 1) return Choice.Of(feasible[0]);
        return Rank(profile, state, pod, feasible.AsSpan(0, found)); // 4, 5
    }

    private static Choice? PreFilter(Profile profile, CycleState state, PodInfo pod, Diagnosis diagnosis)
    {
        ulong restricting = 0;
        foreach (var (plugin, point) in profile.PreFilter)
        {
            var before = state.Nodes?.Count ?? -1;
            var verdict = point.PreFilter(state, pod, state.Cluster!);
            if (verdict.IsSkip) state.SkipFilter |= plugin.Bit;
            else if (verdict.IsRejected)
            {
                diagnosis.PreFilterMessage = verdict.Message;
                diagnosis.Absent = verdict;
                diagnosis.Blame(verdict, plugin);
                return Choice.None(diagnosis);
            }
            else if (!verdict.IsOk) return Choice.Broken(Verdict.Error($"running PreFilter plugin \"{plugin.Name}\": {verdict.Message}"));
            if ((state.Nodes?.Count ?? -1) != before) restricting |= plugin.Bit;
            if (state.Nodes is not { Count: 0 }) continue;
            // What the plugins allow has nothing in common.
            diagnosis.Rejecting |= restricting;
            diagnosis.Absent = Verdict.Unresolvable($"node(s) didn't satisfy plugin(s) [{string.Join(' ', profile.NamesOf(restricting).Order(StringComparer.Ordinal))}] simultaneously");
            diagnosis.PreFilterMessage = diagnosis.Absent.Message;
            return Choice.None(diagnosis);
        }
        if (restricting != 0)
        {
            diagnosis.Absent = Verdict.Unresolvable($"node(s) didn't satisfy plugin(s) [{string.Join(' ', profile.NamesOf(restricting).Order(StringComparer.Ordinal))}]");
            diagnosis.Restricting = restricting;
        }
        return null;
    }

    private int FindNominated(Profile profile, CycleState state, PodInfo pod, Diagnosis diagnosis, out Verdict? error)
    {
        error = null;
        var name = nominations.NodeOf(pod.Uid) ?? pod.Pod.Status.NominatedNodeName;
        if (name.Length == 0 || !cluster.TryGetNode(name, out var node) || state.Nodes?.Contains(name) == false) return 0;
        var verdict = Filter(profile, state, pod, node, diagnosis: null, ref error);
        if (verdict is not { IsOk: true } || error is not null) return 0;
        feasible[0] = node;
        return 1;
    }

    private int FindFeasible(Profile profile, CycleState state, PodInfo pod, ReadOnlySpan<NodeInfo> nodes, Diagnosis diagnosis, out Verdict? error)
    {
        error = null;
        if (state.Nodes is { } only) return FindAmong(only, profile, state, pod, diagnosis, ref error);
        var enough = Enough(nodes.Length);
        if (feasible.Length < enough) feasible = new NodeInfo[enough];
        var (found, at, looked) = (0, start < nodes.Length ? start : 0, 0);
        for (; looked < nodes.Length && found < enough; looked++)
        {
            var node = nodes[at];
            if (++at == nodes.Length) at = 0;
            if (Filter(profile, state, pod, node, diagnosis, ref error).IsOk) feasible[found++] = node;
            if (error is not null) return 0;
        }
        start = at;
        return found;
    }

    private int FindAmong(HashSet<string> only, Profile profile, CycleState state, PodInfo pod, Diagnosis diagnosis, ref Verdict? error)
    {
        if (feasible.Length < only.Count) feasible = new NodeInfo[only.Count];
        var found = 0;
        foreach (var name in only)
        {
            if (!cluster.TryGetNode(name, out var node)) continue;
            if (Filter(profile, state, pod, node, diagnosis, ref error).IsOk) feasible[found++] = node;
            if (error is not null) return 0;
        }
        if (found == 0) diagnosis.Rejecting |= diagnosis.Restricting;
        return found;
    }

    /// <summary>
    /// All Filters, up to the first that rejects. Where pods of the same or a higher priority are nominated to the node, the pod must fit both with and
    /// without them: they may come, or may not.
    /// </summary>
    private Verdict Filter(Profile profile, CycleState state, PodInfo pod, NodeInfo node, Diagnosis? diagnosis, ref Verdict? error)
    {
        if (nominations.HasAny && nominations.On(node.Name, pod) is { Count: > 0 } expected)
        {
            foreach (var other in expected) Assumption.Add(profile, state, pod, other, node);
            var with = FilterAlone(profile, state, pod, node, diagnosis, ref error);
            foreach (var other in expected) Assumption.Remove(profile, state, pod, other, node);
            if (!with.IsOk) return with;
        }
        return FilterAlone(profile, state, pod, node, diagnosis, ref error);
    }

    /// <summary>Whether the node can take the pod as things are thought to be, with regard to pods nominated to it. What breaks does not fit.</summary>
    public Verdict Fits(Profile profile, CycleState state, PodInfo pod, NodeInfo node)
    {
        Verdict? error = null;
        var verdict = Filter(profile, state, pod, node, diagnosis: null, ref error);
        return error ?? verdict;
    }

    private static Verdict FilterAlone(Profile profile, CycleState state, PodInfo pod, NodeInfo node, Diagnosis? diagnosis, ref Verdict? error)
    {
        foreach (var (plugin, point) in profile.Filter)
        {
            if ((state.SkipFilter & plugin.Bit) != 0) continue;
            var verdict = point.Filter(state, pod, node);
            if (verdict.IsOk) continue;
            if (verdict.IsRejected) diagnosis?.Reject(node, verdict, plugin);
            else error = Verdict.Error($"running \"{plugin.Name}\" filter plugin: {verdict.Message}");
            return verdict;
        }
        return Verdict.Ok;
    }

    /// <summary>How many nodes that fit are enough to choose from: all of up to 100; of more, the percentage asked for, or 50 % less 1 % for each 125 nodes.</summary>
    internal int Enough(int nodes)
    {
        if (nodes < MinFeasible) return nodes;
        var percentage = options.PercentageOfNodesToScore;
        if (percentage == 0) percentage = Math.Max(MinPercentage, 50 - nodes / 125);
        return percentage >= 100 ? nodes : Math.Max(MinFeasible, (int)((long)nodes * percentage / 100));
    }

    private Choice Rank(Profile profile, CycleState state, PodInfo pod, ReadOnlySpan<NodeInfo> nodes)
    {
        foreach (var (plugin, point) in profile.PreScore)
        {
            var verdict = point.PreScore(state, pod, nodes);
            if (verdict.IsSkip) state.SkipScore |= plugin.Bit;
            else if (!verdict.IsOk) return Choice.Broken(Verdict.Error($"running PreScore plugin \"{plugin.Name}\": {verdict.Message}"));
        }
        if (totals.Length < nodes.Length) (totals, scores) = (new long[feasible.Length], new long[feasible.Length]);
        var sums = totals.AsSpan(0, nodes.Length);
        sums.Clear();
        foreach (var scorer in profile.Score)
            if ((state.SkipScore & scorer.Plugin.Bit) == 0) Add(scorer, state, pod, nodes, scores.AsSpan(0, nodes.Length), sums);
        return Choice.Of(nodes[Best(sums)]);
    }

    private static void Add(Scorer scorer, CycleState state, PodInfo pod, ReadOnlySpan<NodeInfo> nodes, Span<long> scores, Span<long> sums)
    {
        for (var i = 0; i < nodes.Length; i++) scores[i] = scorer.Point.Score(state, pod, nodes[i]);
        scorer.Normalize?.Normalize(state, pod, nodes, scores);
        for (var i = 0; i < nodes.Length; i++) sums[i] += scores[i] * scorer.Weight;
    }

    private int Best(ReadOnlySpan<long> sums)
    {
        var (best, equals) = (0, 1);
        for (var i = 1; i < sums.Length; i++)
        {
            if (sums[i] < sums[best]) continue;
            if (sums[i] > sums[best]) (best, equals) = (i, 1);
            else if (random.Next(++equals) == 0) best = i;
        }
        return best;
    }
}
