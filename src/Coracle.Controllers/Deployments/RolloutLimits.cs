using Coracle.Kinds.Apps.V1;
using Coracle.Schema;

namespace Coracle.Controllers.Deployments;

/// <summary>How many pods a deployment may have, and must have available, while it rolls out (upstream: deployment_util.go, ResolveFenceposts).</summary>
/// <param name="Replicas">Pods wanted.</param>
/// <param name="MaxSurge">Pods that may exist beyond those.</param>
/// <param name="MaxUnavailable">Pods of those wanted that need not be available.</param>
internal readonly record struct RolloutLimits(int Replicas, int MaxSurge, int MaxUnavailable)
{
    public int MaxTotal => Replicas + MaxSurge;
    public int MinAvailable => Replicas - MaxUnavailable;

    public static RolloutLimits Of(DeploymentSpec spec)
    {
        var replicas = spec.Replicas ?? 1;
        if (spec.Strategy.Type != DeploymentStrategyType.RollingUpdate) return new(replicas, 0, 0);
        var (surge, unavailable) = Resolve(spec.Strategy.RollingUpdate?.MaxSurge, spec.Strategy.RollingUpdate?.MaxUnavailable, replicas);
        return new(replicas, surge, Math.Min(unavailable, replicas));
    }

    /// <summary>Shares are rounded in favour of pods: surge up, unavailable down. Where that leaves no room to move at all, one pod may be missing.</summary>
    public static (int Surge, int Unavailable) Resolve(IntOrString? maxSurge, IntOrString? maxUnavailable, int replicas)
    {
        var surge = maxSurge?.Scaled(replicas, roundUp: true) ?? 0;
        var unavailable = maxUnavailable?.Scaled(replicas, roundUp: false) ?? 0;
        return (surge, surge == 0 && unavailable == 0 ? 1 : unavailable);
    }
}
