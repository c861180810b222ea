using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Controllers.Jobs;

/// <summary>A job's conditions, which have their own type and rules (upstream: job_controller.go, ensureJobConditionStatus).</summary>
public static class JobConditions
{
    public static JobCondition New(string type, string reason, string message, DateTimeOffset now) => New(type, ConditionStatus.True, reason, message, now);

    private static JobCondition New(string type, string status, string reason, string message, DateTimeOffset now) => new()
    {
        Type = type, Status = status, Reason = reason, Message = message, LastProbeTime = now, LastTransitionTime = now,
    };

    public static JobCondition? True(JobStatus status, string type) =>
        status.Conditions?.Find(c => c.Type == type && c.Status == ConditionStatus.True);

    /// <summary>Adds or replaces the condition of this type; false when it said the same already. One that is False is not added where there was none.</summary>
    public static bool Set(JobStatus status, string type, string value, string reason, string message, DateTimeOffset now)
    {
        var list = status.Conditions ??= [];
        var at = list.FindIndex(c => c.Type == type);
        if (at < 0 ? value == ConditionStatus.False : list[at].Status == value && list[at].Reason == reason && list[at].Message == message) return false;
        var condition = New(type, value, reason, message, now);
        if (at < 0) list.Add(condition);
        else list[at] = condition;
        return true;
    }
}
