using Coracle.Controllers.Pods;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.DaemonSets;

/// <summary>What is to be done for a daemon set: on which nodes a pod is missing, and which pods are to go. Plain figures, no calls.</summary>
internal sealed class DaemonPlan
{
    private readonly DaemonSet set;
    private readonly string hash;
    private readonly DateTimeOffset now;
    private readonly IReadOnlyList<Node> nodes;
    private readonly Dictionary<string, List<Pod>> byNode = new(StringComparer.Ordinal);
    private readonly bool surges;

    public DaemonPlan(DaemonSet set, string hash, IReadOnlyList<Node> nodes, IEnumerable<Pod> pods, DateTimeOffset now)
    {
        (this.set, this.hash, this.nodes, this.now) = (set, hash, nodes, now);
        foreach (var pod in pods)
        {
            // One that has ended and is being deleted is as good as gone.
            if (PodState.IsFinished(pod) && pod.Metadata.DeletionTimestamp is not null) continue;
            var node = DaemonPods.Node(pod);
            if (!byNode.TryGetValue(node, out var here)) byNode[node] = here = [];
            here.Add(pod);
        }
        foreach (var here in byNode.Values) here.Sort(Oldest);
        Desired = nodes.Count(n => DaemonPods.Belongs(set, n).Run);
        var rolling = set.Spec.UpdateStrategy.Type == UpdateStrategyType.RollingUpdate ? set.Spec.UpdateStrategy.RollingUpdate : null;
        MaxSurge = rolling?.MaxSurge?.Scaled(Desired, roundUp: true) ?? 0;
        MaxUnavailable = rolling?.MaxUnavailable?.Scaled(Desired, roundUp: true) ?? 0;
        // What cannot be set, but could come out of rounding: something must be able to move.
        if (MaxSurge == 0 && MaxUnavailable == 0) MaxUnavailable = 1;
        surges = MaxSurge > 0;
    }

    /// <summary>Nodes that should run a pod.</summary>
    public int Desired { get; }
    public int MaxSurge { get; }
    public int MaxUnavailable { get; }

    /// <summary>Names of nodes that need a pod.</summary>
    public List<string> Missing { get; } = [];
    public List<Pod> Doomed { get; } = [];

    /// <summary>Pods that ended by themselves, which are told of before they go.</summary>
    public List<Pod> Ended { get; } = [];

    // With a node first, then by age.
    private static int Oldest(Pod a, Pod b)
    {
        if (a.Spec.NodeName.Length == 0 != (b.Spec.NodeName.Length == 0)) return a.Spec.NodeName.Length == 0 ? 1 : -1;
        var age = Nullable.Compare(a.Metadata.CreationTimestamp, b.Metadata.CreationTimestamp);
        return age != 0 ? age : string.CompareOrdinal(a.Metadata.Name, b.Metadata.Name);
    }

    /// <summary>One pod on every node that should run one, and none elsewhere (upstream: manage).</summary>
    public DaemonPlan Manage()
    {
        foreach (var node in nodes) Manage(node);
        var known = nodes.Select(n => n.Metadata.Name).ToHashSet();
        foreach (var (node, pods) in byNode)
            if (!known.Contains(node)) Doomed.AddRange(pods.Where(p => p.Spec.NodeName.Length == 0 && p.Metadata.DeletionTimestamp is null));
        return this;
    }

    private void Manage(Node node)
    {
        var (run, stay) = DaemonPods.Belongs(set, node);
        var here = byNode.GetValueOrDefault(node.Metadata.Name);
        if (here is null)
        {
            if (run) Missing.Add(node.Metadata.Name);
            return;
        }
        if (!stay)
        {
            Doomed.AddRange(here.Where(p => p.Metadata.DeletionTimestamp is null));
            return;
        }
        var running = new List<Pod>();
        foreach (var pod in here.Where(p => p.Metadata.DeletionTimestamp is null)) (PodState.IsFinished(pod) ? Ended : running).Add(pod);
        if (!surges) Doomed.AddRange(running.Skip(1));
        else if (running.Count > 1) OneOfTwo(running);
        else if (running.Count == 0 && run) Missing.Add(node.Metadata.Name);
    }

