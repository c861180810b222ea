using Coracle.Controllers.Pods;
using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Jobs;

/// <summary>One reconcile of a job: the job as it is being changed, its pods, and what is counted of them (upstream: syncJobCtx).</summary>
public sealed class JobRun
{
    private readonly HashSet<string> uncountedSucceeded;
    private readonly HashSet<string> uncountedFailed;

    /// <param name="job">A copy that may be changed.</param>
    /// <param name="pods">The pods it controls.</param>
    /// <param name="now">The time of all that is decided.</param>
    public JobRun(Job job, IEnumerable<Pod> pods, DateTimeOffset now)
    {
        Job = job;
        Now = now;
        // In the order of their indexes, and within one oldest first, so that what is counted first does not depend on the cache's order.
        Pods = [.. pods.OrderBy(static p => JobPods.Index(p) ?? -1).ThenBy(static p => p.Metadata.CreationTimestamp).ThenBy(static p => p.Metadata.Name, StringComparer.Ordinal)];
        ActivePods = [.. Pods.Where(PodState.IsActive)];
        Active = ActivePods.Count;
        Ready = ActivePods.Count(PodState.IsReady);
        Terminating = Pods.Count(PodState.IsTerminating);

        var uncounted = Status.UncountedTerminatedPods ??= new();
        uncountedSucceeded = [.. uncounted.Succeeded ?? []];
        uncountedFailed = [.. uncounted.Failed ?? []];
        NewSucceeded = [.. Uncounted(uncountedSucceeded).Where(static p => p.Status.Phase == "Succeeded")];
        NewFailed = [.. Uncounted(uncountedFailed).Where(IsFailed)];
        Succeeded = Status.Succeeded + NewSucceeded.Count + uncountedSucceeded.Count;
        Failed = Status.Failed + NewFailed.Count(Counts) + uncountedFailed.Count;
        if (JobShape.IsIndexed(Spec)) CountIndexes();
    }

    public Job Job { get; set; }
    public DateTimeOffset Now { get; }
    public JobSpec Spec => Job.Spec;
    public JobStatus Status => Job.Status;
    public IReadOnlyList<Pod> Pods { get; }
    public IReadOnlyList<Pod> ActivePods { get; }

    // Counts of pods; they follow what is created and deleted in this reconcile.
    public int Active { get; set; }
    public int Ready { get; set; }
    public int Terminating { get; set; }

    /// <summary>Pods that ended and are in no count yet.</summary>
    public IReadOnlyList<Pod> NewSucceeded { get; }
    public IReadOnlyList<Pod> NewFailed { get; }

    /// <summary>All that succeeded, those not yet in the status included; of an indexed job: indexes.</summary>
    public int Succeeded { get; private set; }
    public int Failed { get; }

    /// <summary>Indexed jobs: the indexes that succeeded before this reconcile, and now.</summary>
    public IndexSet SucceededBefore { get; private set; } = IndexSet.Empty;
    public IndexSet SucceededIndexes { get; set; } = IndexSet.Empty;

    /// <summary>The indexes that failed for good; null when the job has no limit per index.</summary>
    public IndexSet? FailedIndexes { get; private set; }

    /// <summary>
    /// Of each index that waits for a new pod, the last one that failed. It keeps its finalizer, and so stays, until the new one, which takes over its
    /// count of failures, is there.
    /// </summary>
    public IReadOnlyDictionary<int, Pod> AwaitingReplacement { get; private set; } = new Dictionary<int, Pod>();

    /// <summary>The condition with which the job is to end: an interim one (FailureTarget, SuccessCriteriaMet) or Failed; null while it goes on.</summary>
    public JobCondition? Finish { get; set; }

    public bool IsFailed(Pod pod) => JobPods.IsFailed(pod, Spec);

    /// <summary>The pod's failure is one that counts by the job's policy.</summary>
    public bool Counts(Pod pod) => FailurePolicy.Judge(Spec.PodFailurePolicy, pod).Counts;

    public bool WasUncountedSuccess(Pod pod) => uncountedSucceeded.Contains(pod.Metadata.Uid);
    public bool WasUncountedFailure(Pod pod) => uncountedFailed.Contains(pod.Metadata.Uid);

    /// <summary>The pod's index, when it is one of the job's; always null in a job without indexes.</summary>
    public int? ValidIndex(Pod pod) => JobShape.IsIndexed(Spec) && JobPods.Index(pod) is { } index && index < Completions ? index : null;

    public int Completions => Spec.Completions ?? 0;

    // Pods without the finalizer were counted, or are in the lists of the uncounted.
    private IEnumerable<Pod> Uncounted(HashSet<string> listed) => Pods.Where(pod =>
        JobPods.IsTracked(pod) && !listed.Contains(pod.Metadata.Uid) && (!JobShape.IsIndexed(Spec) || ValidIndex(pod) is not null));

    private void CountIndexes()
    {
        SucceededBefore = IndexSet.Parse(Status.CompletedIndexes, Completions);
        SucceededIndexes = SucceededBefore.With(Tracked().Where(static p => p.Pod.Status.Phase == "Succeeded").Select(static p => p.Index));
        Succeeded = SucceededIndexes.Total;
        if (!JobShape.HasLimitPerIndex(Spec)) return;
        FailedIndexes = IndexSet.Parse(Status.FailedIndexes ?? "", Completions).With(Tracked().Where(p => EndsIndex(p.Pod)).Select(static p => p.Index));
        AwaitingReplacement = LastFailures();
    }

    private IEnumerable<(Pod Pod, int Index)> Tracked()
    {
        foreach (var pod in Pods)
            if (JobPods.IsTracked(pod) && ValidIndex(pod) is { } index) yield return (pod, index);
    }

    // The failure is one too many for its index, or one that a policy says ends the index.
    private bool EndsIndex(Pod pod)
    {
        if (!IsFailed(pod)) return false;
        var verdict = FailurePolicy.Judge(Spec.PodFailurePolicy, pod);
        return verdict.Action == PodFailurePolicyAction.FailIndex || (verdict.Counts && JobPods.EarlierFailures(pod) >= Spec.BackoffLimitPerIndex);
    }

    private Dictionary<int, Pod> LastFailures()
    {
        var busy = ActivePods.Select(ValidIndex).OfType<int>().ToHashSet();
        var last = new Dictionary<int, Pod>();
        foreach (var (pod, index) in Tracked())
        {
            if (!IsFailed(pod) || SucceededIndexes.Contains(index) || FailedIndexes!.Contains(index) || busy.Contains(index)) continue;
            if (!last.TryGetValue(index, out var other) || (Failures(other) <= Failures(pod) && JobPods.EndedAt(pod) >= JobPods.EndedAt(other))) last[index] = pod;
        }
        return last;
    }

    private static int Failures(Pod pod) => JobPods.EarlierFailures(pod) + JobPods.EarlierIgnoredFailures(pod);
}
