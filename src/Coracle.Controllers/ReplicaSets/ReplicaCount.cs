using Coracle.Controllers.Pods;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.ReplicaSets;

/// <summary>Creates the pods that are missing and deletes those that are too many (upstream: replica_set.go, manageReplicas).</summary>
internal sealed class ReplicaCount(PodWrites writes, RelatedPods related, TimeProvider time)
{
    /// <summary>So many pods are created or deleted at most before the set is looked at again.</summary>
    internal const int BurstMax = 500;

    public ValueTask<ReplicaCountOutcome> ReachAsync(ReplicaSet set, IReadOnlyList<Pod> active, CancellationToken cancel)
    {
        var missing = (set.Spec.Replicas ?? 1) - active.Count;
        return missing switch
        {
            > 0 => CreateAsync(set, Math.Min(missing, BurstMax), cancel),
            < 0 => DeleteAsync(set, active, Math.Min(-missing, BurstMax), cancel),
            _ => ValueTask.FromResult(ReplicaCountOutcome.Unchanged),
        };
    }

    private async ValueTask<ReplicaCountOutcome> CreateAsync(ReplicaSet set, int missing, CancellationToken cancel)
    {
        var pod = PodTemplates.Make(set.Spec.Template, set);
        var created = 0;
        var outcome = await SlowStart.RunAsync(missing, async () =>
        {
            if (await writes.CreateAsync(pod, set, cancel)) Interlocked.Increment(ref created);
        });
        return new(created > 0, outcome.Failure);
    }

    private async ValueTask<ReplicaCountOutcome> DeleteAsync(ReplicaSet set, IReadOnlyList<Pod> active, int surplus, CancellationToken cancel)
    {
        var doomed = new DeletionOrder(related.Of(set), time.GetUtcNow()).First(active, surplus);
        var outcome = await SlowStart.BatchAsync(doomed.Count, i => writes.DeleteAsync(doomed[i], set, cancel));
        return new(outcome.Succeeded > 0, outcome.Failure);
    }
}

/// <summary>Whether pods were created or deleted, and what kept from doing all of it.</summary>
internal readonly record struct ReplicaCountOutcome(bool Changed, Exception? Failure)
{
    public static ReplicaCountOutcome Unchanged => default;
}
