using Coracle.Controllers.Jobs;
using Coracle.Kinds.Batch.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.CronJobs;

/// <summary>Keeps a cron job's status in step with the jobs it made, and its old jobs within their limits.</summary>
internal sealed class JobHistory(Client client, EventRecorder events)
{
    /// <summary>Deletes the oldest jobs that ended, beyond what the limits allow. True when the status changed.</summary>
    public async ValueTask<bool> TrimAsync(CronJob cron, List<Job> jobs, CancellationToken cancel)
    {
        var ended = jobs.Where(static job => job.Metadata.DeletionTimestamp is null).ToLookup(static job => JobShape.Ended(job)?.Type);
        return await TrimAsync(cron, ended[JobConditionType.Complete], cron.Spec.SuccessfulJobsHistoryLimit, cancel)
            | await TrimAsync(cron, ended[JobConditionType.Failed], cron.Spec.FailedJobsHistoryLimit, cancel);
    }

    private async ValueTask<bool> TrimAsync(CronJob cron, IEnumerable<Job> ended, int? limit, CancellationToken cancel)
    {
        if (limit is not { } keep) return false;
        var changed = false;
        var jobs = ended.OrderBy(static job => job.Status.StartTime ?? DateTimeOffset.MaxValue).ThenBy(static job => job.Metadata.Name, StringComparer.Ordinal).ToList();
        foreach (var job in jobs.Take(jobs.Count - keep)) changed |= await DeleteAsync(cron, job, cancel) is null;
        return changed;
    }

    /// <summary>Brings the list of active jobs and the time of the last success up to date. True when the status changed.</summary>
    public async ValueTask<bool> NoteAsync(CronJob cron, List<Job> jobs, CancellationToken cancel)
    {
        var changed = false;
        foreach (var job in jobs)
        {
            var active = cron.Status.Active?.Exists(a => a.Uid == job.Metadata.Uid) == true;
            if (JobShape.Ended(job) is { } end) changed |= NoteEnd(cron, job, end, active);
            else if (!active && await IsUnexpectedAsync(cron, job, cancel))
                events.Warning(cron, "UnexpectedJob", $"Saw a job that the controller did not create or forgot: {job.Metadata.Name}");
        }
        var known = jobs.Select(static job => job.Metadata.Uid).ToHashSet();
        foreach (var gone in (cron.Status.Active ?? []).Where(a => !known.Contains(a.Uid)).ToList())
        {
            if (await client.TryGetAsync<Job>(new(gone.Namespace, gone.Name), cancel) is { } still && still.Metadata.Uid == gone.Uid) continue;
            events.Normal(cron, "MissingJob", $"Active job went missing: {gone.Name}");
            changed |= Drop(cron, gone.Uid);
        }
        return changed;
    }

    private bool NoteEnd(CronJob cron, Job job, JobCondition end, bool active)
    {
        if (active)
        {
            events.Normal(cron, "SawCompletedJob", $"Saw completed job: {job.Metadata.Name}, condition: {end.Type}");
            Drop(cron, job.Metadata.Uid);
        }
        if (end.Type != JobConditionType.Complete || job.Status.CompletionTime is not { } time || time <= cron.Status.LastSuccessfulTime) return active;
        cron.Status.LastSuccessfulTime = time;
        return true;
    }

    // The cache may be older than our own last status.
    private async ValueTask<bool> IsUnexpectedAsync(CronJob cron, Job job, CancellationToken cancel)
    {
        var fresh = await client.TryGetAsync<CronJob>(Key.Of(cron), cancel);
        return fresh?.Status.Active?.Exists(a => a.Uid == job.Metadata.Uid) != true;
    }

    /// <summary>Deletes all that still run; what went wrong, or null.</summary>
    public async ValueTask<Exception?> DeleteActiveAsync(CronJob cron, CancellationToken cancel)
    {
        foreach (var active in cron.Status.Active?.ToList() ?? [])
        {
            if (await client.TryGetAsync<Job>(new(active.Namespace, active.Name), cancel) is not { } job)
            {
                Drop(cron, active.Uid);
                continue;
            }
            if (await DeleteAsync(cron, job, cancel) is { } failure) return failure;
        }
        return null;
    }

    private async ValueTask<Exception?> DeleteAsync(CronJob cron, Job job, CancellationToken cancel)
    {
        try
        {
            await client.DeleteAsync(job, Deletion.Background, cancel);
        }
        catch (ApiException refused)
        {
            events.Warning(cron, "FailedDelete", $"Deleted job: {refused.Message}");
            return refused;
        }
        Drop(cron, job.Metadata.Uid);
        events.Normal(cron, "SuccessfulDelete", $"Deleted job {job.Metadata.Name}");
        return null;
    }

    private static bool Drop(CronJob cron, string uid)
    {
        var dropped = cron.Status.Active?.RemoveAll(a => a.Uid == uid) > 0;
        if (cron.Status.Active is { Count: 0 }) cron.Status.Active = null;
        return dropped;
    }
}
