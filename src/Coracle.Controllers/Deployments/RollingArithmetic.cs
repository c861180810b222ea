using Coracle.Kinds.Apps.V1;

namespace Coracle.Controllers.Deployments;

/// <summary>A replica set and the size it is to get.</summary>
internal readonly record struct Resize(ReplicaSet Set, int Size);

/// <summary>
/// The arithmetic of a rolling update (upstream: rolling.go, deployment_util.go NewRSNewReplicas). It keeps the limits on what exists, not only on
/// what is asked for: a pod counts until its replica set says that it is gone, and an old one counts as available only as far as its set is still
/// to have it. Upstream may have a few pods more for a moment; clients see the same steps.
/// </summary>
internal static class RollingArithmetic
{
    /// <summary>The size the new set may get now, of all sets given.</summary>
    public static int NewSize(RolloutLimits limits, int size, IEnumerable<ReplicaSet> all)
    {
        if (size >= limits.Replicas) return limits.Replicas;
        var room = limits.MaxTotal - all.Sum(static s => Math.Max(Rollout.Size(s), s.Status.Replicas));
        return room <= 0 ? size : size + Math.Min(room, limits.Replicas - size);
    }

    /// <summary>
    /// Which old sets shrink now. (1) By as much as leaves the minimum available, when nothing more of the new set becomes so. (2) Pods that are not
    /// available go first: they serve nobody. (3) Then available ones. Both of the oldest sets first.
    /// </summary>
    public static List<Resize> Shrink(RolloutLimits limits, ReplicaSet newSet, IReadOnlyList<ReplicaSet> old)
    {
        var may = old.Sum(Rollout.Size) + Available(newSet, Rollout.Size(newSet)) - limits.MinAvailable;       // 1
        var sizes = old.Select(Rollout.Size).ToArray();
        for (var i = 0; i < sizes.Length && may > 0; i++)                                                      // 2
            may -= Take(ref sizes[i], Math.Min(may, sizes[i] - Available(old[i], sizes[i])));
        for (var i = 0; i < sizes.Length && may > 0; i++)                                                      // 3
            may -= Take(ref sizes[i], Math.Min(may, sizes[i]));
        return [.. old.Select((s, i) => new Resize(s, sizes[i])).Where(static r => r.Size != Rollout.Size(r.Set))];
    }

    private static int Available(ReplicaSet set, int size) => Math.Min(set.Status.AvailableReplicas, size);

    private static int Take(ref int size, int count)
    {
        size -= count;
        return count;
    }
}
