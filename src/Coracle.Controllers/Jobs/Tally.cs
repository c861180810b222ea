using Coracle.Controllers.Pods;
using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Jobs;

/// <summary>
/// Counts pods that ended, each once, whatever fails in between (upstream: trackJobStatusAndRemoveFinalizers). A pod goes from its finalizer by
/// way of status.uncountedTerminatedPods into the counters: (1) its uid is written to the list, (2) its finalizer is removed, (3) the counter grows and
/// the uid leaves the list, in one write. A crash between any two leaves enough to go on from.
/// </summary>
internal sealed class Tally(Client client, PodChanges changes, EventRecorder events)
{
    private const int UncountedMax = 500; // keeps the status below 20 kB

    /// <summary>Does all three steps for as many pods as the list takes, and ends the job when nothing is left to count. Throws ApiException when something must be tried again.</summary>
    public async ValueTask RunAsync(JobRun run, bool changed, CancellationToken cancel)
    {
        var tracked = run.Pods.Where(JobPods.IsTracked).Select(static p => p.Metadata.Uid).ToHashSet();
        changed |= Settle(run.Status, tracked);
        var (ended, all) = Enlist(run, ref changed);
        if (JobShape.IsIndexed(run.Spec)) changed |= WriteIndexes(run);
        changed |= Announce(run);
        if (changed) run.Job = await WriteAsync(run.Job, cancel);                                        // 1

        var failure = await ReleaseAsync(ended, tracked, cancel);                                         // 2
        changed = Settle(run.Status, tracked);
        var finished = failure is null && all && Finish(run);
        if (changed || finished) run.Job = await WriteAsync(run.Job, cancel);                             // 3
        if (failure is not null) throw failure;
        if (finished) Tell(run);
    }

    /// <summary>Moves what is in the lists and has no finalizer any more into the counters.</summary>
    private static bool Settle(JobStatus status, HashSet<string> tracked)
    {
        var uncounted = status.UncountedTerminatedPods ??= new();
        var succeeded = uncounted.Succeeded?.RemoveAll(uid => !tracked.Contains(uid)) ?? 0;
        var failed = uncounted.Failed?.RemoveAll(uid => !tracked.Contains(uid)) ?? 0;
        if (uncounted.Succeeded is { Count: 0 }) uncounted.Succeeded = null;
        if (uncounted.Failed is { Count: 0 }) uncounted.Failed = null;
        status.Succeeded += succeeded;
        status.Failed += failed;
        return succeeded + failed > 0;
    }

    /// <summary>Puts pods that ended on the lists. Returns those whose finalizer may go, and whether these are all.</summary>
    private static (List<Pod> Ended, bool All) Enlist(JobRun run, ref bool changed)
    {
        var lists = run.Status.UncountedTerminatedPods!;
        var ended = new List<Pod>();
        var newIndexes = new List<int>();
        foreach (var pod in run.Pods)
        {
            if (!JobPods.IsTracked(pod) || !MayRelease(run, pod)) continue;
            ended.Add(pod);
            if (pod.Status.Phase == "Succeeded" && !run.WasUncountedFailure(pod)) changed |= EnlistSuccess(run, pod, newIndexes);
            else if (CountsAsFailure(run, pod))
            {
                (lists.Failed ??= []).Add(pod.Metadata.Uid);
                changed = true;
            }
            if (newIndexes.Count + (lists.Succeeded?.Count ?? 0) + (lists.Failed?.Count ?? 0) >= UncountedMax) return (ended, false);
        }
        return (ended, true);
    }

    // An index is counted by being in the set of indexes: its uid need not be remembered.
    private static bool EnlistSuccess(JobRun run, Pod pod, List<int> newIndexes)
    {
        if (JobShape.IsIndexed(run.Spec))
        {
            if (run.ValidIndex(pod) is not { } index || run.SucceededBefore.Contains(index)) return false;
            newIndexes.Add(index);
            return true;
        }
        if (run.WasUncountedSuccess(pod)) return false;
        (run.Status.UncountedTerminatedPods!.Succeeded ??= []).Add(pod.Metadata.Uid);
        return true;
    }

