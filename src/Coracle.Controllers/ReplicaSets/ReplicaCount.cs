using Coracle.Controllers.Pods;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Controllers.ReplicaSets;

/// <summary>Creates the pods that are missing and deletes those that are too many (upstream: replica_set.go, manageReplicas).</summary>
internal sealed class ReplicaCount(PodWrites writes, TimeProvider time)
{
    /// <summary>So many pods are created or deleted at most before the set is looked at again.</summary>
    internal const int BurstMax = 500;

    /// <summary>What kept from it, if anything did: the caller tells it in the owner's status and tries again.</summary>
    /// <param name="owner">Whose pods they are.</param>
    /// <param name="template">What a new one looks like.</param>
    /// <param name="wanted">How many there are to be.</param>
    /// <param name="active">Those that there are.</param>
    /// <param name="related">The pods near which one is less needed.</param>
    public ValueTask<Exception?> ReachAsync(
        IKubernetesObject owner, PodTemplateSpec template, int wanted, IReadOnlyList<Pod> active, Func<IEnumerable<Pod>> related, CancellationToken cancel) => (wanted - active.Count) switch
    {
        > 0 and var missing => CreateAsync(owner, template, Math.Min(missing, BurstMax), cancel),
        < 0 and var surplus => DeleteAsync(owner, active, Math.Min(-surplus, BurstMax), related(), cancel),
        _ => ValueTask.FromResult<Exception?>(null),
    };

    private async ValueTask<Exception?> CreateAsync(IKubernetesObject owner, PodTemplateSpec template, int missing, CancellationToken cancel)
    {
        var pod = PodTemplates.Make(template, owner);
        return (await SlowStart.RunAsync(missing, async () => await writes.CreateAsync(pod, owner, cancel))).Failure;
    }

    private async ValueTask<Exception?> DeleteAsync(IKubernetesObject owner, IReadOnlyList<Pod> active, int surplus, IEnumerable<Pod> related, CancellationToken cancel)
    {
        var doomed = new DeletionOrder(related, time.GetUtcNow()).First(active, surplus);
        return (await SlowStart.BatchAsync(doomed.Count, i => writes.DeleteAsync(doomed[i], owner, cancel))).Failure;
    }
}
