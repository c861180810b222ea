using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Controllers.Scheduling;

/// <summary>What of an object changed, as far as scheduling is concerned (framework/events.go).</summary>
internal static class Changes
{
    public static ClusterChange Of(Node old, Node now)
    {
        var changes = ClusterChange.None;
        if (!Same(old.Status.Allocatable, now.Status.Allocatable)) changes |= ClusterChange.NodeAllocatable;
        if (!Same(old.Metadata.Labels, now.Metadata.Labels)) changes |= ClusterChange.NodeLabels;
        if (!Same(old.Metadata.Annotations, now.Metadata.Annotations)) changes |= ClusterChange.NodeAnnotations;
        if (old.Spec.Unschedulable != now.Spec.Unschedulable || !Same(old.Spec.Taints, now.Spec.Taints)) changes |= ClusterChange.NodeTaints;
        if (!Same(old.Status.Conditions, now.Status.Conditions)) changes |= ClusterChange.NodeConditions;
        return changes;
    }

    public static ClusterChange OfAssigned(PodInfo old, PodInfo now)
    {
        var changes = ClusterChange.None;
        if (!Same(old.Pod.Metadata.Labels, now.Pod.Metadata.Labels)) changes |= ClusterChange.AssignedPodLabels;
        if (IsScaledDown(old.Requests, now.Requests)) changes |= ClusterChange.AssignedPodScaledDown;
        return changes;
    }

    public static ClusterChange OfWaiting(PodInfo old, PodInfo now)
    {
        var changes = ClusterChange.None;
        if (!Same(old.Pod.Metadata.Labels, now.Pod.Metadata.Labels)) changes |= ClusterChange.PodLabels;
        if (IsScaledDown(old.Requests, now.Requests)) changes |= ClusterChange.PodScaledDown;
        if ((old.Pod.Spec.Tolerations?.Count ?? 0) != (now.Pod.Spec.Tolerations?.Count ?? 0)) changes |= ClusterChange.PodTolerations; // they can only be added to
        if ((old.Pod.Status.ResourceClaimStatuses?.Count ?? 0) != (now.Pod.Status.ResourceClaimStatuses?.Count ?? 0)) changes |= ClusterChange.PodClaims;
        if (old.Pod.Spec.SchedulingGates is { Count: > 0 } && now.Pod.Spec.SchedulingGates is not { Count: > 0 }) changes |= ClusterChange.PodGatesEliminated;
        return changes;
    }

    private static bool IsScaledDown(Resources old, Resources now)
    {
        if (old.MilliCpu > now.MilliCpu || old.Memory > now.Memory || old.EphemeralStorage > now.EphemeralStorage) return true;
        foreach (var (name, amount) in old.Scalars ?? [])
            if (amount > now.Scalar(name)) return true;
        return false;
    }

    private static bool Same(Dictionary<string, string>? a, Dictionary<string, string>? b)
    {
        if ((a?.Count ?? 0) != (b?.Count ?? 0)) return false;
        foreach (var (key, value) in a ?? [])
            if (!b!.TryGetValue(key, out var other) || other != value) return false;
        return true;
    }

    private static bool Same(Dictionary<string, Quantity>? a, Dictionary<string, Quantity>? b)
    {
        if ((a?.Count ?? 0) != (b?.Count ?? 0)) return false;
        foreach (var (key, value) in a ?? [])
            if (!b!.TryGetValue(key, out var other) || other != value) return false;
        return true;
    }

    private static bool Same(List<Taint>? a, List<Taint>? b)
    {
        if ((a?.Count ?? 0) != (b?.Count ?? 0)) return false;
        for (var i = 0; i < (a?.Count ?? 0); i++)
            if (a![i].Key != b![i].Key || a[i].Value != b[i].Value || a[i].Effect != b[i].Effect) return false;
        return true;
    }

    private static bool Same(List<NodeCondition>? a, List<NodeCondition>? b)
    {
        if ((a?.Count ?? 0) != (b?.Count ?? 0)) return false;
        for (var i = 0; i < (a?.Count ?? 0); i++)
            if (a![i].Type != b![i].Type || a[i].Status != b[i].Status) return false;
        return true;
    }
}
