using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Jobs;

/// <summary>
/// Decides whether a job is to end, before any pod is touched (upstream: job_controller.go, syncJob). The first that holds: (1) that was decided
/// in an earlier reconcile, (2) the failure policy, (3) too many failures, (4) too long, (5) failed indexes, (6) the success policy.
/// </summary>
public static class JobVerdict
{
    public static JobCondition? Of(JobRun run) =>
        Earlier(run) ?? ByFailurePolicy(run)                                                        // 1, 2
        ?? ByBackoffLimit(run) ?? ByDeadline(run)                                                   // 3, 4
        ?? (JobShape.IsIndexed(run.Spec) ? ByFailedIndexes(run) ?? BySuccessPolicy(run) : null);    // 5, 6

    /// <summary>All that must succeed did.</summary>
    public static JobCondition? Completed(JobRun run)
    {
        var complete = run.Active == 0 && (run.Spec.Completions is { } wanted ? run.Succeeded >= wanted : run.Succeeded > 0);
        return complete ? JobConditions.New(JobConditionType.SuccessCriteriaMet, "CompletionsReached", "Reached expected number of succeeded pods", run.Now) : null;
    }

    /// <summary>How long until the job's deadline; null when it has none or does not run.</summary>
    public static TimeSpan? UntilDeadline(JobRun run) =>
        run.Spec.ActiveDeadlineSeconds is { } seconds && run.Status.StartTime is { } start && !JobShape.IsSuspended(run.Spec)
            ? start.AddSeconds(seconds) - run.Now : null;

    private static JobCondition? Earlier(JobRun run)
    {
        if (JobConditions.True(run.Status, JobConditionType.SuccessCriteriaMet) is { } met) return met;
        return JobConditions.True(run.Status, JobConditionType.FailureTarget) is { } target
            ? JobConditions.New(JobConditionType.Failed, target.Reason, target.Message, run.Now) : null;
    }

    private static JobCondition? ByFailurePolicy(JobRun run)
    {
        if (run.Spec.PodFailurePolicy is not { } policy) return null;
        foreach (var pod in run.Pods)
            if (run.IsFailed(pod) && FailurePolicy.Judge(policy, pod).FailsJob is { } why) return Failure(run, "PodFailurePolicy", why);
        return null;
    }

    private static JobCondition? ByBackoffLimit(JobRun run)
    {
        var limit = run.Spec.BackoffLimit ?? int.MaxValue;
        return run.Failed > limit || RestartsReach(run, limit) ? Failure(run, "BackoffLimitExceeded", "Job has reached the specified backoff limit") : null;
    }

    // Containers that are restarted in place count as the pods' failures, for pods that do so.
    private static bool RestartsReach(JobRun run, int limit)
    {
        if (run.Spec.Template.Spec.RestartPolicy != RestartPolicy.OnFailure) return false;
        var restarts = run.Pods.Where(static p => p.Status.Phase is "Running" or "Pending")
            .SelectMany(static p => (p.Status.InitContainerStatuses ?? []).Concat(p.Status.ContainerStatuses ?? [])).Sum(static s => s.RestartCount);
        return limit == 0 ? restarts > 0 : restarts >= limit;
    }

    private static JobCondition? ByDeadline(JobRun run) =>
        UntilDeadline(run) <= TimeSpan.Zero ? Failure(run, "DeadlineExceeded", "Job was active longer than specified deadline") : null;

    private static JobCondition? ByFailedIndexes(JobRun run)
    {
        if (run.FailedIndexes is not { Total: > 0 and var failed }) return null;
        if (failed > run.Spec.MaxFailedIndexes) return Failure(run, "MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes");
        return failed + run.SucceededIndexes.Total >= run.Completions ? Failure(run, "FailedIndexes", "Job has failed indexes") : null;
    }

    private static JobCondition? BySuccessPolicy(JobRun run) =>
        SuccessCriteria.Met(run.Spec.SuccessPolicy, run.Completions, run.SucceededIndexes) is { } why
            ? JobConditions.New(JobConditionType.SuccessCriteriaMet, "SuccessPolicy", why, run.Now) : null;

    private static JobCondition Failure(JobRun run, string reason, string message) => JobConditions.New(JobConditionType.FailureTarget, reason, message, run.Now);
}
