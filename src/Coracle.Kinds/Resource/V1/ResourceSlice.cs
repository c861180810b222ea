using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Resource.V1;

/// <summary>Some of the devices of a pool, as their driver tells them.</summary>
[Kind("resource.k8s.io/v1", "ResourceSlice", "resourceslices", Namespaced = false, Generation = true, ReturnDeleted = true,
    Selectable = ["spec.nodeName", "spec.driver"], Rules = typeof(ResourceSliceRules))]
public sealed partial class ResourceSlice
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>The devices and where they can be used.</summary>
    [Field(2), Required]
    public ResourceSliceSpec Spec { get; set; } = new();
}

/// <summary>Devices of a pool and where they can be used.</summary>
[ApiType]
public sealed partial class ResourceSliceSpec
{
    /// <summary>The driver that tells of them. Cannot be changed.</summary>
    [Field(1), Required]
    public string Driver { get; set; } = "";

    /// <summary>The pool to which they belong.</summary>
    [Field(2), Required]
    public ResourcePool Pool { get; set; } = new();

    /// <summary>The node that has them. Cannot be changed.</summary>
    [Field(3)]
    public string? NodeName { get; set; }

    /// <summary>Nodes on which they can be used: one term.</summary>
    [Field(4)]
    public NodeSelector? NodeSelector { get; set; }

    /// <summary>They can be used on all nodes.</summary>
    [Field(5)]
    public bool? AllNodes { get; set; }

    /// <summary>The devices, 128 at most: 64 when any has taints or uses up counters.</summary>
    [Field(6), ListType("atomic")]
    public List<Device>? Devices { get; set; }

    /// <summary>Each device says itself where it can be used.</summary>
    [Field(7)]
    public bool? PerDeviceNodeSelection { get; set; }

    /// <summary>Counters from which devices of the pool take, in slices that have no devices.</summary>
    [Field(8), ListType("atomic")]
    public List<CounterSet>? SharedCounters { get; set; }
}

/// <summary>A pool of devices, which may take several slices to tell.</summary>
[ApiType]
public sealed partial class ResourcePool
{
    /// <summary>The pool's name: subdomains with slashes between them. Cannot be changed.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>Goes up with each change of the pool. Slices of an older generation do not count.</summary>
    [Field(2), Required]
    public long Generation { get; set; }

    /// <summary>How many slices the pool has in this generation.</summary>
    [Field(3), Required]
    public long ResourceSliceCount { get; set; }
}

/// <summary>Counters that devices share.</summary>
[ApiType]
public sealed partial class CounterSet
{
    /// <summary>Its name.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>The counters by name.</summary>
    [Field(2, OmitZero = true), Required]
    public Dictionary<string, Counter>? Counters { get; set; }
}

/// <summary>An amount of something.</summary>
[ApiType]
public sealed partial class Counter
{
    /// <summary>How much.</summary>
    [Field(1), Required]
    public Quantity Value { get; set; }
}

/// <summary>A device.</summary>
[ApiType]
public sealed partial class Device
{
    /// <summary>Its name, unique in the pool.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>What is to be known of it, by name. 32 at most, together with capacity.</summary>
    [Field(2)]
    public Dictionary<string, DeviceAttribute>? Attributes { get; set; }

    /// <summary>How much of what it has, by name.</summary>
    [Field(3)]
    public Dictionary<string, DeviceCapacity>? Capacity { get; set; }

    /// <summary>What it takes from shared counters while it is in use.</summary>
    [Field(4), ListType("atomic")]
    public List<DeviceCounterConsumption>? ConsumesCounters { get; set; }

    /// <summary>The node that has it, where devices say so themselves.</summary>
    [Field(5)]
    public string? NodeName { get; set; }

    /// <summary>Nodes on which it can be used, where devices say so themselves.</summary>
    [Field(6)]
    public NodeSelector? NodeSelector { get; set; }

    /// <summary>It can be used on all nodes, where devices say so themselves.</summary>
    [Field(7)]
    public bool? AllNodes { get; set; }

    /// <summary>What keeps claims away that do not put up with it.</summary>
    [Field(8), ListType("atomic")]
    public List<DeviceTaint>? Taints { get; set; }

    /// <summary>Given once it can be used on that node alone, whatever the slice says.</summary>
    [Field(9)]
    public bool? BindsToNode { get; set; }

    /// <summary>Conditions that must be true before pods are bound, four at most.</summary>
    [Field(10), ListType("atomic")]
    public List<string>? BindingConditions { get; set; }

    /// <summary>Conditions of which any one, when true, means that pods cannot be bound, four at most.</summary>
    [Field(11), ListType("atomic")]
    public List<string>? BindingFailureConditions { get; set; }

    /// <summary>It can be given to several claims at once.</summary>
    [Field(12)]
    public bool? AllowMultipleAllocations { get; set; }

