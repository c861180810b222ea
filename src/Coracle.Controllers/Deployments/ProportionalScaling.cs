using Coracle.Kinds.Apps.V1;

namespace Coracle.Controllers.Deployments;

/// <summary>
/// Scaling a deployment that is in the middle of a rollout: every active set gets its share of the change, so that neither the new nor the old
/// pods gain weight by it (upstream: sync.go scale, deployment_util.go GetReplicaSetProportion).
/// </summary>
internal static class ProportionalScaling
{
    /// <summary>
    /// The sizes of the active sets. What rounding leaves over goes to the largest one; among equals that is the newest when growing, the oldest when
    /// shrinking.
    /// </summary>
    /// <param name="limits">Of the deployment as it is wanted now.</param>
    /// <param name="pods">How many pods the deployment has: for sets that do not say how large it was when they got their size.</param>
    /// <param name="sets">All its sets.</param>
    public static List<Resize> Plan(RolloutLimits limits, int pods, IEnumerable<ReplicaSet> sets)
    {
        var active = sets.Where(static s => Rollout.Size(s) > 0).ToList();
        var allowed = limits.Replicas > 0 ? limits.MaxTotal : 0;
        var change = allowed - active.Sum(Rollout.Size);
        var ordered = Order(active, growing: change > 0);
        var added = 0;
        var plan = new List<Resize>(ordered.Count);
        foreach (var set in ordered)
        {
            var share = change == 0 ? 0 : Share(set, limits, pods, change, change - added);
            added += share;
            plan.Add(new(set, Rollout.Size(set) + share));
        }
        if (plan.Count > 0 && change != 0) plan[0] = plan[0] with { Size = Math.Max(0, plan[0].Size + change - added) };
        return plan;
    }

    private static List<ReplicaSet> Order(List<ReplicaSet> active, bool growing)
    {
        var bySize = active.OrderByDescending(Rollout.Size);
        return growing
            ? [.. bySize.ThenByDescending(static s => s.Metadata.CreationTimestamp).ThenByDescending(static s => s.Metadata.Name, StringComparer.Ordinal)]
            : [.. bySize.ThenBy(static s => s.Metadata.CreationTimestamp).ThenBy(static s => s.Metadata.Name, StringComparer.Ordinal)];
    }

    // Never more than what is left to share out, in either direction.
    private static int Share(ReplicaSet set, RolloutLimits limits, int pods, int change, int left)
    {
        if (left == 0) return 0;
        var fraction = Fraction(set, limits, pods);
        return change > 0 ? Math.Min(fraction, left) : Math.Max(fraction, left);
    }

    private static int Fraction(ReplicaSet set, RolloutLimits limits, int pods)
    {
        var size = Rollout.Size(set);
        if (limits.Replicas == 0) return -size;
        var before = Revisions.MaxReplicas(set) is { } annotated and not 0 ? annotated : pods;
        if (before == 0) return 0;
        return (int)Math.Round((double)size * limits.MaxTotal / before, MidpointRounding.AwayFromZero) - size;
    }
}
