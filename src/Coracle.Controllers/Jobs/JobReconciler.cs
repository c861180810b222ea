using Coracle.Controllers.Pods;
using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Jobs;

/// <summary>Runs pods until as many as a job wants have succeeded (upstream: pkg/controller/job).</summary>
public sealed class JobReconciler : IReconciler
{
    public const string Name = "job-controller";
    private const int Workers = 5;

    private readonly Client client;
    private readonly EventRecorder events;
    private readonly Informer<Job> jobs;
    private readonly PodClaims claims;
    private readonly PodChanges changes;
    private readonly Tally tally;
    private readonly BackoffRecords backoffs = new();

    private JobReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        events = new(client, Name);
        jobs = informers.For<Job>();
        claims = new(client, informers.For<Pod>());
        changes = new(client, events);
        tally = new(client, changes, events);
    }

    public static Controller NewController(InformerSet informers)
    {
        var jobs = informers.For<Job>();
        return new ControllerBuilder("job", informers)
            .For<Job>()
            .Watches<Pod>(pod => Callers.Of(pod, jobs, static j => j.Spec.Selector), Callers.When)
            .Workers(Workers)
            .Build(new JobReconciler(informers.Client.As(Name), informers));
    }

    /// <summary>
    /// 1. Claim the pods and count them. 2. Decide whether the job is to end. 3. Delete its pods, or see to it that there are as many as there should
    /// be. 4. Count those that ended and write the status. 5. Come again when a deadline or a back-off is over.
    /// </summary>
    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (jobs.Get(key) is not { } stored || JobShape.IsForeign(stored) || JobShape.Ended(stored) is not null)
        {
            backoffs.Forget(key);
            return Result.Done;
        }
        try
        {
            return await SyncAsync(key, stored, cancel);
        }
        catch (ApiException changed) when (changed.IsNotFound)
        {
            return Result.Done; // what was decided from is not so any more: the event that says so calls again
        }
    }

    private async ValueTask<Result> SyncAsync(Key key, Job stored, CancellationToken cancel)
    {
        var run = new JobRun(stored.DeepCopy(), await claims.ClaimAsync(stored, cancel), client.Time.GetUtcNow());         // 1
        if (run.Status.StartTime is null && !JobShape.IsSuspended(run.Spec)) run.Status.StartTime = run.Now;
        var backoff = backoffs.Of(key, run);

        run.Finish = JobVerdict.Of(run);                                                                                  // 2
        var step = run.Finish is null ? await GoOnAsync(run, backoff, cancel) : await EndAsync(run, cancel);              // 3

        var before = (stored.Status.Active, stored.Status.Ready, stored.Status.Terminating);
        (run.Status.Active, run.Status.Ready, run.Status.Terminating) = (run.Active, run.Ready, run.Terminating);
        var changed = step.Changed || before != (run.Active, (int?)run.Ready, (int?)run.Terminating);
        await tally.RunAsync(run, changed, cancel);                                                                       // 4
        backoffs.Set(key, run, backoff);
        if (step.Failure is not null) return Result.Fail(step.Failure);
        return Soonest(step.Wait, run.Finish is null ? JobVerdict.UntilDeadline(run) : null) is { } wait ? Result.After(wait) : Result.Done; // 5
    }

    private readonly record struct Step(bool Changed, Exception? Failure, TimeSpan? Wait);

    /// <summary>Deletes what still runs. The end is not told before all of it is on its way out.</summary>
    private async ValueTask<Step> EndAsync(JobRun run, CancellationToken cancel)
    {
        var outcome = await changes.DeleteAsync(run, run.ActivePods, release: false, cancel);
        if (outcome.Failure is not null) run.Finish = null;
        return new(false, outcome.Failure, null);
    }

    private async ValueTask<Step> GoOnAsync(JobRun run, PodBackoff backoff, CancellationToken cancel)
    {
        var managed = run.Job.Metadata.DeletionTimestamp is null;
        var plan = managed ? PodPlan.Of(run, backoff) : PodPlan.Nothing;
        var failure = await changes.ApplyAsync(run, plan, cancel);
        run.Finish = JobVerdict.Completed(run);
        return new(run.Finish is null && managed && SetSuspended(run), failure, plan.Wait);
    }

    // The time a job is active ends with its suspension, and begins anew when it is resumed.
    private bool SetSuspended(JobRun run)
    {
        var suspended = JobShape.IsSuspended(run.Spec);
        var (value, reason, message) = suspended ? (ConditionStatus.True, "JobSuspended", "Job suspended") : (ConditionStatus.False, "JobResumed", "Job resumed");
        if (!JobConditions.Set(run.Status, JobConditionType.Suspended, value, reason, message, run.Now)) return false;
        events.Normal(run.Job, suspended ? "Suspended" : "Resumed", message);
        run.Status.StartTime = suspended ? null : run.Now;
        return true;
    }

    private static TimeSpan? Soonest(TimeSpan? a, TimeSpan? b) => a is null ? b : b is null || a < b ? a : b;
}
