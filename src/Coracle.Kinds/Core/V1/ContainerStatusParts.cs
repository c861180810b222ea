using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>A volume that has been mounted into a container.</summary>
[ApiType]
public sealed partial class VolumeMountStatus
{
    /// <summary>The volume's name in the pod.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>Where in the container it is mounted.</summary>
    [Field(2), Required]
    public string MountPath { get; set; } = "";

    /// <summary>It cannot be written to.</summary>
    [Field(3)]
    public bool ReadOnly { get; set; }

    /// <summary>Whether mounts below it are read-only as well: Disabled or Enabled.</summary>
    [Field(4)]
    public string? RecursiveReadOnly { get; set; }

    /// <summary>What is known of the volume beyond its mount.</summary>
    [Field(5)]
    public VolumeStatus? VolumeStatus { get; set; }
}

/// <summary>What is known of a mounted volume. At most one field is set.</summary>
[ApiType]
public sealed partial class VolumeStatus
{
    /// <summary>For a volume that is an image.</summary>
    [Field(1)]
    public ImageVolumeStatus? Image { get; set; }
}

/// <summary>What is known of a mounted image.</summary>
[ApiType]
public sealed partial class ImageVolumeStatus
{
    /// <summary>The image by digest.</summary>
    [Field(1, OmitZero = true), Required]
    public string ImageRef { get; set; } = "";
}

/// <summary>The user under which a container's first process started.</summary>
[ApiType]
public sealed partial class ContainerUser
{
    /// <summary>Ids of user and groups on Linux.</summary>
    [Field(1)]
    public LinuxContainerUser? Linux { get; set; }
}

/// <summary>Ids under which a container's first process started.</summary>
[ApiType]
public sealed partial class LinuxContainerUser
{
    /// <summary>Id of the user.</summary>
    [Field(1), Required]
    public long Uid { get; set; }

    /// <summary>Id of the primary group.</summary>
    [Field(2), Required]
    public long Gid { get; set; }

    /// <summary>Ids of further groups.</summary>
    [Field(3), ListType("atomic")]
    public List<long>? SupplementalGroups { get; set; }
}

/// <summary>The health of one kind of device that a container has.</summary>
[ApiType]
public sealed partial class ResourceStatus
{
    /// <summary>The resource's name, or claim:CLAIM/REQUEST for devices from a claim.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>The devices, one by one.</summary>
    [Field(2), ListType("map", "resourceID")]
    public List<ResourceHealth>? Resources { get; set; }
}

/// <summary>The health of one device.</summary>
[ApiType]
public sealed partial class ResourceHealth
{
    /// <summary>Identifies the device on its node.</summary>
    [Field(1), Required]
    public string ResourceID { get; set; } = "";

    /// <summary>Healthy, Unhealthy or Unknown.</summary>
    [Field(2)]
    public string Health { get; set; } = "";

    /// <summary>What is wrong with the device, in words for people.</summary>
    [Field(6)]
    public string? Message { get; set; }
}
