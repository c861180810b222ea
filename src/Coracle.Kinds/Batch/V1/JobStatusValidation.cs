using System.Text.Json.Nodes;
using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Batch.V1;

/// <summary>
/// What the status of a job may say, since controllers other than the built-in one may write it (upstream: validateJobStatus, ValidateJobStatusUpdate). Most
/// rules hold only for what changes, so that a status that was accepted once can be written on.
/// </summary>
public sealed partial class JobRules
{
    private static readonly FieldPath StatusPath = FieldPath.Of("status");

    private static bool Has(Job job, string condition) => job.Status.Conditions?.Exists(c => c.Type == condition && c.Status == ConditionStatus.True) == true;
    private static bool IsFinished(Job job) => Has(job, JobConditionType.Complete) || Has(job, JobConditionType.Failed);

    private static void StatusChange(Job job, Job old, FieldErrors errors)
    {
        Counts(job.Status, errors);
        Uncounted(job.Status.UncountedTerminatedPods, errors);
        bool Turned(string condition) => Has(job, condition) != Has(old, condition);

        Conflicts(job, Turned, errors);
        Times(job, old, Turned(JobConditionType.Complete), errors);
        Conditions(job, Turned, errors);
        Finished(job, old, errors);
        Indexes(job, old, errors);
        if (IsFinished(job) && job.Status.Terminating > 0 && (!IsFinished(old) || job.Status.Terminating != old.Status.Terminating))
            errors.Invalid(StatusPath / "terminating", job.Status.Terminating, "terminating>0 is invalid for finished job");
        if (job.Status.Ready > job.Status.Active && (job.Status.Ready != old.Status.Ready || job.Status.Active != old.Status.Active))
            errors.Invalid(StatusPath / "ready", job.Status.Ready, "cannot set more ready pods than active");
        Success(job, old, errors);
        Monotony(job, old, errors);
    }

    private static void Counts(JobStatus status, FieldErrors errors)
    {
        errors.NonNegative(StatusPath / "active", status.Active);
        errors.NonNegative(StatusPath / "succeeded", status.Succeeded);
        errors.NonNegative(StatusPath / "failed", status.Failed);
        errors.NonNegative(StatusPath / "ready", status.Ready);
        errors.NonNegative(StatusPath / "terminating", status.Terminating);
    }

    private static void Uncounted(UncountedTerminatedPods? pods, FieldErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Each(pods?.Succeeded, StatusPath / "uncountedTerminatedPods" / "succeeded");
        Each(pods?.Failed, StatusPath / "uncountedTerminatedPods" / "failed");

        void Each(List<string>? uids, FieldPath path)
        {
            for (var i = 0; i < (uids?.Count ?? 0); i++)
            {
                if (uids![i].Length == 0) errors.Invalid(path[i], "", "must not be empty");
                else if (!seen.Add(uids[i])) errors.Duplicate(path[i], uids[i]);
            }
        }
    }

    private static void Conflicts(Job job, Func<string, bool> turned, FieldErrors errors)
    {
        if (!Has(job, JobConditionType.Complete)) return;
        if (Has(job, JobConditionType.Failed) && (turned(JobConditionType.Complete) || turned(JobConditionType.Failed)))
            errors.Invalid(StatusPath / "conditions", "cannot set Complete=True and Failed=true conditions");
        if (Has(job, JobConditionType.FailureTarget) && (turned(JobConditionType.Complete) || turned(JobConditionType.FailureTarget)))
            errors.Invalid(StatusPath / "conditions", "cannot set Complete=True and FailureTarget=true conditions");
    }

    private static void Times(Job job, Job old, bool completeTurned, FieldErrors errors)
    {
        var (status, complete) = (job.Status, Has(job, JobConditionType.Complete));
        var path = StatusPath / "completionTime";
        var completionChanged = status.CompletionTime != old.Status.CompletionTime;
        if (completeTurned || completionChanged)
        {
            if (status.CompletionTime is not null && !complete) errors.Invalid(path, Time(status.CompletionTime), "cannot set completionTime when there is no Complete=True condition");
            if (status.CompletionTime is null && complete) errors.Required(path, "completionTime is required for Complete jobs");
        }
        if (status.CompletionTime < status.StartTime && (completionChanged || status.StartTime != old.Status.StartTime))
            errors.Invalid(path, Time(status.CompletionTime), "completionTime cannot be set before startTime");
    }

