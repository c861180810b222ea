using Coracle.Controllers.Pods;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.ReplicaSets;

/// <summary>Creates the pods that are missing and deletes those that are too many (upstream: replica_set.go, manageReplicas).</summary>
internal sealed class ReplicaCount(PodWrites writes, RelatedPods related, TimeProvider time)
{
    /// <summary>So many pods are created or deleted at most before the set is looked at again.</summary>
    internal const int BurstMax = 500;

    /// <summary>What kept from it, if anything did: the caller tells it in the set's status and tries again.</summary>
    public ValueTask<Exception?> ReachAsync(ReplicaSet set, IReadOnlyList<Pod> active, CancellationToken cancel)
    {
        var missing = (set.Spec.Replicas ?? 1) - active.Count;
        return missing switch
        {
            > 0 => CreateAsync(set, Math.Min(missing, BurstMax), cancel),
            < 0 => DeleteAsync(set, active, Math.Min(-missing, BurstMax), cancel),
            _ => ValueTask.FromResult<Exception?>(null),
        };
    }

    private async ValueTask<Exception?> CreateAsync(ReplicaSet set, int missing, CancellationToken cancel)
    {
        var pod = PodTemplates.Make(set.Spec.Template, set);
        return (await SlowStart.RunAsync(missing, async () => await writes.CreateAsync(pod, set, cancel))).Failure;
    }

    private async ValueTask<Exception?> DeleteAsync(ReplicaSet set, IReadOnlyList<Pod> active, int surplus, CancellationToken cancel)
    {
        var doomed = new DeletionOrder(related.Of(set), time.GetUtcNow()).First(active, surplus);
        return (await SlowStart.BatchAsync(doomed.Count, i => writes.DeleteAsync(doomed[i], set, cancel))).Failure;
    }
}
