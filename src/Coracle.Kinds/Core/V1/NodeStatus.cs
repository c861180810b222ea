using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>What a node is and how it does, as its agent reports.</summary>
[ApiType]
public sealed partial class NodeStatus
{
    /// <summary>All resources that the machine has.</summary>
    [Field(1)]
    public Dictionary<string, Quantity>? Capacity { get; set; }

    /// <summary>The resources that pods may take: capacity less what the system keeps for itself.</summary>
    [Field(2)]
    public Dictionary<string, Quantity>? Allocatable { get; set; }

    /// <summary>No longer used.</summary>
    [Field(3)]
    public string Phase { get; set; } = "";

    /// <summary>How the node does: whether it is ready, and what it runs short of.</summary>
    [Field(4), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<NodeCondition>? Conditions { get; set; }

    /// <summary>Under which addresses the node is reached.</summary>
    [Field(5), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<NodeAddress>? Addresses { get; set; }

    /// <summary>Ports on which the node's own services listen.</summary>
    [Field(6)]
    public NodeDaemonEndpoints DaemonEndpoints { get; set; } = new();

    /// <summary>Identifiers and versions of the machine and its software.</summary>
    [Field(7)]
    public NodeSystemInfo NodeInfo { get; set; } = new();

    /// <summary>Container images that are on the node.</summary>
    [Field(8), ListType("atomic")]
    public List<ContainerImage>? Images { get; set; }

    /// <summary>Volumes that are mounted and so must not be detached.</summary>
    [Field(9), ListType("atomic")]
    public List<string>? VolumesInUse { get; set; }

    /// <summary>Volumes that are attached to the node.</summary>
    [Field(10), ListType("atomic")]
    public List<AttachedVolume>? VolumesAttached { get; set; }

    /// <summary>No longer used.</summary>
    [Field(11)]
    public NodeConfigStatus? Config { get; set; }

    /// <summary>The container runtimes that the node offers, with what each can do.</summary>
    [Field(12), ListType("atomic")]
    public List<NodeRuntimeHandler>? RuntimeHandlers { get; set; }

    /// <summary>What the node's container runtime can do as a whole.</summary>
    [Field(13)]
    public NodeFeatures? Features { get; set; }

    /// <summary>Optional features that the node says it supports.</summary>
    [Field(14), ListType("atomic")]
    public List<string>? DeclaredFeatures { get; set; }
}

/// <summary>One aspect of a node's health.</summary>
[ApiType]
public sealed partial class NodeCondition
{
    /// <summary>The aspect: Ready, MemoryPressure, DiskPressure, PIDPressure, NetworkUnavailable...</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>True, False, or Unknown when the node has not been heard of.</summary>
    [Field(2), Required]
    public string Status { get; set; } = "";

    /// <summary>When the node last reported the condition.</summary>
    [Field(3, Always = true)]
    public DateTimeOffset? LastHeartbeatTime { get; set; }

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

/// <summary>One address of a node.</summary>
[ApiType]
public sealed partial class NodeAddress
{
    /// <summary>What the address is: Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>The address itself.</summary>
    [Field(2), Required]
    public string Address { get; set; } = "";
}

/// <summary>Ports on which a node's own services listen.</summary>
[ApiType]
public sealed partial class NodeDaemonEndpoints
{
    /// <summary>Where the node's agent listens.</summary>
    [Field(1)]
    public DaemonEndpoint KubeletEndpoint { get; set; } = new();
}

/// <summary>A port of a service on a node.</summary>
[ApiType]
public sealed partial class DaemonEndpoint
{
    /// <summary>The port's number.</summary>
    [Field(1, Name = "Port"), Required]
    public int Port { get; set; }
}

/// <summary>An image that is on a node.</summary>
[ApiType]
public sealed partial class ContainerImage
{
    /// <summary>Names by which the image is known, with tags and with digests.</summary>
    [Field(1, Always = true), ListType("atomic")]
    public List<string>? Names { get; set; }

    /// <summary>The image's size in bytes.</summary>
    [Field(2)]
    public long SizeBytes { get; set; }
}

/// <summary>A volume that is attached to a node.</summary>
[ApiType]
public sealed partial class AttachedVolume
{
    /// <summary>The volume's name.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>Where the volume appears as a device.</summary>
    [Field(2), Required]
    public string DevicePath { get; set; } = "";
}

/// <summary>Aspects of a node's health.</summary>
public static class NodeConditionType
{
    public const string Ready = "Ready";
    public const string MemoryPressure = "MemoryPressure";
    public const string DiskPressure = "DiskPressure";
    public const string PIDPressure = "PIDPressure";
    public const string NetworkUnavailable = "NetworkUnavailable";
}

/// <summary>What an address of a node is.</summary>
public static class NodeAddressType
{
    public const string Hostname = "Hostname";
    public const string InternalIP = "InternalIP";
    public const string ExternalIP = "ExternalIP";
    public const string InternalDNS = "InternalDNS";
    public const string ExternalDNS = "ExternalDNS";
}