    // When the job failed, whatever still ran failed with it; when it succeeded early, what still ran does not count at all.
    private static bool CountsAsFailure(JobRun run, Pod pod)
    {
        if (!run.IsFailed(pod) && run.Finish is null or { Type: JobConditionType.SuccessCriteriaMet }) return false;
        if (run.WasUncountedFailure(pod) || (JobShape.IsIndexed(run.Spec) && run.ValidIndex(pod) is null)) return false;
        return run.Counts(pod);
    }

    private static bool MayRelease(JobRun run, Pod pod)
    {
        if (run.Job.Metadata.DeletionTimestamp is not null || run.Finish is not null || pod.Status.Phase == "Succeeded") return true;
        return run.IsFailed(pod) && !(run.ValidIndex(pod) is { } index && run.AwaitingReplacement.TryGetValue(index, out var last) && last.Metadata.Uid == pod.Metadata.Uid);
    }

    private static bool WriteIndexes(JobRun run)
    {
        var (succeeded, failed) = (run.SucceededIndexes.ToString(), run.FailedIndexes?.ToString());
        var changed = succeeded != run.Status.CompletedIndexes || failed != run.Status.FailedIndexes;
        run.Status.Succeeded = run.SucceededIndexes.Total;
        run.Status.CompletedIndexes = succeeded;
        run.Status.FailedIndexes = failed;
        return changed;
    }

    /// <summary>Writes down how the job will end before any finalizer goes; <see cref="JobRun.Finish"/> becomes the condition that ends it.</summary>
    private static bool Announce(JobRun run)
    {
        if (run.Finish is not { } interim) return false;
        var isInterim = interim.Type is JobConditionType.FailureTarget or JobConditionType.SuccessCriteriaMet;
        var isNew = isInterim && JobConditions.True(run.Status, interim.Type) is null;
        if (isNew) (run.Status.Conditions ??= []).Add(interim);
        var end = interim.Type == JobConditionType.SuccessCriteriaMet ? JobConditionType.Complete : JobConditionType.Failed;
        run.Finish = JobConditions.New(end, interim.Reason, interim.Message, run.Now);
        return isNew;
    }

    private async ValueTask<Exception?> ReleaseAsync(List<Pod> pods, HashSet<string> tracked, CancellationToken cancel)
    {
        var outcome = await SlowStart.BatchAsync(pods.Count, async i =>
        {
            await changes.ReleaseAsync(pods[i], cancel);
            lock (tracked) tracked.Remove(pods[i].Metadata.Uid);
        });
        return outcome.Failure;
    }

    /// <summary>Sets the condition that ends the job; false when pods have to be counted, or to end, before.</summary>
    private static bool Finish(JobRun run)
    {
        if (run.Finish is not { } end || run.Status.UncountedTerminatedPods is { Succeeded.Count: > 0 } or { Failed.Count: > 0 } || run.Terminating > 0) return false;
        JobConditions.Set(run.Status, end.Type, ConditionStatus.True, end.Reason, end.Message, run.Now);
        if (end.Type == JobConditionType.Complete) run.Status.CompletionTime = run.Now;
        return true;
    }

    private async ValueTask<Job> WriteAsync(Job job, CancellationToken cancel) => await client.UpdateStatusAsync(job, cancel);

    private void Tell(JobRun run)
    {
        var end = run.Finish!;
        if (end.Type == JobConditionType.Failed)
        {
            events.Warning(run.Job, end.Reason, end.Message);
            return;
        }
        if (run.Spec.Completions is { } wanted && run.Status.Succeeded > wanted)
            events.Warning(run.Job, "TooManySucceededPods", "Too many succeeded pods running after completion count reached");
        events.Normal(run.Job, "Completed", "Job completed");
    }
}
