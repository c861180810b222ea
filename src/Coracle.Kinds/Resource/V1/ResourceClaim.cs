using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Resource.V1;

/// <summary>Asks for devices, and says which ones were given.</summary>
[Kind("resource.k8s.io/v1", "ResourceClaim", "resourceclaims", Status = true, ReturnDeleted = true, Rules = typeof(ResourceClaimRules))]
public sealed partial class ResourceClaim
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is asked for. Cannot be changed.</summary>
    [Field(2), Required]
    public ResourceClaimSpec Spec { get; set; } = new();

    /// <summary>What was given, and who uses it.</summary>
    [Field(3)]
    public ResourceClaimStatus Status { get; set; } = new();
}

/// <summary>What is asked for.</summary>
[ApiType]
public sealed partial class ResourceClaimSpec
{
    /// <summary>The devices.</summary>
    [Field(1)]
    public DeviceClaim Devices { get; set; } = new();
}

/// <summary>The devices that are asked for.</summary>
[ApiType]
public sealed partial class DeviceClaim
{
    /// <summary>The requests, 32 at most; all are to be met.</summary>
    [Field(1, Always = true), ListType("atomic")]
    public List<DeviceRequest>? Requests { get; set; }

    /// <summary>What devices of several requests must have in common.</summary>
    [Field(2), ListType("atomic")]
    public List<DeviceConstraint>? Constraints { get; set; }

    /// <summary>Settings for the drivers.</summary>
    [Field(3), ListType("atomic")]
    public List<DeviceClaimConfiguration>? Config { get; set; }
}

/// <summary>A request for one or more devices: exact, or with alternatives.</summary>
[ApiType]
public sealed partial class DeviceRequest
{
    /// <summary>The request's name; constraints, settings and pods refer to it.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>What is asked for, without alternatives.</summary>
    [Field(2)]
    public ExactDeviceRequest? Exactly { get; set; }

    /// <summary>Alternatives, the best one first; one of them is met.</summary>
    [Field(3), ListType("atomic")]
    public List<DeviceSubRequest>? FirstAvailable { get; set; }
}

/// <summary>What devices are asked for.</summary>
[ApiType]
public sealed partial class ExactDeviceRequest
{
    /// <summary>The class of the devices.</summary>
    [Field(1), Required]
    public string DeviceClassName { get; set; } = "";

    /// <summary>What a device must be, besides what the class says.</summary>
    [Field(2), ListType("atomic")]
    public List<DeviceSelector>? Selectors { get; set; }

    /// <summary>ExactCount, or All for every device that fits. ExactCount unless given.</summary>
    [Field(3)]
    public string AllocationMode { get; set; } = "";

    /// <summary>How many, with ExactCount. One unless given.</summary>
    [Field(4)]
    public long Count { get; set; }

    /// <summary>Access for administration: the devices may be in use by others. Only in namespaces that a label marks.</summary>
    [Field(5)]
    public bool? AdminAccess { get; set; }

    /// <summary>Taints of devices that are put up with.</summary>
    [Field(6), ListType("atomic")]
    public List<DeviceToleration>? Tolerations { get; set; }

    /// <summary>How much of a device that can be shared is needed.</summary>
    [Field(7)]
    public CapacityRequirements? Capacity { get; set; }
}

/// <summary>One of the alternatives of a request.</summary>
[ApiType]
public sealed partial class DeviceSubRequest
{
    /// <summary>The alternative's name; REQUEST/NAME refers to it.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>The class of the devices.</summary>
    [Field(2), Required]
    public string DeviceClassName { get; set; } = "";

    /// <summary>What a device must be, besides what the class says.</summary>
    [Field(3), ListType("atomic")]
    public List<DeviceSelector>? Selectors { get; set; }

    /// <summary>ExactCount, or All for every device that fits. ExactCount unless given.</summary>
    [Field(4)]
    public string AllocationMode { get; set; } = "";

    /// <summary>How many, with ExactCount. One unless given.</summary>
    [Field(5)]
    public long Count { get; set; }

    /// <summary>Taints of devices that are put up with.</summary>
    [Field(6), ListType("atomic")]
    public List<DeviceToleration>? Tolerations { get; set; }

    /// <summary>How much of a device that can be shared is needed.</summary>
    [Field(7)]
    public CapacityRequirements? Capacity { get; set; }
}

