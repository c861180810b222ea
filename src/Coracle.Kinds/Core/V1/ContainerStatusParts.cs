using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class VolumeMountStatus
{
    [Field(1), Required]
    public string Name { get; set; } = "";

    [Field(2), Required]
    public string MountPath { get; set; } = "";

    [Field(3)]
    public bool ReadOnly { get; set; }

    [Field(4)]
    public string? RecursiveReadOnly { get; set; }

    [Field(5)]
    public VolumeStatus? VolumeStatus { get; set; }
}

[ApiType]
public sealed partial class VolumeStatus
{
    [Field(1)]
    public ImageVolumeStatus? Image { get; set; }
}

[ApiType]
public sealed partial class ImageVolumeStatus
{
    [Field(1), Required]
    public string ImageRef { get; set; } = "";
}

[ApiType]
public sealed partial class ContainerUser
{
    [Field(1)]
    public LinuxContainerUser? Linux { get; set; }
}

[ApiType]
public sealed partial class LinuxContainerUser
{
    [Field(1), Required]
    public long Uid { get; set; }

    [Field(2), Required]
    public long Gid { get; set; }

    [Field(3), ListType("atomic")]
    public List<long>? SupplementalGroups { get; set; }
}

[ApiType]
public sealed partial class ResourceStatus
{
    [Field(1), Required]
    public string Name { get; set; } = "";

    [Field(2), ListType("map", "resourceID")]
    public List<ResourceHealth>? Resources { get; set; }
}

[ApiType]
public sealed partial class ResourceHealth
{
    [Field(1), Required]
    public string ResourceID { get; set; } = "";

    [Field(2)]
    public string Health { get; set; } = "";

    [Field(6)]
    public string? Message { get; set; }
}