    /// <summary>Resources of the node, such as cpu and memory, that go with the device.</summary>
    [Field(13)]
    public Dictionary<string, NodeAllocatableResourceMapping>? NodeAllocatableResourceMappings { get; set; }
}

/// <summary>How much of a resource of the node goes with a device.</summary>
[ApiType]
public sealed partial class NodeAllocatableResourceMapping
{
    /// <summary>The capacity of the device of which the amount is a multiple; a multiple of the number of devices when absent.</summary>
    [Field(1)]
    public string? CapacityKey { get; set; }

    /// <summary>The factor; 1 when absent.</summary>
    [Field(2)]
    public Quantity? AllocationMultiplier { get; set; }
}

/// <summary>What a device takes from a counter set.</summary>
[ApiType]
public sealed partial class DeviceCounterConsumption
{
    /// <summary>The counter set.</summary>
    [Field(1), Required]
    public string CounterSet { get; set; } = "";

    /// <summary>How much of each of its counters.</summary>
    [Field(2, OmitZero = true), Required]
    public Dictionary<string, Counter>? Counters { get; set; }
}

/// <summary>How much a device has of something.</summary>
[ApiType]
public sealed partial class DeviceCapacity
{
    /// <summary>How much.</summary>
    [Field(1), Required]
    public Quantity Value { get; set; }

    /// <summary>Which amounts can be asked for, of a device that can be shared.</summary>
    [Field(2)]
    public CapacityRequestPolicy? RequestPolicy { get; set; }
}

/// <summary>Which amounts can be asked for.</summary>
[ApiType]
public sealed partial class CapacityRequestPolicy
{
    /// <summary>The amount for requests that name none.</summary>
    [Field(1, Always = true)]
    public Quantity? Default { get; set; }

    /// <summary>The amounts, in ascending order. Others are rounded up to the next.</summary>
    [Field(3), ListType("atomic")]
    public List<Quantity>? ValidValues { get; set; }

    /// <summary>The range from which amounts are taken.</summary>
    [Field(4)]
    public CapacityRequestPolicyRange? ValidRange { get; set; }
}

/// <summary>A range of amounts.</summary>
[ApiType]
public sealed partial class CapacityRequestPolicyRange
{
    /// <summary>The smallest one. Less is rounded up to it.</summary>
    [Field(1, OmitZero = true), Required]
    public Quantity? Min { get; set; }

    /// <summary>The largest one.</summary>
    [Field(2)]
    public Quantity? Max { get; set; }

    /// <summary>What lies between two amounts. Others are rounded up to the next.</summary>
    [Field(3)]
    public Quantity? Step { get; set; }
}

/// <summary>Something to be known of a device: one value, or a list of values of one type.</summary>
[ApiType]
public sealed partial class DeviceAttribute
{
    /// <summary>A number.</summary>
    [Field(2, Name = "int")]
    public long? IntValue { get; set; }

    /// <summary>Yes or no.</summary>
    [Field(3, Name = "bool")]
    public bool? BoolValue { get; set; }

    /// <summary>A text of 64 characters at most.</summary>
    [Field(4, Name = "string")]
    public string? StringValue { get; set; }

    /// <summary>A version as semver.org writes it.</summary>
    [Field(5, Name = "version")]
    public string? VersionValue { get; set; }

    /// <summary>Numbers.</summary>
    [Field(6, Name = "ints"), ListType("atomic")]
    public List<long>? IntValues { get; set; }

    /// <summary>Yes or no, several times.</summary>
    [Field(7, Name = "bools"), ListType("atomic")]
    public List<bool>? BoolValues { get; set; }

    /// <summary>Texts.</summary>
    [Field(8, Name = "strings"), ListType("atomic")]
    public List<string>? StringValues { get; set; }

    /// <summary>Versions.</summary>
    [Field(9, Name = "versions"), ListType("atomic")]
    public List<string>? VersionValues { get; set; }
}

/// <summary>What keeps claims away from a device.</summary>
[ApiType]
public sealed partial class DeviceTaint
{
    /// <summary>The taint's key.</summary>
    [Field(1), Required]
    public string Key { get; set; } = "";

    /// <summary>The taint's value.</summary>
    [Field(2)]
    public string Value { get; set; } = "";

    /// <summary>None, NoSchedule, or NoExecute to end pods as well.</summary>
    [Field(3), Required]
    public string Effect { get; set; } = "";

    /// <summary>When it was added. Filled in by the server.</summary>
    [Field(4)]
    public DateTimeOffset? TimeAdded { get; set; }
}

/// <summary>What a taint of a device does.</summary>
public static class DeviceTaintEffect
{
    public const string None = "None";
    public const string NoSchedule = "NoSchedule";
    public const string NoExecute = "NoExecute";
}