/// <summary>How much of a device is needed.</summary>
[ApiType]
public sealed partial class CapacityRequirements
{
    /// <summary>Amounts by capacity: of capacities that are not named what the device says.</summary>
    [Field(1)]
    public Dictionary<string, Quantity>? Requests { get; set; }
}

/// <summary>What the devices of requests must have in common, or not.</summary>
[ApiType]
public sealed partial class DeviceConstraint
{
    /// <summary>The requests; all of them when empty.</summary>
    [Field(1), ListType("atomic")]
    public List<string>? Requests { get; set; }

    /// <summary>All devices have the same value of this attribute.</summary>
    [Field(2)]
    public string? MatchAttribute { get; set; }

    /// <summary>No two devices have the same value of this attribute.</summary>
    [Field(3)]
    public string? DistinctAttribute { get; set; }
}

/// <summary>Settings that come with a claim.</summary>
[ApiType]
public sealed partial class DeviceClaimConfiguration
{
    /// <summary>The requests whose devices they are for; all when empty.</summary>
    [Field(1), ListType("atomic")]
    public List<string>? Requests { get; set; }

    /// <summary>Settings that only the driver knows.</summary>
    [Field(2_001)]
    public OpaqueDeviceConfiguration? Opaque { get; set; }
}

/// <summary>A taint of devices that is put up with.</summary>
[ApiType]
public sealed partial class DeviceToleration
{
    /// <summary>The taint's key; any when empty, with Exists.</summary>
    [Field(1)]
    public string Key { get; set; } = "";

    /// <summary>Exists, or Equal to compare the value too.</summary>
    [Field(2), Default("Equal", Published = true)]
    public string Operator { get; set; } = "";

    /// <summary>The taint's value.</summary>
    [Field(3)]
    public string Value { get; set; } = "";

    /// <summary>The taint's effect; any when empty.</summary>
    [Field(4)]
    public string Effect { get; set; } = "";

    /// <summary>For how many seconds NoExecute is put up with; forever when absent.</summary>
    [Field(5)]
    public long? TolerationSeconds { get; set; }
}

/// <summary>What was given, and who uses it.</summary>
[ApiType]
public sealed partial class ResourceClaimStatus
{
    /// <summary>What was given. Absent while nothing is.</summary>
    [Field(1)]
    public AllocationResult? Allocation { get; set; }

    /// <summary>Who may use it now: pods, 256 at most.</summary>
    [Field(2), ListType("map", "uid"), Patch("merge", MergeKey = "uid")]
    public List<ResourceClaimConsumerReference>? ReservedFor { get; set; }

    /// <summary>What drivers say of the devices.</summary>
    [Field(4), ListType("map", "driver", "device", "pool", "shareID")]
    public List<AllocatedDeviceStatus>? Devices { get; set; }
}

/// <summary>Names somebody who uses a claim.</summary>
[ApiType]
public sealed partial class ResourceClaimConsumerReference
{
    /// <summary>Its group; empty for the core group.</summary>
    [Field(1)]
    public string ApiGroup { get; set; } = "";

    /// <summary>Its resource, in plural.</summary>
    [Field(3), Required]
    public string Resource { get; set; } = "";

    /// <summary>Its name.</summary>
    [Field(4), Required]
    public string Name { get; set; } = "";

    /// <summary>Its uid.</summary>
    [Field(5), Required]
    public string Uid { get; set; } = "";
}

/// <summary>What was given.</summary>
[ApiType]
public sealed partial class AllocationResult
{
    /// <summary>The devices.</summary>
    [Field(1)]
    public DeviceAllocationResult Devices { get; set; } = new();

    /// <summary>Nodes on which they can be used; all when absent.</summary>
    [Field(3)]
    public NodeSelector? NodeSelector { get; set; }

    /// <summary>When they were given.</summary>
    [Field(5)]
    public DateTimeOffset? AllocationTimestamp { get; set; }
}

/// <summary>The devices that were given.</summary>
[ApiType]
public sealed partial class DeviceAllocationResult
{
    /// <summary>The devices, with the requests that they meet.</summary>
    [Field(1), ListType("atomic")]
    public List<DeviceRequestAllocationResult>? Results { get; set; }

    /// <summary>The settings of claim and classes together.</summary>
    [Field(2), ListType("atomic")]
    public List<DeviceAllocationConfiguration>? Config { get; set; }
}

