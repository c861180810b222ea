using Coracle.Kinds.Apps.V1;

namespace Coracle.Controllers.Deployments;

/// <summary>Follows a change of the deployment's size, which comes before any rollout, and while it is paused, instead of it (upstream: sync.go, scale).</summary>
internal static class Scaling
{
    /// <summary>A set that has pods got its size when the deployment had another.</summary>
    public static bool IsDue(Rollout rollout) =>
        rollout.AllSets.Any(s => Rollout.Size(s) > 0 && Revisions.DesiredReplicas(s) is { } then && then != rollout.Limits.Replicas);

    /// <summary>
    /// The sizes that sets are to get: (1) where one alone has pods, or none has, it gets all; (2) where the new one has all, the old get none;
    /// (3) in the middle of a rolling update each gets its share.
    /// </summary>
    public static IReadOnlyList<Resize> Plan(Rollout rollout)
    {
        var limits = rollout.Limits;
        if (ActiveOrLatest(rollout) is { } only) return [new(only, limits.Replicas)];                          // 1
        if (IsSaturated(rollout.NewSet, limits.Replicas)) return [.. rollout.ActiveOldSets.Select(static s => new Resize(s, 0))]; // 2
        if (rollout.Deployment.Spec.Strategy.Type != DeploymentStrategyType.RollingUpdate) return [];
        return ProportionalScaling.Plan(limits, rollout.Deployment.Status.Replicas, rollout.AllSets);          // 3
    }

    private static ReplicaSet? ActiveOrLatest(Rollout rollout)
    {
        var active = rollout.AllSets.Where(static s => Rollout.Size(s) > 0).Take(2).ToList();
        return active.Count switch
        {
            0 => rollout.NewSet ?? rollout.OldSets.LastOrDefault(),
            1 => active[0],
            _ => null,
        };
    }

    private static bool IsSaturated(ReplicaSet? set, int replicas) =>
        set is not null && Rollout.Size(set) == replicas && Revisions.DesiredReplicas(set) == replicas && set.Status.AvailableReplicas == replicas;
}
