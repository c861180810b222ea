using Coracle.Kinds.Autoscaling.V2;

namespace Coracle.Controllers.Autoscaling;

/// <summary>A number of pods and why it is that one: reason and message of a condition.</summary>
internal readonly record struct Limited(int Replicas, string Reason, string Message);

/// <summary>
/// What of a recommendation may be done now (upstream: horizontal.go, normalizeDesiredReplicas and normalizeDesiredReplicasWithBehaviors). Pure, but for the history that it is given.
/// </summary>
internal static class ScalingLimits
{
    /// <summary>Upstream: --horizontal-pod-autoscaler-downscale-stabilization.</summary>
    public const int UsualDownWindow = 300;

    private const int UpFactor = 2, UpMinimum = 4;
    private const string Lower = "recent recommendations were lower than current one, applying the lowest recent recommendation";
    private const string Higher = "recent recommendations were higher than current one, applying the highest recent recommendation";

    private static readonly (string Reason, string Message) Within = ("DesiredWithinRange", "the desired count is within the acceptable range");
    private static readonly (string Reason, string Message) TooMany = ("TooManyReplicas", "the desired replica count is more than the maximum replica count");
    private static readonly (string Reason, string Message) TooFew = ("TooFewReplicas", "the desired replica count is less than the minimum replica count");
    private static readonly (string Reason, string Message) TooFast = ("ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate");
    private static readonly (string Reason, string Message) TooFastDown = ("ScaleDownLimit", "the desired replica count is decreasing faster than the maximum scale rate");

    /// <summary>Neither up nor down at once when it was otherwise a moment ago. What is recommended now is remembered.</summary>
    public static Limited Stabilize(HorizontalPodAutoscalerBehavior? behavior, ScalingHistory history, int current, int desired, DateTimeOffset now)
    {
        var (up, down) = (behavior?.ScaleUp?.StabilizationWindowSeconds ?? 0, behavior?.ScaleDown?.StabilizationWindowSeconds ?? UsualDownWindow);
        int stable;
        if (behavior is null) stable = history.Highest(now.AddSeconds(-down), desired);
        else
        {
            var (lowest, highest) = (history.Lowest(now.AddSeconds(-up), desired), history.Highest(now.AddSeconds(-down), desired));
            stable = Math.Min(Math.Max(current, lowest), highest);
        }
        history.ForgetRecommendations(now.AddSeconds(-Math.Max(up, down)));
        history.Recommend(desired, now);
        if (stable == desired) return new(stable, "ReadyForNewScale", "recommended size matches current size");
        return behavior is not null && desired >= current ? new(stable, "ScaleUpStabilized", Lower) : new(stable, "ScaleDownStabilized", Higher);
    }

    /// <summary>Not beyond the bounds, and not faster than the policies allow.</summary>
    public static Limited Bound(HorizontalPodAutoscaler autoscaler, ScalingHistory history, int current, int desired, DateTimeOffset now)
    {
        var (fewest, most) = (autoscaler.Spec.MinReplicas ?? 1, autoscaler.Spec.MaxReplicas);
        if (autoscaler.Spec.Behavior is not { } behavior) return BoundUsually(current, desired, fewest, most);
        if (desired > current && behavior.ScaleUp is { } up)
        {
            var limit = Math.Max(current, UpLimit(current, history, up, now));
            var (allowed, why) = most > limit ? (limit, TooFast) : (most, TooMany);
            if (desired > allowed) return new(allowed, why.Reason, why.Message);
        }
        else if (desired < current && behavior.ScaleDown is { } down)
        {
            var limit = Math.Min(current, DownLimit(current, history, down, now));
            var (allowed, why) = fewest < limit ? (limit, TooFastDown) : (fewest, TooFew);
            if (desired < allowed) return new(allowed, why.Reason, why.Message);
        }
        return new(desired, Within.Reason, Within.Message);
    }

    private static Limited BoundUsually(int current, int desired, int fewest, int most)
    {
        var limit = Math.Max(UpFactor * current, UpMinimum);
        var (allowed, why) = most > limit ? (limit, TooFast) : (most, TooMany);
        if (desired < fewest) return new(fewest, TooFew.Reason, TooFew.Message);
        return desired > allowed ? new(allowed, why.Reason, why.Message) : new(desired, Within.Reason, Within.Message);
    }

    private static int UpLimit(int current, ScalingHistory history, HPAScalingRules rules, DateTimeOffset now)
    {
        if (rules.SelectPolicy == "Disabled") return current;
        var limits = (rules.Policies ?? []).Select(policy =>
        {
            var before = current - history.Added(policy.PeriodSeconds, now) + history.Removed(policy.PeriodSeconds, now);
            return policy.Type == "Pods" ? before + policy.Value : (int)Math.Ceiling(before * (1 + policy.Value / 100.0));
        }).ToList();
        return limits.Count == 0 ? 0 : rules.SelectPolicy == "Min" ? limits.Min() : limits.Max();
    }

    private static int DownLimit(int current, ScalingHistory history, HPAScalingRules rules, DateTimeOffset now)
    {
        if (rules.SelectPolicy == "Disabled") return current;
        var limits = (rules.Policies ?? []).Select(policy =>
        {
            var before = current - history.Added(policy.PeriodSeconds, now) + history.Removed(policy.PeriodSeconds, now);
            return policy.Type == "Pods" ? before - policy.Value : (int)(before * (1 - policy.Value / 100.0));
        }).ToList();
        return limits.Count == 0 ? int.MaxValue : rules.SelectPolicy == "Min" ? limits.Max() : limits.Min();
    }
}