/// <summary>A device that was given for a request.</summary>
[ApiType]
public sealed partial class DeviceRequestAllocationResult
{
    /// <summary>The request, as REQUEST or REQUEST/ALTERNATIVE.</summary>
    [Field(1), Required]
    public string Request { get; set; } = "";

    /// <summary>The device's driver.</summary>
    [Field(2), Required]
    public string Driver { get; set; } = "";

    /// <summary>The pool in which the device is.</summary>
    [Field(3), Required]
    public string Pool { get; set; } = "";

    /// <summary>The device's name in the pool.</summary>
    [Field(4), Required]
    public string Device { get; set; } = "";

    /// <summary>It is given for administration.</summary>
    [Field(5)]
    public bool? AdminAccess { get; set; }

    /// <summary>Taints that were put up with.</summary>
    [Field(6), ListType("atomic")]
    public List<DeviceToleration>? Tolerations { get; set; }

    /// <summary>Conditions that must be true before pods are bound.</summary>
    [Field(7), ListType("atomic")]
    public List<string>? BindingConditions { get; set; }

    /// <summary>Conditions of which any one, when true, means that pods cannot be bound.</summary>
    [Field(8), ListType("atomic")]
    public List<string>? BindingFailureConditions { get; set; }

    /// <summary>Tells this share of a device from others of it.</summary>
    [Field(9)]
    public string? ShareID { get; set; }

    /// <summary>How much of the device is used up.</summary>
    [Field(10)]
    public Dictionary<string, Quantity>? ConsumedCapacity { get; set; }
}

/// <summary>Settings for devices that were given, and where they are from.</summary>
[ApiType]
public sealed partial class DeviceAllocationConfiguration
{
    /// <summary>FromClass or FromClaim.</summary>
    [Field(1), Required]
    public string Source { get; set; } = "";

    /// <summary>The requests whose devices they are for; all when empty.</summary>
    [Field(2), ListType("atomic")]
    public List<string>? Requests { get; set; }

    /// <summary>Settings that only the driver knows.</summary>
    [Field(3_001)]
    public OpaqueDeviceConfiguration? Opaque { get; set; }
}

/// <summary>What a driver says of a device that was given.</summary>
[ApiType]
public sealed partial class AllocatedDeviceStatus
{
    /// <summary>The device's driver.</summary>
    [Field(1), Required]
    public string Driver { get; set; } = "";

    /// <summary>The pool in which the device is.</summary>
    [Field(2), Required]
    public string Pool { get; set; } = "";

    /// <summary>The device's name in the pool.</summary>
    [Field(3), Required]
    public string Device { get; set; } = "";

    /// <summary>Which share of the device.</summary>
    [Field(7)]
    public string? ShareID { get; set; }

    /// <summary>How the device does, in eight conditions at most.</summary>
    [Field(4, Always = true), ListType("map", "type")]
    public List<Condition>? Conditions { get; set; }

    /// <summary>What else the driver says, at most 10 KiB.</summary>
    [Field(5)]
    public RawJson? Data { get; set; }

    /// <summary>What is to be known of a network device.</summary>
    [Field(6)]
    public NetworkDeviceData? NetworkData { get; set; }
}

/// <summary>What is to be known of a network device.</summary>
[ApiType]
public sealed partial class NetworkDeviceData
{
    /// <summary>The interface's name in the pod.</summary>
    [Field(1)]
    public string InterfaceName { get; set; } = "";

    /// <summary>Addresses with the lengths of their networks: 192.0.2.5/24.</summary>
    [Field(2), ListType("atomic")]
    public List<string>? Ips { get; set; }

    /// <summary>The hardware address: a MAC address, as a rule.</summary>
    [Field(3)]
    public string HardwareAddress { get; set; } = "";
}

/// <summary>How many devices a request gets.</summary>
public static class DeviceAllocationMode
{
    public const string ExactCount = "ExactCount";
    public const string All = "All";
}

/// <summary>How a taint is compared.</summary>
public static class DeviceTolerationOperator
{
    public const string Exists = "Exists";
    public const string Equal = "Equal";
}

/// <summary>Where settings of devices are from.</summary>
public static class AllocationConfigSource
{
    public const string FromClass = "FromClass";
    public const string FromClaim = "FromClaim";
}
