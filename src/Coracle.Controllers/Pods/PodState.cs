using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Controllers.Pods;

/// <summary>Where a pod is in its life, as controllers see it (upstream: controller_utils.go, api/v1/pod/util.go).</summary>
public static class PodState
{
    /// <summary>The pod's containers have ended and will not start again.</summary>
    public static bool IsFinished(Pod pod) => pod.Status.Phase is "Succeeded" or "Failed";

    /// <summary>The pod counts as a replica: it has not ended and is not being deleted.</summary>
    public static bool IsActive(Pod pod) => pod.Metadata.DeletionTimestamp is null && !IsFinished(pod);

    /// <summary>The pod is being deleted and has not ended.</summary>
    public static bool IsTerminating(Pod pod) => pod.Metadata.DeletionTimestamp is not null && !IsFinished(pod);

    public static PodCondition? Condition(Pod pod, string type)
    {
        foreach (var condition in pod.Status.Conditions ?? [])
            if (condition.Type == type) return condition;
        return null;
    }

    public static bool IsReady(Pod pod) => Condition(pod, "Ready")?.Status == ConditionStatus.True;

    /// <summary>When the pod became ready; null when it is not, or when nobody wrote it down.</summary>
    public static DateTimeOffset? ReadySince(Pod pod) => Condition(pod, "Ready") is { Status: ConditionStatus.True } ready ? ready.LastTransitionTime : null;

    /// <summary>The pod has been ready for the given seconds.</summary>
    public static bool IsAvailable(Pod pod, int minReadySeconds, DateTimeOffset now) =>
        IsReady(pod) && (minReadySeconds == 0 || AvailableAt(pod, minReadySeconds) <= now);

    /// <summary>When the pod will have been ready for the given seconds, if it stays so; null when it is not ready.</summary>
    public static DateTimeOffset? AvailableAt(Pod pod, int minReadySeconds) => ReadySince(pod)?.AddSeconds(minReadySeconds);

    /// <summary>The highest number of restarts of any container of the pod: those of its main containers, then those of its sidecars.</summary>
    public static (int Main, int Sidecars) Restarts(Pod pod)
    {
        var main = 0;
        foreach (var status in pod.Status.ContainerStatuses ?? []) main = Math.Max(main, status.RestartCount);
        var sidecars = 0;
        foreach (var status in pod.Status.InitContainerStatuses ?? [])
            if (IsSidecar(pod, status.Name)) sidecars = Math.Max(sidecars, status.RestartCount);
        return (main, sidecars);
    }

    private static bool IsSidecar(Pod pod, string container) =>
        pod.Spec.InitContainers?.Exists(c => c.Name == container && c.RestartPolicy == RestartPolicy.Always) == true;
}
