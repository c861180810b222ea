using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>The volume that a claim is bound to.</summary>
[ApiType]
public sealed partial class PersistentVolumeClaimVolumeSource
{
    /// <summary>Name of the claim in the pod's namespace.</summary>
    [Field(1), Required]
    public string ClaimName { get; set; } = "";

    /// <summary>It cannot be written to.</summary>
    [Field(2)]
    public bool ReadOnly { get; set; }
}

/// <summary>A claim that is made for a pod and goes with it. Its name is the pod's name, a dash and the volume's name.</summary>
[ApiType]
public sealed partial class EphemeralVolumeSource
{
    /// <summary>What the claim looks like.</summary>
    [Field(1)]
    public PersistentVolumeClaimTemplate? VolumeClaimTemplate { get; set; }
}

/// <summary>What the claim made for a pod looks like.</summary>
[ApiType]
public sealed partial class PersistentVolumeClaimTemplate
{
    /// <summary>Labels and annotations that the claim gets.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What storage is wanted. Copied into the claim as it is.</summary>
    [Field(2), Required]
    public PersistentVolumeClaimSpec Spec { get; set; } = new();
}

/// <summary>What storage is wanted.</summary>
[ApiType]
public sealed partial class PersistentVolumeClaimSpec
{
    /// <summary>How it is to be mounted: ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod.</summary>
    [Field(1), ListType("atomic")]
    public List<string>? AccessModes { get; set; }

    /// <summary>Labels of the volumes that may be bound.</summary>
    [Field(4)]
    public LabelSelector? Selector { get; set; }

    /// <summary>How much storage is needed. May be raised later.</summary>
    [Field(2)]
    public VolumeResourceRequirements Resources { get; set; } = new();

    /// <summary>The volume that is bound.</summary>
    [Field(3)]
    public string VolumeName { get; set; } = "";

    /// <summary>The class of storage; the cluster's default when absent, none at all when "".</summary>
    [Field(5)]
    public string? StorageClassName { get; set; }

    /// <summary>Filesystem, or Block for a device without one.</summary>
    [Field(6), Default("Filesystem")]
    public string? VolumeMode { get; set; }

    /// <summary>What the new volume starts with: a snapshot or another claim.</summary>
    [Field(7)]
    public TypedLocalObjectReference? DataSource { get; set; }

    /// <summary>As dataSource, for objects of any kind and in other namespaces.</summary>
    [Field(8)]
    public TypedObjectReference? DataSourceRef { get; set; }

    /// <summary>The class of settings of the volume, which may be changed later.</summary>
    [Field(9)]
    public string? VolumeAttributesClassName { get; set; }
}

/// <summary>How much storage is needed.</summary>
[ApiType]
public sealed partial class VolumeResourceRequirements
{
    /// <summary>The most, by resource.</summary>
    [Field(1)]
    public Dictionary<string, Quantity>? Limits { get; set; }

    /// <summary>The least, by resource: storage.</summary>
    [Field(2)]
    public Dictionary<string, Quantity>? Requests { get; set; }
}

/// <summary>How a volume may be mounted: by one node, read by many, written by many, or by one pod.</summary>
public static class PersistentVolumeAccessMode
{
    public const string ReadWriteOnce = "ReadWriteOnce";
    public const string ReadOnlyMany = "ReadOnlyMany";
    public const string ReadWriteMany = "ReadWriteMany";
    public const string ReadWriteOncePod = "ReadWriteOncePod";
}

/// <summary>Whether a volume is mounted as a file system or given as a device.</summary>
public static class PersistentVolumeMode
{
    public const string Block = "Block";
    public const string Filesystem = "Filesystem";
}
