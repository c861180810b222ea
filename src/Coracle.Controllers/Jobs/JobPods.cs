using System.Globalization;
using Coracle.Controllers.Pods;
using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Jobs;

/// <summary>What a job reads off a single pod.</summary>
public static class JobPods
{
    public static bool IsTracked(Pod pod) => Finalizers.Has(pod, JobNames.TrackingFinalizer);

    /// <summary>The index that the pod works on; null when it says none.</summary>
    public static int? Index(Pod pod) =>
        pod.Metadata.Annotations?.TryGetValue(JobNames.CompletionIndex, out var text) == true
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    /// <summary>
    /// The pod failed, or will: one that is deleted before it ended counts at once, unless the job replaces pods only when they have ended.
    /// </summary>
    public static bool IsFailed(Pod pod, JobSpec spec)
    {
        if (pod.Status.Phase == "Failed") return true;
        return !JobShape.ReplacesOnlyFailed(spec) && pod.Metadata.DeletionTimestamp is not null && pod.Status.Phase != "Succeeded";
    }

    /// <summary>Failures in the pod's index before it that counted.</summary>
    public static int EarlierFailures(Pod pod) => Count(pod, JobNames.IndexFailureCount);

    /// <summary>Failures in the pod's index before it that a policy ignored.</summary>
    public static int EarlierIgnoredFailures(Pod pod) => Count(pod, JobNames.IndexIgnoredFailureCount);

    private static int Count(Pod pod, string annotation) =>
        pod.Metadata.Annotations?.TryGetValue(annotation, out var text) == true
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;

    /// <summary>
    /// When the pod ended: when its last container did; else when it ceased to be ready; else when it was deleted; else when it was made (upstream:
    /// backoff_utils.go, getFinishedTime).
    /// </summary>
    public static DateTimeOffset EndedAt(Pod pod)
    {
        if (ContainersEndedAt(pod) is { } ended) return ended;
        if (PodState.Condition(pod, "Ready") is { Status: "False", LastTransitionTime: { } unready }) return unready;
        if (pod.Metadata.DeletionTimestamp is { } deletion) return deletion.AddSeconds(-(pod.Metadata.DeletionGracePeriodSeconds ?? 0));
        return pod.Metadata.CreationTimestamp ?? DateTimeOffset.UnixEpoch;
    }

    private static DateTimeOffset? ContainersEndedAt(Pod pod)
    {
        DateTimeOffset? last = null;
        var sidecars = (pod.Spec.InitContainers ?? []).Where(static c => c.RestartPolicy == "Always").Select(static c => c.Name).ToHashSet();
        foreach (var status in (pod.Status.ContainerStatuses ?? []).Concat((pod.Status.InitContainerStatuses ?? []).Where(s => sidecars.Contains(s.Name))))
        {
            if (status.State.Terminated?.FinishedAt is not { } at) return null;
            if (last is null || at > last) last = at;
        }
        return last;
    }
}
