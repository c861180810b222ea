using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>A directory on an NFS server.</summary>
[ApiType]
public sealed partial class NFSVolumeSource
{
    /// <summary>The server's name or address.</summary>
    [Field(1), Required]
    public string Server { get; set; } = "";

    /// <summary>The directory that the server exports.</summary>
    [Field(2), Required]
    public string Path { get; set; } = "";

    /// <summary>It cannot be written to.</summary>
    [Field(3)]
    public bool ReadOnly { get; set; }
}

/// <summary>An iSCSI disk.</summary>
[ApiType]
public sealed partial class ISCSIVolumeSource
{
    /// <summary>Address of the portal, with its port unless that is 860 or 3260.</summary>
    [Field(1), Required]
    public string TargetPortal { get; set; } = "";

    /// <summary>The target's qualified name.</summary>
    [Field(2), Required]
    public string Iqn { get; set; } = "";

    /// <summary>Number of the logical unit.</summary>
    [Field(3), Required]
    public int Lun { get; set; }

    /// <summary>The interface that is used: "default" is the kernel's TCP.</summary>
    [Field(4), Default("default", Published = true)]
    public string IscsiInterface { get; set; } = "";

    /// <summary>The file system on the disk; ext4 unless given.</summary>
    [Field(5)]
    public string FsType { get; set; } = "";

    /// <summary>It cannot be written to.</summary>
    [Field(6)]
    public bool ReadOnly { get; set; }

    /// <summary>Addresses of further portals.</summary>
    [Field(7), ListType("atomic")]
    public List<string>? Portals { get; set; }

    /// <summary>Discovery is authenticated by CHAP.</summary>
    [Field(8)]
    public bool ChapAuthDiscovery { get; set; }

    /// <summary>Sessions are authenticated by CHAP.</summary>
    [Field(11)]
    public bool ChapAuthSession { get; set; }

    /// <summary>The secret for CHAP.</summary>
    [Field(10)]
    public LocalObjectReference? SecretRef { get; set; }

    /// <summary>The initiator's qualified name, instead of the node's.</summary>
    [Field(12)]
    public string? InitiatorName { get; set; }
}

/// <summary>A Fibre Channel disk.</summary>
[ApiType]
public sealed partial class FCVolumeSource
{
    /// <summary>World wide names of the targets.</summary>
    [Field(1), ListType("atomic")]
    public List<string>? TargetWWNs { get; set; }

    /// <summary>Number of the logical unit.</summary>
    [Field(2)]
    public int? Lun { get; set; }

    /// <summary>The file system on the disk; ext4 unless given.</summary>
    [Field(3)]
    public string FsType { get; set; } = "";

    /// <summary>It cannot be written to.</summary>
    [Field(4)]
    public bool ReadOnly { get; set; }

    /// <summary>World wide identifiers, instead of targetWWNs and lun.</summary>
    [Field(5), ListType("atomic")]
    public List<string>? Wwids { get; set; }
}

/// <summary>A Ceph file system. No longer supported.</summary>
[ApiType]
public sealed partial class CephFSVolumeSource
{
    /// <summary>Addresses of the monitors.</summary>
    [Field(1), Required, ListType("atomic")]
    public List<string>? Monitors { get; set; }

    /// <summary>The directory to mount; "/" unless given.</summary>
    [Field(2)]
    public string Path { get; set; } = "";

    /// <summary>The user; "admin" unless given.</summary>
    [Field(3)]
    public string User { get; set; } = "";

    /// <summary>File with the user's key.</summary>
    [Field(4)]
    public string SecretFile { get; set; } = "";

    /// <summary>Secret with the user's key, instead of secretFile.</summary>
    [Field(5)]
    public LocalObjectReference? SecretRef { get; set; }

    /// <summary>It cannot be written to.</summary>
    [Field(6)]
    public bool ReadOnly { get; set; }
}

/// <summary>A Ceph block device. No longer supported.</summary>
[ApiType]
public sealed partial class RBDVolumeSource
{
    /// <summary>Addresses of the monitors.</summary>
    [Field(1), Required, ListType("atomic")]
    public List<string>? Monitors { get; set; }

