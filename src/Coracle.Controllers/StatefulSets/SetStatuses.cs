using Coracle.Controllers.Pods;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.StatefulSets;

/// <summary>The status of a stateful set, from its pods (upstream: stateful_set_control.go, updateStatus and completeRollingUpdate).</summary>
internal static class SetStatuses
{
    public static StatefulSetStatus Of(StatefulSet set, SetRevisions revisions, IReadOnlyCollection<Pod> pods, DateTimeOffset now)
    {
        var status = new StatefulSetStatus
        {
            ObservedGeneration = set.Metadata.Generation, CurrentRevision = revisions.Current.Metadata.Name, UpdateRevision = revisions.Update.Metadata.Name,
            CollisionCount = revisions.Collisions, Conditions = set.Status.Conditions,
        };
        foreach (var pod in pods) Count(status, pod, set.Spec.MinReadySeconds, now);
        Complete(set, status);
        return status;
    }

    private static void Count(StatefulSetStatus status, Pod pod, int minReadySeconds, DateTimeOffset now)
    {
        status.Replicas++;
        if (Health.IsReady(pod))
        {
            status.ReadyReplicas++;
            if (Health.IsAvailable(pod, minReadySeconds, now)) status.AvailableReplicas++;
        }
        if (pod.Metadata.DeletionTimestamp is not null) return;
        if (PodIdentity.Revision(pod) == status.CurrentRevision) status.CurrentReplicas++;
        if (PodIdentity.Revision(pod) == status.UpdateRevision) status.UpdatedReplicas++;
    }

    // With the last pod replaced, the new revision is the one that runs.
    private static void Complete(StatefulSet set, StatefulSetStatus status)
    {
        var wanted = set.Spec.Replicas ?? 1;
        if (set.Spec.UpdateStrategy.Type != UpdateStrategyType.RollingUpdate) return;
        if (status.UpdatedReplicas != wanted || status.ReadyReplicas != wanted || status.Replicas != wanted) return;
        (status.CurrentReplicas, status.CurrentRevision) = (status.UpdatedReplicas, status.UpdateRevision);
    }
}

/// <summary>How a pod of a stateful set does.</summary>
internal static class Health
{
    public static bool IsReady(Pod pod) => pod.Status.Phase == PodPhase.Running && PodState.IsReady(pod);

    public static bool IsAvailable(Pod pod, int minReadySeconds, DateTimeOffset now) => IsReady(pod) && PodState.IsAvailable(pod, minReadySeconds, now);

    /// <summary>Ready, and to stay.</summary>
    public static bool IsHealthy(Pod pod) => IsReady(pod) && pod.Metadata.DeletionTimestamp is null;
}
