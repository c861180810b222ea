using Coracle.Kinds.Batch.V1;

namespace Coracle.Controllers.CronJobs;

/// <summary>
/// Which of a cron job's times is due (upstream: cronjob/utils.go, mostRecentScheduleTime). <see cref="Recent"/> is the last one that passed since
/// <see cref="Since"/>, null when none did; <see cref="Missed"/> estimates how many passed unused before it.
/// </summary>
public readonly record struct StartTimes(DateTimeOffset Since, DateTimeOffset? Recent, long Missed)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(100); // so that the time has surely come when it is looked at

    /// <summary>So many, and somebody should know.</summary>
    public const int MissedMax = 100;

    /// <summary>Null when the schedule has no times.</summary>
    /// <param name="job">Its creation, its last start and its starting deadline say from when times count.</param>
    /// <param name="schedule">The job's schedule.</param>
    /// <param name="now">Later times do not count.</param>
    /// <param name="mindDeadline">Times too long ago to start do not count.</param>
    public static StartTimes? Of(CronJob job, CronSchedule schedule, DateTimeOffset now, bool mindDeadline)
    {
        var since = job.Status.LastScheduleTime ?? job.Metadata.CreationTimestamp ?? now;
        if (mindDeadline && job.Spec.StartingDeadlineSeconds is { } seconds && now.AddSeconds(-seconds) is var oldest && oldest > since) since = oldest;
        if (schedule.Next(since) is not { } first) return null;
        if (now < first) return new(since, null, 0);
        if (schedule.Next(first) is not { } second) return null;
        if (now < second) return new(since, first, 0);

        // A rough count, by the first interval, spares walking through years of minutes; the last steps are taken one by one.
        var interval = TimeSpan.FromSeconds(Math.Max(1, Math.Round((second - first).TotalSeconds)));
        var missed = (now - first).Ticks / interval.Ticks + 1;
        DateTimeOffset? recent = null;
        for (var next = schedule.Next(first + (missed - 2) * interval); next <= now; next = schedule.Next(next.Value)) recent = next;
        return new(since, recent, missed);
    }

    /// <summary>How long until the next time after the last one that passed; null when the schedule has none.</summary>
    public static TimeSpan? UntilNext(CronJob job, CronSchedule schedule, DateTimeOffset now)
    {
        var from = Of(job, schedule, now, mindDeadline: false) switch
        {
            null => now,
            { Recent: { } recent } => recent,
            { Missed: 0, Since: var since } => since,
            _ => now,
        };
        return schedule.Next(from) + Margin - now;
    }
}
