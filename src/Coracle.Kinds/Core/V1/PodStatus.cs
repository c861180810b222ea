using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>What has become of a pod, as its node reports.</summary>
[ApiType]
public sealed partial class PodStatus
{
    /// <summary>The generation of the pod that this status reflects.</summary>
    [Field(17)]
    public long ObservedGeneration { get; set; }

    /// <summary>Where the pod is in its life: Pending, Running, Succeeded, Failed or Unknown.</summary>
    [Field(1)]
    public string Phase { get; set; } = "";

    /// <summary>The steps of the pod's life that have been reached: scheduled, initialized, ready...</summary>
    [Field(2), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<PodCondition>? Conditions { get; set; }

    /// <summary>Why the pod is in this state, in words for people.</summary>
    [Field(3)]
    public string Message { get; set; } = "";

    /// <summary>Why the pod is in this state, in one word: "Evicted".</summary>
    [Field(4)]
    public string Reason { get; set; } = "";

    /// <summary>The node on which others are pushed out to make room for the pod. It may still be placed elsewhere.</summary>
    [Field(11)]
    public string NominatedNodeName { get; set; } = "";

    /// <summary>Address of the node on which the pod runs.</summary>
    [Field(5)]
    public string HostIP { get; set; } = "";

    /// <summary>Addresses of the node, at most one for each family of IP. The first equals hostIP.</summary>
    [Field(16), ListType("atomic"), Patch("merge", MergeKey = "ip")]
    public List<HostIP>? HostIPs { get; set; }

    /// <summary>The pod's address, reachable at least inside the cluster. Empty until it has one.</summary>
    [Field(6)]
    public string PodIP { get; set; } = "";

    /// <summary>The pod's addresses, at most one for each family of IP. The first equals podIP.</summary>
    [Field(12), ListType("map", "ip"), Patch("merge", MergeKey = "ip")]
    public List<PodIP>? PodIPs { get; set; }

    /// <summary>When the node's agent took up the pod, before it pulled any image.</summary>
    [Field(7)]
    public DateTimeOffset? StartTime { get; set; }

    /// <summary>How the init containers do, in the order of the spec.</summary>
    [Field(10), ListType("atomic")]
    public List<ContainerStatus>? InitContainerStatuses { get; set; }

    /// <summary>How the containers do.</summary>
    [Field(8), ListType("atomic")]
    public List<ContainerStatus>? ContainerStatuses { get; set; }

    /// <summary>Class that decides who goes first when the node runs short: Guaranteed, Burstable or BestEffort. Follows from the resources.</summary>
    [Field(9)]
    public string QosClass { get; set; } = "";

    /// <summary>How the ephemeral containers do.</summary>
    [Field(13), ListType("atomic")]
    public List<ContainerStatus>? EphemeralContainerStatuses { get; set; }

    /// <summary>No longer used; conditions tell how a change of resources goes.</summary>
    [Field(14)]
    public string Resize { get; set; } = "";

    /// <summary>Which claims were made from the pod's templates of claims.</summary>
    [Field(15), ListType("map", "name"), Patch("merge,retainKeys", MergeKey = "name")]
    public List<PodResourceClaimStatus>? ResourceClaimStatuses { get; set; }

    /// <summary>The claim that backs the pod's extended resources.</summary>
    [Field(18)]
    public PodExtendedResourceClaimStatus? ExtendedResourceClaimStatus { get; set; }

    /// <summary>Requests that the node has set aside for the pod.</summary>
    [Field(19)]
    public Dictionary<string, Quantity>? AllocatedResources { get; set; }

    /// <summary>Limits and requests in effect for the pod as a whole.</summary>
    [Field(20)]
    public ResourceRequirements? Resources { get; set; }

    /// <summary>Resources of the node that the pod got through claims.</summary>
    [Field(21), ListType("atomic")]
    public List<NodeAllocatableResourceClaimStatus>? NodeAllocatableResourceClaimStatuses { get; set; }
}

/// <summary>A step of a pod's life, reached or not.</summary>
[ApiType]
public sealed partial class PodCondition
{
    /// <summary>The step: PodScheduled, Initialized, ContainersReady, Ready, DisruptionTarget...</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>The generation of the pod that this condition reflects.</summary>
    [Field(7)]
    public long ObservedGeneration { get; set; }

    /// <summary>True, False or Unknown.</summary>
    [Field(2), Required]
    public string Status { get; set; } = "";

    /// <summary>When the condition was last looked at.</summary>
    [Field(3, Always = true)]
    public DateTimeOffset? LastProbeTime { get; set; }

    /// <summary>When the status last changed from one value to another.</summary>
    [Field(4, Always = true)]
    public DateTimeOffset? LastTransitionTime { get; set; }

    /// <summary>One word in CamelCase that says why, for programs.</summary>
    [Field(5)]
    public string Reason { get; set; } = "";

    /// <summary>What is going on, in words for people.</summary>
    [Field(6)]
    public string Message { get; set; } = "";
}

/// <summary>An address of a pod's node.</summary>
[ApiType]
public sealed partial class HostIP
{
    /// <summary>The address.</summary>
    [Field(1), Required]
    public string Ip { get; set; } = "";
}

/// <summary>An address of a pod.</summary>
[ApiType]
public sealed partial class PodIP
{
    /// <summary>The address.</summary>
    [Field(1), Required]
    public string Ip { get; set; } = "";
}

/// <summary>Where a pod is in its life.</summary>
public static class PodPhase
{
    public const string Pending = "Pending";
    public const string Running = "Running";
    public const string Succeeded = "Succeeded";
    public const string Failed = "Failed";
    public const string Unknown = "Unknown";
}

/// <summary>Steps of a pod's life.</summary>
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

/// <summary>Who goes first when a node runs short: BestEffort, then Burstable, then Guaranteed.</summary>
public static class PodQOSClass
{
    public const string Guaranteed = "Guaranteed";
    public const string Burstable = "Burstable";
    public const string BestEffort = "BestEffort";
}

/// <summary>How a change of a pod's resources goes.</summary>
public static class PodResizeStatus
{
    public const string InProgress = "InProgress";
    public const string Deferred = "Deferred";
    public const string Infeasible = "Infeasible";
}
