using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class PersistentVolumeClaimVolumeSource
{
    [Field(1), Required]
    public string ClaimName { get; set; } = "";

    [Field(2)]
    public bool ReadOnly { get; set; }
}

[ApiType]
public sealed partial class EphemeralVolumeSource
{
    [Field(1)]
    public PersistentVolumeClaimTemplate? VolumeClaimTemplate { get; set; }
}

[ApiType]
public sealed partial class PersistentVolumeClaimTemplate
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2), Required]
    public PersistentVolumeClaimSpec Spec { get; set; } = new();
}

[ApiType]
public sealed partial class PersistentVolumeClaimSpec
{
    [Field(1), ListType("atomic")]
    public List<string>? AccessModes { get; set; }

    [Field(4)]
    public LabelSelector? Selector { get; set; }

    [Field(2)]
    public VolumeResourceRequirements Resources { get; set; } = new();

    [Field(3)]
    public string VolumeName { get; set; } = "";

    [Field(5)]
    public string? StorageClassName { get; set; }

    [Field(6), Default("Filesystem")]
    public string? VolumeMode { get; set; }

    [Field(7)]
    public TypedLocalObjectReference? DataSource { get; set; }

    [Field(8)]
    public TypedObjectReference? DataSourceRef { get; set; }

    [Field(9)]
    public string? VolumeAttributesClassName { get; set; }
}

[ApiType]
public sealed partial class VolumeResourceRequirements
{
    [Field(1)]
    public Dictionary<string, Quantity>? Limits { get; set; }

    [Field(2)]
    public Dictionary<string, Quantity>? Requests { get; set; }
}

public static class PersistentVolumeAccessMode
{
    public const string ReadWriteOnce = "ReadWriteOnce";
    public const string ReadOnlyMany = "ReadOnlyMany";
    public const string ReadWriteMany = "ReadWriteMany";
    public const string ReadWriteOncePod = "ReadWriteOncePod";
}

public static class PersistentVolumeMode
{
    public const string Block = "Block";
    public const string Filesystem = "Filesystem";
}
