using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class NFSVolumeSource
{
    [Field(1), Required]
    public string Server { get; set; } = "";

    [Field(2), Required]
    public string Path { get; set; } = "";

    [Field(3)]
    public bool ReadOnly { get; set; }
}

[ApiType]
public sealed partial class ISCSIVolumeSource
{
    [Field(1), Required]
    public string TargetPortal { get; set; } = "";

    [Field(2), Required]
    public string Iqn { get; set; } = "";

    [Field(3), Required]
    public int Lun { get; set; }

    [Field(4), Default("default", Published = true)]
    public string IscsiInterface { get; set; } = "";

    [Field(5)]
    public string FsType { get; set; } = "";

    [Field(6)]
    public bool ReadOnly { get; set; }

    [Field(7), ListType("atomic")]
    public List<string>? Portals { get; set; }

    [Field(8)]
    public bool ChapAuthDiscovery { get; set; }

    [Field(11)]
    public bool ChapAuthSession { get; set; }

    [Field(10)]
    public LocalObjectReference? SecretRef { get; set; }

    [Field(12)]
    public string? InitiatorName { get; set; }
}

[ApiType]
public sealed partial class FCVolumeSource
{
    [Field(1), ListType("atomic")]
    public List<string>? TargetWWNs { get; set; }

    [Field(2)]
    public int? Lun { get; set; }

    [Field(3)]
    public string FsType { get; set; } = "";

    [Field(4)]
    public bool ReadOnly { get; set; }

    [Field(5), ListType("atomic")]
    public List<string>? Wwids { get; set; }
}

[ApiType]
public sealed partial class CephFSVolumeSource
{
    [Field(1), Required, ListType("atomic")]
    public List<string>? Monitors { get; set; }

    [Field(2)]
    public string Path { get; set; } = "";

    [Field(3)]
    public string User { get; set; } = "";

    [Field(4)]
    public string SecretFile { get; set; } = "";

    [Field(5)]
    public LocalObjectReference? SecretRef { get; set; }

    [Field(6)]
    public bool ReadOnly { get; set; }
}

[ApiType]
public sealed partial class RBDVolumeSource
{
    [Field(1), Required, ListType("atomic")]
    public List<string>? Monitors { get; set; }

    [Field(2), Required]
    public string Image { get; set; } = "";

    [Field(3)]
    public string FsType { get; set; } = "";

    [Field(4), Default("rbd", Published = true)]
    public string Pool { get; set; } = "";

    [Field(5), Default("admin", Published = true)]
    public string User { get; set; } = "";

    [Field(6), Default("/etc/ceph/keyring", Published = true)]
    public string Keyring { get; set; } = "";

    [Field(7)]
    public LocalObjectReference? SecretRef { get; set; }

    [Field(8)]
    public bool ReadOnly { get; set; }
}

[ApiType]
public sealed partial class GlusterfsVolumeSource
{
    [Field(1), Required]
    public string Endpoints { get; set; } = "";

    [Field(2), Required]
    public string Path { get; set; } = "";

    [Field(3)]
    public bool ReadOnly { get; set; }
}

[ApiType]
public sealed partial class QuobyteVolumeSource
{
    [Field(1), Required]
    public string Registry { get; set; } = "";

    [Field(2), Required]
    public string Volume { get; set; } = "";

    [Field(3)]
    public bool ReadOnly { get; set; }

    [Field(4)]
    public string User { get; set; } = "";

    [Field(5)]
    public string Group { get; set; } = "";

    [Field(6)]
    public string Tenant { get; set; } = "";
}

[ApiType]
public sealed partial class CSIVolumeSource
{
    [Field(1), Required]
    public string Driver { get; set; } = "";

    [Field(2)]
    public bool? ReadOnly { get; set; }

    [Field(3)]
    public string? FsType { get; set; }

    [Field(4)]
    public Dictionary<string, string>? VolumeAttributes { get; set; }

    [Field(5)]
    public LocalObjectReference? NodePublishSecretRef { get; set; }
}

[ApiType]
public sealed partial class FlexVolumeSource
{
    [Field(1), Required]
    public string Driver { get; set; } = "";

    [Field(2)]
    public string FsType { get; set; } = "";

    [Field(3)]
    public LocalObjectReference? SecretRef { get; set; }

    [Field(4)]
    public bool ReadOnly { get; set; }

    [Field(5)]
    public Dictionary<string, string>? Options { get; set; }
}
