using Coracle.Kinds.Meta.V1;

namespace Coracle.Kinds.Policy.V1;

/// <summary>What the condition of a budget says (upstream: apis/policy, UpdateDisruptionAllowedCondition).</summary>
public static class DisruptionConditions
{
    public const string Allowed = "DisruptionAllowed";
    public const string SufficientPods = "SufficientPods";
    public const string InsufficientPods = "InsufficientPods";
    public const string SyncFailed = "SyncFailed";

    /// <summary>Says whether pods may go, by the number that the status allows.</summary>
    public static void Update(PodDisruptionBudgetStatus status, DateTimeOffset now)
    {
        var allowed = status.DisruptionsAllowed > 0;
        Set(status, allowed ? ConditionStatus.True : ConditionStatus.False, allowed ? SufficientPods : InsufficientPods, "", status.ObservedGeneration, now);
    }

    /// <summary>Sets the condition; the time moves with the status alone.</summary>
    public static void Set(PodDisruptionBudgetStatus status, string value, string reason, string message, long generation, DateTimeOffset now)
    {
        var conditions = status.Conditions ??= [];
        var at = conditions.FindIndex(c => c.Type == Allowed);
        var since = at >= 0 && conditions[at].Status == value ? conditions[at].LastTransitionTime : now;
        var condition = new Condition { Type = Allowed, Status = value, Reason = reason, Message = message, ObservedGeneration = generation, LastTransitionTime = since };
        if (at >= 0) conditions[at] = condition;
        else conditions.Add(condition);
    }
}
