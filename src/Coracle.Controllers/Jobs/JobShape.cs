using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Controllers.Jobs;

/// <summary>What kind of job a spec asks for, and where a job stands in its life.</summary>
public static class JobShape
{
    public static bool IsIndexed(JobSpec spec) => spec.CompletionMode == CompletionMode.Indexed;
    public static bool HasLimitPerIndex(JobSpec spec) => IsIndexed(spec) && spec.BackoffLimitPerIndex is not null;
    public static bool IsSuspended(JobSpec spec) => spec.Suspend == true;
    public static bool ReplacesOnlyFailed(JobSpec spec) => spec.PodReplacementPolicy == PodReplacementPolicy.Failed || spec.PodFailurePolicy is not null;

    /// <summary>Another controller looks after the job.</summary>
    public static bool IsForeign(Job job) => job.Spec.ManagedBy is { } manager && manager != JobNames.ControllerName;

    /// <summary>The condition that ended the job, Complete or Failed; null while it goes on.</summary>
    public static JobCondition? Ended(Job job) =>
        job.Status.Conditions?.Find(static c => c.Type is JobConditionType.Complete or JobConditionType.Failed && c.Status == ConditionStatus.True);
}