    private static void Conditions(Job job, Func<string, bool> turned, FieldErrors errors)
    {
        if (Has(job, JobConditionType.Failed) && !Has(job, JobConditionType.FailureTarget) && (turned(JobConditionType.Failed) || turned(JobConditionType.FailureTarget)))
            errors.Invalid(StatusPath / "conditions", "cannot set Failed=True condition without the FailureTarget=true condition");
        if (Has(job, JobConditionType.Complete) && !Has(job, JobConditionType.SuccessCriteriaMet) && (turned(JobConditionType.Complete) || turned(JobConditionType.SuccessCriteriaMet)))
            errors.Invalid(StatusPath / "conditions", "cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
    }

    private static void Finished(Job job, Job old, FieldErrors errors)
    {
        if (!IsFinished(job)) return;
        var (status, before, turned) = (job.Status, old.Status, !IsFinished(old));
        if (status.Active > 0 && (turned || status.Active != before.Active)) errors.Invalid(StatusPath / "active", status.Active, "active>0 is invalid for finished job");
        if (status.StartTime is null && (turned || before.StartTime is not null)) errors.Required(StatusPath / "startTime", "startTime is required for finished job");
        var uncounted = status.UncountedTerminatedPods;
        var changed = !(uncounted?.ContentEquals(before.UncountedTerminatedPods) ?? before.UncountedTerminatedPods is null);
        if ((uncounted?.Succeeded?.Count ?? 0) + (uncounted?.Failed?.Count ?? 0) > 0 && (turned || changed))
            errors.Invalid(StatusPath / "uncountedTerminatedPods", Checks.Shown(uncounted), "uncountedTerminatedPods needs to be empty for finished job");
    }

    private static void Indexes(Job job, Job old, FieldErrors errors)
    {
        var (spec, status) = (job.Spec, job.Status);
        var (completed, failed) = (StatusPath / "completedIndexes", StatusPath / "failedIndexes");
        var (doneChanged, lostChanged) = (status.CompletedIndexes != old.Status.CompletedIndexes, status.FailedIndexes != old.Status.FailedIndexes);
        if (doneChanged && spec.Completions is { } all && JobIndexes.Problem(status.CompletedIndexes, all, out _) is { } wrong)
            errors.Invalid(completed, status.CompletedIndexes, "error parsing completedIndexes: " + wrong);
        if (lostChanged && spec is { Completions: { } count, BackoffLimitPerIndex: not null } && JobIndexes.Problem(status.FailedIndexes ?? "", count, out _) is { } bad)
            errors.Invalid(failed, status.FailedIndexes, "error parsing failedIndexes: " + bad);
        if (doneChanged && status.CompletedIndexes.Length > 0 && !JobSpecValidation.IsIndexed(spec))
            errors.Invalid(completed, status.CompletedIndexes, "cannot set non-empty completedIndexes when non-indexed completion mode");
        if (lostChanged && status.FailedIndexes is not null && spec.BackoffLimitPerIndex is null)
            errors.Invalid(failed, status.FailedIndexes, "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
        if ((doneChanged || lostChanged) && spec.Completions is { } total && JobIndexes.Overlap(status.CompletedIndexes, status.FailedIndexes ?? "", total) is { } overlap)
            errors.Invalid(failed, status.FailedIndexes, overlap);
    }

    private static void Success(Job job, Job old, FieldErrors errors)
    {
        var path = StatusPath / "conditions";
        var met = Has(job, JobConditionType.SuccessCriteriaMet);
        if (met && Has(job, JobConditionType.Failed)) errors.Invalid(path, "cannot set SuccessCriteriaMet=True and Failed=true conditions");
        if (met && Has(job, JobConditionType.FailureTarget)) errors.Invalid(path, "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
        if (!met && job.Spec.SuccessPolicy is not null && Has(job, JobConditionType.Complete))
            errors.Invalid(path, "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True");
        foreach (var terminal in (ReadOnlySpan<string>)[JobConditionType.Failed, JobConditionType.Complete, JobConditionType.FailureTarget])
            if (Has(old, terminal) && !Has(job, terminal)) errors.Invalid(path, $"cannot disable the terminal {terminal}=True condition");
    }

    private static void Monotony(Job job, Job old, FieldErrors errors)
    {
        var (status, before) = (job.Status, old.Status);
        if (status.Failed < before.Failed) errors.Invalid(StatusPath / "failed", status.Failed, "cannot decrease the failed counter");
        // A job that is scaled down loses what its last indexes did.
        var mayShrink = JobSpecValidation.IsIndexed(job.Spec) && job.Spec.Completions == job.Spec.Parallelism;
        if (status.Succeeded < before.Succeeded && !mayShrink) errors.Invalid(StatusPath / "succeeded", status.Succeeded, "cannot decrease the succeeded counter");
        if (status.CompletionTime is not null && before.CompletionTime is not null && status.CompletionTime != before.CompletionTime)
            errors.Invalid(StatusPath / "completionTime", Time(status.CompletionTime), "completionTime cannot be mutated");
        // A job that is resumed starts anew, and is unsuspended by then.
        if (before.StartTime is not null && status.StartTime != before.StartTime && job.Spec.Suspend != true && !Has(old, JobConditionType.Suspended))
            errors.Required(StatusPath / "startTime", "startTime cannot be removed for unsuspended job");
        var path = StatusPath / "conditions";
        if (Has(old, JobConditionType.SuccessCriteriaMet) && !Has(job, JobConditionType.SuccessCriteriaMet))
            errors.Invalid(path, "cannot disable the SuccessCriteriaMet=True condition");
        if (Has(old, JobConditionType.Complete) && !Has(old, JobConditionType.SuccessCriteriaMet) && Has(job, JobConditionType.SuccessCriteriaMet))
            errors.Invalid(path, "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions");
    }

    private static JsonValue? Time(DateTimeOffset? time) => time is { } known ? JsonValue.Create(GoTime.Format(known)) : null;
}
