using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Scheduling;

/// <summary>
/// Makes room for a pod by deleting pods of lower priority (plugins/defaultpreemption, framework/preemption): (1) may it? (2) on which nodes would it fit
/// without which pods? (3) the node where that hurts least. The victims are deleted beside the scheduling loop; the pod is nominated to the node and tried
/// again when they are gone.
/// </summary>
public sealed class DefaultPreemption : Plugin, IPostFilter
{
    private const int MinCandidates = 100;
    private const int MinCandidatesPercentage = 10;

    private static readonly Verdict Never = Verdict.Unschedulable("preemption: not eligible due to preemptionPolicy=Never.");
    private static readonly Verdict Terminating = Verdict.Unschedulable("preemption: not eligible due to a terminating pod on the nominated node.");
    private static readonly Verdict NoVictims = Verdict.Unresolvable("No preemption victims found for incoming pod");
    private static readonly Verdict NotHelpful = Verdict.Unresolvable("Preemption is not helpful for scheduling");
    private readonly Random random;
    private readonly Victims victims;

    /// <param name="client">Deletes the victims.</param>
    /// <param name="scheduler">Who says so to them.</param>
    public DefaultPreemption(Client client, string scheduler)
    {
        random = new(client.Options.Random.Next());
        victims = new(client, scheduler);
    }

    public override string Name => "DefaultPreemption";

    public PostFilterResult PostFilter(CycleState state, PodInfo pod, ClusterState cluster, Diagnosis diagnosis, DryRun dryRun)
    {
        if (pod.Pod.Spec.PreemptionPolicy == PreemptionPolicy.Never) return new(Never); // 1
        if (WaitsForVictims(pod, cluster, diagnosis, dryRun)) return new(Terminating);
        var why = new Diagnosis(cluster.Nodes.Length) { Absent = NotHelpful };
        var candidates = Candidates(pod, cluster, diagnosis, dryRun, why); // 2
        if (candidates.Count == 0) return new(Verdict.Unschedulable("preemption: " + why.Message), NominatedNode: "");
        candidates.Sort(); // 3
        var best = candidates[0];
        // Pods of lower priority that were promised room there look for it elsewhere.
        var displaced = dryRun.Nominations.All(best.Node.Name).Where(other => other.Priority < pod.Priority).ToList();
        foreach (var other in displaced) dryRun.Nominations.Remove(other.Uid);
        return new(Verdict.Ok, best.Node.Name, cancel => victims.DeleteAsync(pod, best.Node.Name, best.Victims, displaced, cancel));
    }

    /// <summary>Room is being made on its node already: a pod of lower priority there is on its way out for its sake.</summary>
    private static bool WaitsForVictims(PodInfo pod, ClusterState cluster, Diagnosis diagnosis, DryRun dryRun)
    {
        var name = dryRun.Nominations.NodeOf(pod.Uid) ?? pod.Pod.Status.NominatedNodeName;
        if (name.Length == 0 || !cluster.TryGetNode(name, out var node)) return false;
        if (diagnosis.Of(node).Code == VerdictCode.UnschedulableAndUnresolvable) return false; // it does not fit there any more
        foreach (var other in node.Pods)
            if (other.Priority < pod.Priority && Victims.IsLeaving(other.Pod)) return true;
        return false;
    }

    private List<Candidate> Candidates(PodInfo pod, ClusterState cluster, Diagnosis diagnosis, DryRun dryRun, Diagnosis why)
    {
        var potential = new List<NodeInfo>();
        foreach (var node in cluster.Nodes)
            if (diagnosis.Of(node).Code == VerdictCode.Unschedulable) potential.Add(node);
        var found = new List<Candidate>();
        var budgets = cluster.Budgets?.All() ?? [];
        if (potential.Count == 0) return found;
        var enough = Math.Min(potential.Count, Math.Max(MinCandidates, potential.Count * MinCandidatesPercentage / 100));
        var offset = random.Next(potential.Count);
        for (var i = 0; i < potential.Count && found.Count < enough; i++)
        {
            var node = potential[(offset + i) % potential.Count];
            var verdict = Choose(pod, node, budgets, dryRun, out var candidate);
            if (candidate is not null) found.Add(candidate);
            else why.Reject(node, verdict, null);
        }
        return found;
    }

    /// <summary>
    /// The fewest and least important pods without which the pod fits: all of lower priority are thought away, then brought back where possible, those that
    /// a disruption budget protects before the others, the most important first.
    /// </summary>
    private Verdict Choose(PodInfo pod, NodeInfo node, IReadOnlyList<Budget> budgets, DryRun dryRun, out Candidate? candidate)
    {
        candidate = null;
        var lower = node.Pods.Where(other => other.Priority < pod.Priority).ToList();
        if (lower.Count == 0) return NoVictims;
        lower.Sort(Candidate.ByImportance);
        foreach (var other in lower) dryRun.Remove(other, node);
        var verdict = dryRun.Fits(node);
        if (!verdict.IsOk)
        {
            foreach (var other in lower) dryRun.Add(other, node);
            return verdict;
        }
        var spared = Budget.Violated(budgets, lower);
        var chosen = new List<PodInfo>();
        foreach (var other in lower.Where(spared.Contains)) Reprieve(other, node, dryRun, chosen);
        var violations = chosen.Count;
        foreach (var other in lower.Where(other => !spared.Contains(other))) Reprieve(other, node, dryRun, chosen);
        foreach (var other in chosen) dryRun.Add(other, node);
        if (chosen.Count == 0) return Verdict.Error($"expected at least one victim pod on node \"{node.Name}\"");
        chosen.Sort(Candidate.ByImportance);
        candidate = new(node, chosen, violations);
        return verdict;
    }

    private static void Reprieve(PodInfo other, NodeInfo node, DryRun dryRun, List<PodInfo> chosen)
    {
        dryRun.Add(other, node);
        if (dryRun.Fits(node).IsOk) return;
        dryRun.Remove(other, node);
        chosen.Add(other);
    }

    /// <summary>A node and the pods that would have to go, the most important first.</summary>
    private sealed record Candidate(NodeInfo Node, List<PodInfo> Victims, int Violations) : IComparable<Candidate>
    {
        /// <summary>
        /// Fewest against a budget; then where the most important victim matters least; then the lower sum of priorities; then fewer victims; then where the
        /// oldest of the most important ones is the youngest.
        /// </summary>
        public int CompareTo(Candidate? other)
        {
            var order = Violations.CompareTo(other!.Violations);
            if (order == 0) order = Highest.CompareTo(other.Highest);
            if (order == 0) order = Sum.CompareTo(other.Sum);
            if (order == 0) order = Victims.Count.CompareTo(other.Victims.Count);
            if (order == 0) order = other.Earliest.CompareTo(Earliest);
            return order != 0 ? order : Node.Index.CompareTo(other.Node.Index);
        }

        private int Highest => Victims[0].Priority;
        private long Sum => Victims.Sum(v => (long)v.Priority + int.MaxValue + 1);
        private DateTimeOffset Earliest => Victims.Where(v => v.Priority == Highest).Min(StartOf);

        public static int ByImportance(PodInfo a, PodInfo b)
        {
            var order = b.Priority.CompareTo(a.Priority);
            if (order == 0) order = StartOf(a).CompareTo(StartOf(b));
            return order != 0 ? order : string.CompareOrdinal(a.Uid, b.Uid);
        }

        private static DateTimeOffset StartOf(PodInfo pod) => pod.Pod.Status.StartTime ?? DateTimeOffset.MaxValue;
    }
}
