using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Resource.V1;

/// <summary>A class of devices that claims ask for by name.</summary>
[Kind("resource.k8s.io/v1", "DeviceClass", "deviceclasses", Namespaced = false, Generation = true, ReturnDeleted = true,
    Rules = typeof(DeviceClassRules))]
public sealed partial class DeviceClass
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>Which devices, and how they are set up.</summary>
    [Field(2), Required]
    public DeviceClassSpec Spec { get; set; } = new();
}

/// <summary>Which devices belong to a class, and how they are set up.</summary>
[ApiType]
public sealed partial class DeviceClassSpec
{
    /// <summary>What a device must be: all of them must hold.</summary>
    [Field(1), ListType("atomic")]
    public List<DeviceSelector>? Selectors { get; set; }

    /// <summary>Settings for the drivers of the devices that are claimed by way of the class.</summary>
    [Field(2), ListType("atomic")]
    public List<DeviceClassConfiguration>? Config { get; set; }

    /// <summary>The resource by which pods may ask for devices of the class without a claim.</summary>
    [Field(4)]
    public string? ExtendedResourceName { get; set; }
}

/// <summary>Settings that come with a class.</summary>
[ApiType]
public sealed partial class DeviceClassConfiguration
{
    /// <summary>Settings that only the driver knows.</summary>
    [Field(1_001)]
    public OpaqueDeviceConfiguration? Opaque { get; set; }
}

/// <summary>What a device must be.</summary>
[ApiType]
public sealed partial class DeviceSelector
{
    /// <summary>An expression about the device.</summary>
    [Field(1)]
    public CELDeviceSelector? Cel { get; set; }
}

/// <summary>A condition on devices in CEL.</summary>
[ApiType]
public sealed partial class CELDeviceSelector
{
    /// <summary>The expression over "device": its driver, attributes and capacity. True when it fits; at most 10240 bytes.</summary>
    [Field(1), Required]
    public string Expression { get; set; } = "";
}

/// <summary>Settings for one driver, which no one else reads.</summary>
[ApiType]
public sealed partial class OpaqueDeviceConfiguration
{
    /// <summary>The driver's name.</summary>
    [Field(1), Required]
    public string Driver { get; set; } = "";

    /// <summary>The settings, as an object with apiVersion and kind. At most 10 KiB.</summary>
    [Field(2), Required]
    public RawJson? Parameters { get; set; }
}
