using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Controllers.Deployments;

/// <summary>Judges how a rollout goes, by how the status changes, and tells it in the condition Progressing (upstream: progress.go).</summary>
internal static class Progress
{
    public const string Created = "NewReplicaSetCreated";
    public const string CreateFailed = "ReplicaSetCreateError";
    public const string Found = "FoundNewReplicaSet";
    public const string Updated = "ReplicaSetUpdated";
    public const string Complete = "NewReplicaSetAvailable";
    public const string TimedOut = "ProgressDeadlineExceeded";
    public const string Paused = "DeploymentPaused";
    public const string Resumed = "DeploymentResumed";

    /// <summary>The time without progress after which a rollout counts as failed; null when it may take forever.</summary>
    public static TimeSpan? Deadline(Deployment deployment) =>
        deployment.Spec.ProgressDeadlineSeconds is { } seconds and not int.MaxValue ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>All pods wanted are there, of the current template and available, and no others.</summary>
    public static bool IsComplete(Deployment deployment, DeploymentStatus status)
    {
        var wanted = deployment.Spec.Replicas ?? 1;
        return status.UpdatedReplicas == wanted && status.Replicas == wanted && status.AvailableReplicas == wanted
            && status.ObservedGeneration >= deployment.Metadata.Generation;
    }

    /// <summary>More new pods, fewer old ones, or more that are ready or available.</summary>
    public static bool IsForward(DeploymentStatus before, DeploymentStatus after) =>
        after.UpdatedReplicas > before.UpdatedReplicas
        || after.Replicas - after.UpdatedReplicas < before.Replicas - before.UpdatedReplicas
        || after.ReadyReplicas > before.ReadyReplicas
        || after.AvailableReplicas > before.AvailableReplicas;

    /// <summary>Nothing moved forward since the deadline began.</summary>
    public static bool IsTimedOut(Deployment deployment, DeploymentStatus status, DateTimeOffset now)
    {
        if (Deadline(deployment) is not { } deadline || DeploymentConditions.Progressing(status) is not { } told) return false;
        return told.Reason switch
        {
            Complete => false,
            TimedOut => true,
            _ => told.LastUpdateTime + deadline < now,
        };
    }

    /// <summary>
    /// Sets Progressing on the status counted after the step, and ReplicaFailure. A deployment that was complete and has no other pods than new ones is not
    /// rolling out, whatever happens to them.
    /// </summary>
    public static void Judge(Rollout rollout, DeploymentStatus status, DateTimeOffset now)
    {
        var deployment = rollout.Deployment;
        var subject = rollout.NewSet is { } set ? $"ReplicaSet \"{set.Metadata.Name}\"" : $"Deployment \"{deployment.Metadata.Name}\"";
        var told = DeploymentConditions.Progressing(deployment.Status);
        if (Deadline(deployment) is null) DeploymentConditions.Remove(status, DeploymentConditionType.Progressing);
        else if (status.Replicas == status.UpdatedReplicas && told?.Reason == Complete) { }
        else if (IsComplete(deployment, status))
            DeploymentConditions.SetProgressing(status, ConditionStatus.True, Complete, $"{subject} has successfully progressed.", now);
        else if (IsForward(deployment.Status, status))
            DeploymentConditions.Replace(status, DeploymentConditions.New(DeploymentConditionType.Progressing, ConditionStatus.True, Updated, $"{subject} is progressing.", now));
        else if (IsTimedOut(deployment, status, now))
            DeploymentConditions.SetProgressing(status, ConditionStatus.False, TimedOut, $"{subject} has timed out progressing.", now);

        if (DeploymentConditions.ReplicaFailure(rollout) is { } failure) DeploymentConditions.Set(status, failure);
        else DeploymentConditions.Remove(status, DeploymentConditionType.ReplicaFailure);
    }

    /// <summary>When to look at the deadline again; null when it does not run. A second more, because times are written in whole seconds.</summary>
    public static TimeSpan? NextCheck(Deployment deployment, DeploymentStatus status, DateTimeOffset now)
    {
        if (Deadline(deployment) is not { } deadline || DeploymentConditions.Progressing(status) is not { LastUpdateTime: { } since } told) return null;
        if (deployment.Spec.Paused || told.Reason is TimedOut or Complete || IsComplete(deployment, status)) return null;
        var left = since + deadline - now;
        return (left > TimeSpan.Zero ? left : TimeSpan.Zero) + TimeSpan.FromSeconds(1);
    }

    /// <summary>Tells that the deployment is paused, or no longer is, so that the deadline does not run meanwhile (upstream: sync.go, checkPausedConditions).</summary>
    public static void NotePause(Deployment deployment, DateTimeOffset now)
    {
        var reason = DeploymentConditions.Progressing(deployment.Status)?.Reason;
        if (Deadline(deployment) is null || reason == TimedOut) return;
        if (deployment.Spec.Paused && reason != Paused)
            DeploymentConditions.SetProgressing(deployment.Status, ConditionStatus.Unknown, Paused, "Deployment is paused", now);
        else if (!deployment.Spec.Paused && reason == Paused)
            DeploymentConditions.SetProgressing(deployment.Status, ConditionStatus.Unknown, Resumed, "Deployment is resumed", now);
    }
}
