using Coracle.Kinds.Apps.V1;

namespace Coracle.Controllers.Deployments;

/// <summary>The status of a deployment, from its replica sets (upstream: sync.go, calculateStatus).</summary>
internal static class DeploymentStatuses
{
    /// <summary>The sets counted, and the condition Available; the other conditions as they have gathered on the deployment.</summary>
    public static DeploymentStatus Of(Rollout rollout, DateTimeOffset now)
    {
        var sets = rollout.AllSets.ToList();
        var available = sets.Sum(static s => s.Status.AvailableReplicas);
        var status = rollout.Deployment.Status.DeepCopy();
        status.ObservedGeneration = rollout.Deployment.Metadata.Generation;
        status.Replicas = sets.Sum(static s => s.Status.Replicas);
        status.UpdatedReplicas = rollout.NewSet?.Status.Replicas ?? 0;
        status.ReadyReplicas = sets.Sum(static s => s.Status.ReadyReplicas);
        status.AvailableReplicas = available;
        status.UnavailableReplicas = Math.Max(0, sets.Sum(Rollout.Size) - available);
        status.TerminatingReplicas = Terminating(sets);
        DeploymentConditions.Set(status, DeploymentConditions.Available(available >= rollout.Limits.MinAvailable, now));
        return status;
    }

    // Unknown as long as one of the sets has been counted but does not say.
    private static int? Terminating(List<ReplicaSet> sets)
    {
        var total = 0;
        foreach (var set in sets)
        {
            if (set.Status.TerminatingReplicas is { } count) total += count;
            else if (set.Status.ObservedGeneration != 0) return null;
        }
        return total;
    }
}
