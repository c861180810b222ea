using Coracle.Controllers.Pods;
using Coracle.Sdk;

namespace Coracle.Controllers.Jobs;

/// <summary>
/// How long each job's pods have been failing. Pods that ended may be deleted, and their failures must delay new pods all the same: so this is
/// remembered, as upstream does; after a restart it begins with the pods that are still there.
/// </summary>
internal sealed class BackoffRecords
{
    private readonly Lock gate = new();
    private readonly Dictionary<Key, (string Uid, PodBackoff Backoff)> records = [];

    /// <summary>The record, with what ended newly.</summary>
    public PodBackoff Of(Key key, JobRun run) => (Find(key, run.Job.Metadata.Uid) ?? FromPods(run)).After(run.NewSucceeded, run.NewFailed);

    public void Set(Key key, JobRun run, PodBackoff backoff)
    {
        lock (gate) records[key] = (run.Job.Metadata.Uid, backoff);
    }

    public void Forget(Key key)
    {
        lock (gate) records.Remove(key);
    }

    private PodBackoff? Find(Key key, string uid)
    {
        lock (gate) return records.TryGetValue(key, out var known) && known.Uid == uid ? known.Backoff : null;
    }

    private static PodBackoff FromPods(JobRun run)
    {
        var counted = run.Pods.Where(pod => PodState.IsFinished(pod) && !run.NewSucceeded.Contains(pod) && !run.NewFailed.Contains(pod)).ToLookup(static p => p.Status.Phase);
        return default(PodBackoff).After([.. counted["Succeeded"]], [.. counted["Failed"]]);
    }
}
