using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Controllers.Deployments;

/// <summary>Conditions of a deployment, under upstream's rules (deployment_util.go, SetDeploymentCondition).</summary>
internal static class DeploymentConditions
{
    public static DeploymentCondition? Find(DeploymentStatus status, string type) => status.Conditions?.Find(c => c.Type == type);

    public static DeploymentCondition? Progressing(DeploymentStatus status) => Find(status, DeploymentConditionType.Progressing);

    public static DeploymentCondition New(string type, string status, string reason, string message, DateTimeOffset now) =>
        new() { Type = type, Status = status, Reason = reason, Message = message, LastUpdateTime = now, LastTransitionTime = now };

    public static void SetProgressing(DeploymentStatus on, string status, string reason, string message, DateTimeOffset now) =>
        Set(on, New(DeploymentConditionType.Progressing, status, reason, message, now));

    /// <summary>Sets a condition. One of the same status and reason stays as it is; one of the same status keeps its time of transition.</summary>
    public static void Set(DeploymentStatus on, DeploymentCondition wanted)
    {
        var known = Find(on, wanted.Type);
        if (known is not null && known.Status == wanted.Status && known.Reason == wanted.Reason) return;
        Replace(on, wanted);
    }

    /// <summary>Sets a condition even if one of the same reason is there, so that its time of update moves.</summary>
    public static void Replace(DeploymentStatus on, DeploymentCondition wanted)
    {
        if (Find(on, wanted.Type) is { } known && known.Status == wanted.Status) wanted.LastTransitionTime = known.LastTransitionTime;
        Remove(on, wanted.Type);
        (on.Conditions ??= []).Add(wanted);
    }

    public static void Remove(DeploymentStatus on, string type) => on.Conditions?.RemoveAll(c => c.Type == type);

    /// <summary>Why pods could not be created or deleted, as the new set says, or else an old one.</summary>
    public static DeploymentCondition? ReplicaFailure(Rollout rollout)
    {
        var newFirst = rollout.NewSet is { } newSet ? rollout.OldSets.Prepend(newSet) : rollout.OldSets;
        foreach (var set in newFirst)
            if (set.Status.Conditions?.Find(c => c.Type == ReplicaSetConditionType.ReplicaFailure) is { } failure)
                return new()
                {
                    Type = DeploymentConditionType.ReplicaFailure, Status = failure.Status, Reason = failure.Reason, Message = failure.Message,
                    LastUpdateTime = failure.LastTransitionTime, LastTransitionTime = failure.LastTransitionTime,
                };
        return null;
    }

    /// <summary>Whether enough pods are available.</summary>
    public static DeploymentCondition Available(bool enough, DateTimeOffset now) => enough
        ? New(DeploymentConditionType.Available, ConditionStatus.True, "MinimumReplicasAvailable", "Deployment has minimum availability.", now)
        : New(DeploymentConditionType.Available, ConditionStatus.False, "MinimumReplicasUnavailable", "Deployment does not have minimum availability.", now);
}