    // While the new one is not there yet, an old one that is ready may stay beside it.
    private void OneOfTwo(List<Pod> running)
    {
        var newer = running.Find(p => DaemonPods.IsUpdated(set, p, hash));
        var older = running.Find(p => !DaemonPods.IsUpdated(set, p, hash));
        Doomed.AddRange(running.Where(p => p != newer && p != older));
        if (newer is not null && older is not null && (!PodState.IsReady(older) || Available(newer))) Doomed.Add(older);
    }

    /// <summary>Replaces old pods, as many at a time as the strategy allows (upstream: update.go, rollingUpdate).</summary>
    public DaemonPlan Roll()
    {
        if (set.Spec.UpdateStrategy.Type != UpdateStrategyType.RollingUpdate) return this;
        if (surges) Surge();
        else Replace();
        return this;
    }

    private void Replace()
    {
        var (unavailable, replacements, candidates) = (0, new List<Pod>(), new List<Pod>());
        foreach (var (_, pods) in ByName())
        {
            if (!OnePair(pods, out var newer, out var older) || newer is null == older is null) unavailable++;
            else if (newer is not null) unavailable += Available(newer) ? 0 : 1;
            // An old one that serves nobody goes at no cost.
            else if (!Available(older!)) replacements.Add(older!);
            else if (unavailable < MaxUnavailable) candidates.Add(older!);
        }
        Doomed.AddRange(replacements);
        Doomed.AddRange(candidates.Take(Math.Max(0, MaxUnavailable - unavailable)));
    }

    private void Surge()
    {
        var (surging, allowed, candidates) = (0, new List<string>(), new List<string>());
        foreach (var (node, pods) in ByName())
        {
            if (!OnePair(pods, out var newer, out var older)) surging++;
            else if (older is null) continue;
            else if (newer is null)
            {
                if (!Available(older)) allowed.Add(node);
                else if (surging < MaxSurge) candidates.Add(node);
            }
            else if (!Available(newer)) surging++;
            else if (!Doomed.Contains(older)) Doomed.Add(older);
        }
        var existing = nodes.Where(n => DaemonPods.Belongs(set, n).Run).Select(n => n.Metadata.Name).ToHashSet();
        Missing.AddRange(allowed.Concat(candidates.Take(Math.Max(0, MaxSurge - surging))).Where(existing.Contains));
    }

    private IEnumerable<KeyValuePair<string, List<Pod>>> ByName() => byNode.OrderBy(n => n.Key, StringComparer.Ordinal);

    /// <summary>False: there is more than one of a sort, which <see cref="Manage()"/> clears up first.</summary>
    private bool OnePair(List<Pod> pods, out Pod? newer, out Pod? older)
    {
        (newer, older) = (null, null);
        foreach (var pod in pods.Where(p => p.Metadata.DeletionTimestamp is null))
        {
            if (DaemonPods.IsUpdated(set, pod, hash))
            {
                if (newer is not null) return false;
                newer = pod;
            }
            else
            {
                if (older is not null) return false;
                older = pod;
            }
        }
        return true;
    }

    private bool Available(Pod pod) => PodState.IsAvailable(pod, set.Spec.MinReadySeconds, now);

    /// <summary>Counts nodes, by the oldest pod of each (upstream: updateDaemonSetStatus).</summary>
    public DaemonSetStatus Status(int? collisions)
    {
        var status = new DaemonSetStatus
        {
            ObservedGeneration = set.Metadata.Generation, CollisionCount = collisions, Conditions = set.Status.Conditions, DesiredNumberScheduled = Desired,
        };
        foreach (var node in nodes)
        {
            var pod = byNode.GetValueOrDefault(node.Metadata.Name)?.FirstOrDefault();
            if (!DaemonPods.Belongs(set, node).Run)
            {
                if (pod is not null) status.NumberMisscheduled++;
                continue;
            }
            if (pod is null) continue;
            status.CurrentNumberScheduled++;
            if (PodState.IsReady(pod)) status.NumberReady++;
            if (Available(pod)) status.NumberAvailable++;
            if (DaemonPods.IsUpdated(set, pod, hash)) status.UpdatedNumberScheduled++;
        }
        status.NumberUnavailable = Desired - status.NumberAvailable;
        return status;
    }
}
