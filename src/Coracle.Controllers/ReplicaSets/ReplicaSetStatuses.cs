using Coracle.Controllers.Pods;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Controllers.ReplicaSets;

/// <summary>The status of a replica set, from its pods (upstream: replica_set_utils.go, calculateStatus).</summary>
internal static class ReplicaSetStatuses
{
    /// <param name="set">The set as it was acted upon.</param>
    /// <param name="active">Its pods, but for those that ended or are being deleted.</param>
    /// <param name="terminating">How many of its pods are being deleted.</param>
    /// <param name="failure">Why pods could not be created or deleted.</param>
    public static ReplicaSetStatus Of(ReplicaSet set, IReadOnlyList<Pod> active, int terminating, Exception? failure, DateTimeOffset now)
    {
        var status = new ReplicaSetStatus
        {
            ObservedGeneration = set.Metadata.Generation, Replicas = active.Count, TerminatingReplicas = terminating,
            Conditions = Conditions(set, active.Count, failure, now),
        };
        foreach (var pod in active)
        {
            if (HasLabels(pod, set.Spec.Template.Metadata.Labels)) status.FullyLabeledReplicas++;
            if (!PodState.IsReady(pod)) continue;
            status.ReadyReplicas++;
            if (PodState.IsAvailable(pod, set.Spec.MinReadySeconds, now)) status.AvailableReplicas++;
        }
        return status;
    }

    private static bool HasLabels(Pod pod, Dictionary<string, string>? labels)
    {
        foreach (var (key, value) in labels ?? [])
            if (pod.Metadata.Labels?.TryGetValue(key, out var has) != true || has != value) return false;
        return true;
    }

    // A failure that is told already is not told anew: its message may differ each time.
    private static List<ReplicaSetCondition>? Conditions(ReplicaSet set, int active, Exception? failure, DateTimeOffset now)
    {
        var others = set.Status.Conditions?.Where(c => c.Type != ReplicaSetConditionType.ReplicaFailure).ToList() ?? [];
        if (failure is null) return others;
        var told = set.Status.Conditions?.Find(c => c.Type == ReplicaSetConditionType.ReplicaFailure);
        return
        [
            .. others, told ?? new()
            {
                Type = ReplicaSetConditionType.ReplicaFailure, Status = ConditionStatus.True, LastTransitionTime = now, Message = failure.Message,
                Reason = active < (set.Spec.Replicas ?? 1) ? "FailedCreate" : "FailedDelete",
            },
        ];
    }
}
