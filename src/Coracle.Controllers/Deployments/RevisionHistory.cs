using Coracle.Kinds.Apps.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Deployments;

/// <summary>Deletes old replica sets beyond those kept to roll back to (upstream: sync.go, cleanupDeployment).</summary>
internal sealed class RevisionHistory(Client client)
{
    public async ValueTask TidyAsync(Rollout rollout, CancellationToken cancel)
    {
        foreach (var set in Surplus(rollout.Deployment.Spec.RevisionHistoryLimit, rollout.OldSets).ToList())
        {
            await client.DeleteAsync(set, null, cancel);
            rollout.OldSets.Remove(set);
        }
    }

    /// <summary>Of the oldest revisions beyond the limit, those that have no pods and will get none.</summary>
    public static IEnumerable<ReplicaSet> Surplus(int? limit, IReadOnlyList<ReplicaSet> old)
    {
        if (limit is null or int.MaxValue) return [];
        var alive = old.Where(static s => s.Metadata.DeletionTimestamp is null).ToList();
        return alive.OrderBy(Revisions.Of).ThenBy(static s => s.Metadata.CreationTimestamp).Take(Math.Max(0, alive.Count - limit.Value)).Where(IsEmpty);
    }

    private static bool IsEmpty(ReplicaSet set) =>
        set.Status.Replicas == 0 && Rollout.Size(set) == 0 && set.Metadata.Generation <= set.Status.ObservedGeneration;
}
