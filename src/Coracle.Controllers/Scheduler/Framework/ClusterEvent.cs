using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>What happened in the cluster that may make a pod schedulable (fwk.ActionType with its resource).</summary>
[Flags]
public enum ClusterChange
{
    None = 0,

    NodeAdded = 1 << 0,
    NodeDeleted = 1 << 1,
    NodeAllocatable = 1 << 2,
    NodeLabels = 1 << 3,
    NodeTaints = 1 << 4,
    NodeConditions = 1 << 5,
    NodeAnnotations = 1 << 6,

    /// <summary>A pod got a node.</summary>
    AssignedPodAdded = 1 << 7,

    /// <summary>A pod that had a node ended, or is gone.</summary>
    AssignedPodDeleted = 1 << 8,
    AssignedPodLabels = 1 << 9,
    AssignedPodScaledDown = 1 << 10,

    /// <summary>The waiting pod itself was changed.</summary>
    PodLabels = 1 << 11,
    PodScaledDown = 1 << 12,
    PodTolerations = 1 << 13,
    PodGatesEliminated = 1 << 14,

    /// <summary>Pods have waited for so long that they are tried again anyway.</summary>
    Timeout = 1 << 15,

    /// <summary>A claim was made or changed.</summary>
    Claims = 1 << 16,

    /// <summary>A volume was made or changed.</summary>
    Volumes = 1 << 17,

    /// <summary>A storage class was made.</summary>
    StorageClasses = 1 << 18,

    /// <summary>How many volumes a node can have has changed, or a volume was detached.</summary>
    VolumeLimits = 1 << 19,

    /// <summary>How much room storage has was told anew.</summary>
    StorageCapacity = 1 << 20,

    /// <summary>Devices were published, or a class of them.</summary>
    Devices = 1 << 21,

    /// <summary>A claim of devices was made or changed.</summary>
    DeviceClaims = 1 << 22,

    /// <summary>The waiting pod got claims of devices.</summary>
    PodClaims = 1 << 23,

    AnyNode = NodeAdded | NodeDeleted | NodeAllocatable | NodeLabels | NodeTaints | NodeConditions | NodeAnnotations,
    AnyPodUpdate = PodLabels | PodScaledDown | PodTolerations | PodGatesEliminated | PodClaims,
}

/// <summary>One event. The objects are those before and after, null where there was none.</summary>
public readonly record struct ClusterEvent(ClusterChange Change)
{
    public Node? OldNode { get; init; }
    public Node? NewNode { get; init; }
    public PodInfo? OldPod { get; init; }
    public PodInfo? NewPod { get; init; }
    public PersistentVolumeClaim? Claim { get; init; }
    public Kinds.Resource.V1.ResourceClaim? DeviceClaim { get; init; }

    /// <summary>The claim has given back its devices.</summary>
    public bool IsFreed { get; init; }
}

/// <summary>Which events may make a pod schedulable that the plugin rejected (ClusterEventWithHint).</summary>
/// <param name="Changes">Any of these.</param>
/// <param name="IsWorthIt">Looks closer: false when this very event cannot help this pod. Null: it always may.</param>
public sealed record EventHint(ClusterChange Changes, Func<PodInfo, ClusterEvent, bool>? IsWorthIt = null);
