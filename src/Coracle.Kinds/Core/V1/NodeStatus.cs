using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class NodeStatus
{
    [Field(1)]
    public Dictionary<string, Quantity>? Capacity { get; set; }

    [Field(2)]
    public Dictionary<string, Quantity>? Allocatable { get; set; }

    [Field(3)]
    public string Phase { get; set; } = "";

    [Field(4), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<NodeCondition>? Conditions { get; set; }

    [Field(5), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<NodeAddress>? Addresses { get; set; }

    [Field(6)]
    public NodeDaemonEndpoints DaemonEndpoints { get; set; } = new();

    [Field(7)]
    public NodeSystemInfo NodeInfo { get; set; } = new();

    [Field(8), ListType("atomic")]
    public List<ContainerImage>? Images { get; set; }

    [Field(9), ListType("atomic")]
    public List<string>? VolumesInUse { get; set; }

    [Field(10), ListType("atomic")]
    public List<AttachedVolume>? VolumesAttached { get; set; }

    [Field(11)]
    public NodeConfigStatus? Config { get; set; }

    [Field(12), ListType("atomic")]
    public List<NodeRuntimeHandler>? RuntimeHandlers { get; set; }

    [Field(13)]
    public NodeFeatures? Features { get; set; }

    [Field(14), ListType("atomic")]
    public List<string>? DeclaredFeatures { get; set; }
}

[ApiType]
public sealed partial class NodeCondition
{
    [Field(1), Required]
    public string Type { get; set; } = "";

    [Field(2), Required]
    public string Status { get; set; } = "";

    [Field(3, Always = true)]
    public DateTimeOffset? LastHeartbeatTime { get; set; }

    [Field(4, Always = true)]
    public DateTimeOffset? LastTransitionTime { get; set; }

    [Field(5)]
    public string Reason { get; set; } = "";

    [Field(6)]
    public string Message { get; set; } = "";
}

[ApiType]
public sealed partial class NodeAddress
{
    [Field(1), Required]
    public string Type { get; set; } = "";

    [Field(2), Required]
    public string Address { get; set; } = "";
}

[ApiType]
public sealed partial class NodeDaemonEndpoints
{
    [Field(1)]
    public DaemonEndpoint KubeletEndpoint { get; set; } = new();
}

[ApiType]
public sealed partial class DaemonEndpoint
{
    [Field(1, Name = "Port"), Required]
    public int Port { get; set; }
}

[ApiType]
public sealed partial class ContainerImage
{
    [Field(1, Always = true), ListType("atomic")]
    public List<string>? Names { get; set; }

    [Field(2)]
    public long SizeBytes { get; set; }
}

[ApiType]
public sealed partial class AttachedVolume
{
    [Field(1), Required]
    public string Name { get; set; } = "";

    [Field(2), Required]
    public string DevicePath { get; set; } = "";
}

public static class NodeConditionType
{
    public const string Ready = "Ready";
    public const string MemoryPressure = "MemoryPressure";
    public const string DiskPressure = "DiskPressure";
    public const string PIDPressure = "PIDPressure";
    public const string NetworkUnavailable = "NetworkUnavailable";
}

public static class NodeAddressType
{
    public const string Hostname = "Hostname";
    public const string InternalIP = "InternalIP";
    public const string ExternalIP = "ExternalIP";
    public const string InternalDNS = "InternalDNS";
    public const string ExternalDNS = "ExternalDNS";
}
