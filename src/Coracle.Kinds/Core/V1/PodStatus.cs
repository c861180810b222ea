using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class PodStatus
{
    [Field(17)]
    public long ObservedGeneration { get; set; }

    [Field(1)]
    public string Phase { get; set; } = "";

    [Field(2), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<PodCondition>? Conditions { get; set; }

    [Field(3)]
    public string Message { get; set; } = "";

    [Field(4)]
    public string Reason { get; set; } = "";

    [Field(11)]
    public string NominatedNodeName { get; set; } = "";

    [Field(5)]
    public string HostIP { get; set; } = "";

    [Field(16), ListType("atomic"), Patch("merge", MergeKey = "ip")]
    public List<HostIP>? HostIPs { get; set; }

    [Field(6)]
    public string PodIP { get; set; } = "";

    [Field(12), ListType("map", "ip"), Patch("merge", MergeKey = "ip")]
    public List<PodIP>? PodIPs { get; set; }

    [Field(7)]
    public DateTimeOffset? StartTime { get; set; }

    [Field(10), ListType("atomic")]
    public List<ContainerStatus>? InitContainerStatuses { get; set; }

    [Field(8), ListType("atomic")]
    public List<ContainerStatus>? ContainerStatuses { get; set; }

    [Field(9)]
    public string QosClass { get; set; } = "";

    [Field(13), ListType("atomic")]
    public List<ContainerStatus>? EphemeralContainerStatuses { get; set; }

    [Field(14)]
    public string Resize { get; set; } = "";

    [Field(15), ListType("map", "name"), Patch("merge,retainKeys", MergeKey = "name")]
    public List<PodResourceClaimStatus>? ResourceClaimStatuses { get; set; }

    [Field(18)]
    public PodExtendedResourceClaimStatus? ExtendedResourceClaimStatus { get; set; }

    [Field(19)]
    public Dictionary<string, Quantity>? AllocatedResources { get; set; }

    [Field(20)]
    public ResourceRequirements? Resources { get; set; }

    [Field(21), ListType("atomic")]
    public List<NodeAllocatableResourceClaimStatus>? NodeAllocatableResourceClaimStatuses { get; set; }
}

[ApiType]
public sealed partial class PodCondition
{
    [Field(1), Required]
    public string Type { get; set; } = "";

    [Field(7)]
    public long ObservedGeneration { get; set; }

    [Field(2), Required]
    public string Status { get; set; } = "";

    [Field(3, Always = true)]
    public DateTimeOffset? LastProbeTime { get; set; }

    [Field(4, Always = true)]
    public DateTimeOffset? LastTransitionTime { get; set; }

    [Field(5)]
    public string Reason { get; set; } = "";

    [Field(6)]
    public string Message { get; set; } = "";
}

[ApiType]
public sealed partial class HostIP
{
    [Field(1), Required]
    public string Ip { get; set; } = "";
}

[ApiType]
public sealed partial class PodIP
{
    [Field(1), Required]
    public string Ip { get; set; } = "";
}

public static class PodPhase
{
    public const string Pending = "Pending";
    public const string Running = "Running";
    public const string Succeeded = "Succeeded";
    public const string Failed = "Failed";
    public const string Unknown = "Unknown";
}

public static class PodConditionType
{
    public const string ContainersReady = "ContainersReady";
    public const string Initialized = "Initialized";
    public const string Ready = "Ready";
    public const string PodScheduled = "PodScheduled";
    public const string DisruptionTarget = "DisruptionTarget";
    public const string PodReadyToStartContainers = "PodReadyToStartContainers";
    public const string PodResizePending = "PodResizePending";
    public const string PodResizeInProgress = "PodResizeInProgress";
    public const string AllContainersRestarting = "AllContainersRestarting";
}

public static class PodQOSClass
{
    public const string Guaranteed = "Guaranteed";
    public const string Burstable = "Burstable";
    public const string BestEffort = "BestEffort";
}

public static class PodResizeStatus
{
    public const string InProgress = "InProgress";
    public const string Deferred = "Deferred";
    public const string Infeasible = "Infeasible";
}
