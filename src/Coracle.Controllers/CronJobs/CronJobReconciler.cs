using System.Globalization;
using Coracle.Controllers.Jobs;
using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.CronJobs;

/// <summary>Makes a job whenever a cron job's schedule says so (upstream: pkg/controller/cronjob).</summary>
public sealed class CronJobReconciler : IReconciler
{
    public const string Name = "cronjob-controller";
    private const int Workers = 5;

    private readonly Client client;
    private readonly EventRecorder events;
    private readonly Informer<CronJob> crons;
    private readonly Informer<Job> jobs;
    private readonly JobHistory history;

    private CronJobReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        events = new(client, Name);
        crons = informers.For<CronJob>();
        jobs = informers.For<Job>();
        history = new(client, events);
    }

    public static Controller NewController(InformerSet informers) => new ControllerBuilder("cronjob", informers)
        .For<CronJob>().Owns<Job>().Workers(Workers).Build(new CronJobReconciler(informers.Client.As(Name), informers));

    private readonly record struct Step(bool Changed, TimeSpan? Wait = null, Exception? Failure = null);

    /// <summary>1. Delete old jobs. 2. Note which jobs run. 3. Start one, if it is time. 4. Write the status. 5. Come again at the next time.</summary>
    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (crons.Get(key) is not { } stored) return Result.Done;
        var cron = stored.DeepCopy();
        var mine = jobs.OwnedBy(stored.Metadata.Uid).Where(job => Owners.IsControlledBy(job, stored)).OrderBy(static job => job.Metadata.Name, StringComparer.Ordinal).ToList();
        var changed = await history.TrimAsync(cron, mine, cancel);                                  // 1
        changed |= await history.NoteAsync(cron, mine, cancel);                                     // 2
        var step = cron.Metadata.DeletionTimestamp is null ? await StartAsync(cron, cancel) : new Step(false);   // 3
        if (changed || step.Changed) await client.UpdateStatusAsync(cron, cancel);                  // 4
        if (step.Failure is not null) return Result.Fail(step.Failure);
        return step.Wait is { } wait ? Result.After(wait) : Result.Done;                            // 5
    }

    /// <summary>
    /// 1. A suspended job, or one whose schedule makes no sense, waits for its next change. 2. A time too long ago is missed. 3. Each time is used once.
    /// 4. Jobs that still run forbid the next one, or are replaced by it.
    /// </summary>
    private async ValueTask<Step> StartAsync(CronJob cron, CancellationToken cancel)
    {
        if (Zone(cron) is not { } zone || cron.Spec.Suspend == true || Schedule(cron, zone) is not { } schedule) return new(false);     // 1
        var now = client.Time.GetUtcNow();
        if (StartTimes.Of(cron, schedule, now, mindDeadline: true) is not { } times)
        {
            events.Warning(cron, "InvalidSchedule", $"invalid schedule: {cron.Spec.Schedule} : time difference between two schedules is less than 1 second");
            return new(false);
        }
        if (times.Recent is not { } time) return new(false, StartTimes.UntilNext(cron, schedule, now));
        if (times.Missed > StartTimes.MissedMax)
            events.Warning(cron, "TooManyMissedTimes", "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew");

        if (!MayStart(cron, time, now)) return new(false, StartTimes.UntilNext(cron, schedule, now));                                    // 2, 3, 4
        if (cron.Spec.ConcurrencyPolicy == ConcurrencyPolicy.Replace && await history.DeleteActiveAsync(cron, cancel) is { } failure) return new(true, Failure: failure);
        var step = await CreateAsync(cron, ScheduledJob.Make(cron, time, zone), time, cancel);
        // Whatever became of this time, the next one comes.
        return step.Failure is null ? step with { Wait = StartTimes.UntilNext(cron, schedule, now) } : step;
    }

    private bool MayStart(CronJob cron, DateTimeOffset time, DateTimeOffset now)
    {
        if (cron.Spec.StartingDeadlineSeconds is { } seconds && time.AddSeconds(seconds) < now)
        {
            events.Warning(cron, "MissSchedule", $"Missed scheduled time to start a job: {time.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture)}");
            return false;
        }
        var name = ScheduledJob.NameOf(cron, time);
        if (cron.Status.LastScheduleTime == time || cron.Status.Active?.Exists(a => a.Name == name) == true) return false;
        if (cron.Spec.ConcurrencyPolicy != ConcurrencyPolicy.Forbid || cron.Status.Active is not { Count: > 0 }) return true;
        events.Normal(cron, "JobAlreadyActive", "Not starting job because prior execution is running and concurrency policy is Forbid");
        return false;
    }

    /// <summary>The job's name is made of the time, so that it is made once whatever fails: one that is there already and is ours, is the one.</summary>
    private async ValueTask<Step> CreateAsync(CronJob cron, Job wanted, DateTimeOffset time, CancellationToken cancel)
    {
        var created = await client.TryCreateAsync(wanted, cancel);
        var job = created.Value;
        if (created.IsAlreadyExists)
        {
            job = await client.GetAsync<Job>(Key.Of(wanted), cancel);
            if (!Owners.IsControlledBy(job, cron) || cron.Status.Active?.Exists(a => a.Uid == job.Metadata.Uid) == true) return new(false);
            if (JobShape.Ended(job) is not null)
            {
                // Made before the status could say so, and over by now: the time is used all the same.
                cron.Status.LastScheduleTime = time;
                return new(true);
            }
        }
        else if (!created.Ok)
        {
            if (!created.Failure.IsNamespaceTerminating) events.Warning(cron, "FailedCreate", $"Error creating job: {created.Failure.Message}");
            return new(false, Failure: new ApiException(created.Failure));
        }
        else events.Normal(cron, "SuccessfulCreate", $"Created job {job!.Metadata.Name}");
        (cron.Status.Active ??= []).Add(ScheduledJob.Reference(job!));
        cron.Status.LastScheduleTime = time;
        return new(true);
    }

    private TimeZoneInfo? Zone(CronJob cron)
    {
        var name = cron.Spec.TimeZone ?? "";
        try
        {
            return CronSchedule.Zone(name);
        }
        catch (Exception unknown) when (unknown is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            events.Warning(cron, "UnknownTimeZone", $"invalid timeZone: \"{name}\": unknown time zone {name}");
            return null;
        }
    }

    private CronSchedule? Schedule(CronJob cron, TimeZoneInfo zone)
    {
        var text = cron.Spec.Schedule;
        if (text.Contains("TZ", StringComparison.Ordinal))
            events.Warning(cron, "UnsupportedSchedule", $"CRON_TZ or TZ used in schedule \"{text}\" is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details");
        try
        {
            return CronSchedule.Parse(text, zone);
        }
        catch (Exception wrong) when (wrong is FormatException or TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            events.Warning(cron, "UnparseableSchedule", $"unparseable schedule: \"{text}\" : {wrong.Message}");
            return null;
        }
    }
}