    /// <summary>Name of the device's image.</summary>
    [Field(2), Required]
    public string Image { get; set; } = "";

    /// <summary>The file system on the device; ext4 unless given.</summary>
    [Field(3)]
    public string FsType { get; set; } = "";

    /// <summary>The pool that has the image.</summary>
    [Field(4), Default("rbd", Published = true)]
    public string Pool { get; set; } = "";

    /// <summary>The user.</summary>
    [Field(5), Default("admin", Published = true)]
    public string User { get; set; } = "";

    /// <summary>File with the user's key.</summary>
    [Field(6), Default("/etc/ceph/keyring", Published = true)]
    public string Keyring { get; set; } = "";

    /// <summary>Secret with the user's key, instead of keyring.</summary>
    [Field(7)]
    public LocalObjectReference? SecretRef { get; set; }

    /// <summary>It cannot be written to.</summary>
    [Field(8)]
    public bool ReadOnly { get; set; }
}

/// <summary>A Glusterfs volume. No longer supported.</summary>
[ApiType]
public sealed partial class GlusterfsVolumeSource
{
    /// <summary>Endpoints object that names the servers.</summary>
    [Field(1), Required]
    public string Endpoints { get; set; } = "";

    /// <summary>The volume.</summary>
    [Field(2), Required]
    public string Path { get; set; } = "";

    /// <summary>It cannot be written to.</summary>
    [Field(3)]
    public bool ReadOnly { get; set; }
}

/// <summary>A Quobyte volume. No longer supported.</summary>
[ApiType]
public sealed partial class QuobyteVolumeSource
{
    /// <summary>Addresses of the registries, as host:port, separated by commas.</summary>
    [Field(1), Required]
    public string Registry { get; set; } = "";

    /// <summary>The volume's name.</summary>
    [Field(2), Required]
    public string Volume { get; set; } = "";

    /// <summary>It cannot be written to.</summary>
    [Field(3)]
    public bool ReadOnly { get; set; }

    /// <summary>The user that owns the mount.</summary>
    [Field(4)]
    public string User { get; set; } = "";

    /// <summary>The group that owns the mount.</summary>
    [Field(5)]
    public string Group { get; set; } = "";

    /// <summary>The tenant that has the volume.</summary>
    [Field(6)]
    public string Tenant { get; set; } = "";
}

/// <summary>A volume that a CSI driver makes for a pod.</summary>
[ApiType]
public sealed partial class CSIVolumeSource
{
    /// <summary>The driver's name.</summary>
    [Field(1), Required]
    public string Driver { get; set; } = "";

    /// <summary>It cannot be written to.</summary>
    [Field(2)]
    public bool? ReadOnly { get; set; }

    /// <summary>The file system; the driver's choice unless given.</summary>
    [Field(3)]
    public string? FsType { get; set; }

    /// <summary>Settings that the driver understands.</summary>
    [Field(4)]
    public Dictionary<string, string>? VolumeAttributes { get; set; }

    /// <summary>A secret that the driver gets when it mounts the volume.</summary>
    [Field(5)]
    public LocalObjectReference? NodePublishSecretRef { get; set; }
}

/// <summary>A volume of a FlexVolume driver. Deprecated.</summary>
[ApiType]
public sealed partial class FlexVolumeSource
{
    /// <summary>The driver's name.</summary>
    [Field(1), Required]
    public string Driver { get; set; } = "";

    /// <summary>The file system; the driver's choice unless given.</summary>
    [Field(2)]
    public string FsType { get; set; } = "";

    /// <summary>A secret that the driver gets.</summary>
    [Field(3)]
    public LocalObjectReference? SecretRef { get; set; }

    /// <summary>It cannot be written to.</summary>
    [Field(4)]
    public bool ReadOnly { get; set; }

    /// <summary>Settings that the driver understands.</summary>
    [Field(5)]
    public Dictionary<string, string>? Options { get; set; }
}
