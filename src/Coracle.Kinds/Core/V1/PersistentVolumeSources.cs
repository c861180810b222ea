using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Names a secret in any namespace.</summary>
[ApiType(Atomic = true)]
public sealed partial class SecretReference
{
    /// <summary>Its name.</summary>
    [Field(1)]
    public string Name { get; set; } = "";

    /// <summary>Its namespace.</summary>
    [Field(2)]
    public string Namespace { get; set; } = "";
}

/// <summary>A disk or directory of one node.</summary>
[ApiType]
public sealed partial class LocalVolumeSource
{
    /// <summary>Where on the node it is: a directory, or a device.</summary>
    [Field(1), Required]
    public string Path { get; set; } = "";

    /// <summary>The file system on the device; found out unless given.</summary>
    [Field(2)]
    public string? FsType { get; set; }
}

/// <summary>A volume of a CSI driver.</summary>
[ApiType]
public sealed partial class CSIPersistentVolumeSource
{
    /// <summary>The driver's name.</summary>
    [Field(1), Required]
    public string Driver { get; set; } = "";

    /// <summary>The driver's name of the volume.</summary>
    [Field(2), Required]
    public string VolumeHandle { get; set; } = "";

    /// <summary>It cannot be written to.</summary>
    [Field(3)]
    public bool ReadOnly { get; set; }

    /// <summary>The file system on the volume.</summary>
    [Field(4)]
    public string FsType { get; set; } = "";

    /// <summary>What the driver said of the volume when it made it.</summary>
    [Field(5)]
    public Dictionary<string, string>? VolumeAttributes { get; set; }

    /// <summary>Secret that the driver gets to attach and detach.</summary>
    [Field(6)]
    public SecretReference? ControllerPublishSecretRef { get; set; }

    /// <summary>Secret that the driver gets to prepare the volume on a node.</summary>
    [Field(7)]
    public SecretReference? NodeStageSecretRef { get; set; }

    /// <summary>Secret that the driver gets to mount the volume into a pod.</summary>
    [Field(8)]
    public SecretReference? NodePublishSecretRef { get; set; }

    /// <summary>Secret that the driver gets to enlarge the volume.</summary>
    [Field(9)]
    public SecretReference? ControllerExpandSecretRef { get; set; }

    /// <summary>Secret that the driver gets to enlarge the volume on its node.</summary>
    [Field(10)]
    public SecretReference? NodeExpandSecretRef { get; set; }
}

/// <summary>A GlusterFS volume. No longer supported.</summary>
[ApiType]
public sealed partial class GlusterfsPersistentVolumeSource
{
    /// <summary>Endpoints of the servers.</summary>
    [Field(1), Required]
    public string Endpoints { get; set; } = "";

    /// <summary>The volume's name.</summary>
    [Field(2), Required]
    public string Path { get; set; } = "";

    /// <summary>It cannot be written to.</summary>
    [Field(3)]
    public bool ReadOnly { get; set; }

    /// <summary>Namespace of the endpoints; that of the claim unless given.</summary>
    [Field(4)]
    public string? EndpointsNamespace { get; set; }
}

/// <summary>A Ceph block device. No longer supported.</summary>
[ApiType]
public sealed partial class RBDPersistentVolumeSource
{
    /// <summary>Addresses of the monitors.</summary>
    [Field(1), Required, ListType("atomic")]
    public List<string>? Monitors { get; set; }

    /// <summary>The image's name.</summary>
    [Field(2), Required]
    public string Image { get; set; } = "";

    /// <summary>The file system on the device.</summary>
    [Field(3)]
    public string FsType { get; set; } = "";

    /// <summary>The pool's name.</summary>
    [Field(4), Default("rbd", Published = true)]
    public string Pool { get; set; } = "";

    /// <summary>The user's name.</summary>
    [Field(5), Default("admin", Published = true)]
    public string User { get; set; } = "";

    /// <summary>File with the user's keys.</summary>
    [Field(6), Default("/etc/ceph/keyring", Published = true)]
    public string Keyring { get; set; } = "";

    /// <summary>Secret with the user's key; goes before keyring.</summary>
    [Field(7)]
    public SecretReference? SecretRef { get; set; }

    /// <summary>It cannot be written to.</summary>
    [Field(8)]
    public bool ReadOnly { get; set; }
}

/// <summary>An iSCSI disk.</summary>
[ApiType]
public sealed partial class ISCSIPersistentVolumeSource
{
    /// <summary>Address and port of the target.</summary>
    [Field(1), Required]
    public string TargetPortal { get; set; } = "";

    /// <summary>Name of the target.</summary>
    [Field(2), Required]
    public string Iqn { get; set; } = "";

    /// <summary>Number of the unit.</summary>
    [Field(3), Required]
    public int Lun { get; set; }

    /// <summary>The interface that connects.</summary>
    [Field(4), Default("default", Published = true)]
    public string IscsiInterface { get; set; } = "";

    /// <summary>The file system on the disk; ext4 unless given.</summary>
    [Field(5)]
    public string FsType { get; set; } = "";

    /// <summary>It cannot be written to.</summary>
    [Field(6)]
    public bool ReadOnly { get; set; }

    /// <summary>Further addresses and ports of the target.</summary>
    [Field(7), ListType("atomic")]
    public List<string>? Portals { get; set; }

    /// <summary>CHAP is used to find the target.</summary>
    [Field(8)]
    public bool ChapAuthDiscovery { get; set; }

    /// <summary>CHAP is used to connect.</summary>
    [Field(11)]
    public bool ChapAuthSession { get; set; }

    /// <summary>Secret for CHAP.</summary>
    [Field(10)]
    public SecretReference? SecretRef { get; set; }

    /// <summary>Name by which the node calls itself.</summary>
    [Field(12)]
    public string? InitiatorName { get; set; }
}

/// <summary>An OpenStack Cinder volume; served by a CSI driver.</summary>
[ApiType]
public sealed partial class CinderPersistentVolumeSource
{
    /// <summary>The volume's id.</summary>
    [Field(1), Required]
    public string VolumeID { get; set; } = "";

    /// <summary>The file system on the volume; ext4 unless given.</summary>
    [Field(2)]
    public string FsType { get; set; } = "";

    /// <summary>It cannot be written to.</summary>
    [Field(3)]
    public bool ReadOnly { get; set; }

    /// <summary>Secret with the parameters to connect to OpenStack.</summary>
    [Field(4)]
    public SecretReference? SecretRef { get; set; }
}

/// <summary>A CephFS directory. No longer supported.</summary>
[ApiType]
public sealed partial class CephFSPersistentVolumeSource
{
    /// <summary>Addresses of the monitors.</summary>
    [Field(1), Required, ListType("atomic")]
    public List<string>? Monitors { get; set; }

    /// <summary>The directory; the root unless given.</summary>
    [Field(2)]
    public string Path { get; set; } = "";

    /// <summary>The user's name; admin unless given.</summary>
    [Field(3)]
    public string User { get; set; } = "";

    /// <summary>File with the user's key.</summary>
    [Field(4)]
    public string SecretFile { get; set; } = "";

    /// <summary>Secret with the user's key; goes before secretFile.</summary>
    [Field(5)]
    public SecretReference? SecretRef { get; set; }

    /// <summary>It cannot be written to.</summary>
    [Field(6)]
    public bool ReadOnly { get; set; }
}

/// <summary>A volume of a driver that is a program on the node. Superseded by CSI.</summary>
[ApiType]
public sealed partial class FlexPersistentVolumeSource
{
    /// <summary>The driver's name.</summary>
    [Field(1), Required]
    public string Driver { get; set; } = "";

    /// <summary>The file system on the volume.</summary>
    [Field(2)]
    public string FsType { get; set; } = "";

    /// <summary>Secret that the driver gets.</summary>
    [Field(3)]
    public SecretReference? SecretRef { get; set; }

    /// <summary>It cannot be written to.</summary>
    [Field(4)]
    public bool ReadOnly { get; set; }

    /// <summary>Further settings for the driver.</summary>
    [Field(5)]
    public Dictionary<string, string>? Options { get; set; }
}

/// <summary>An Azure file share; served by a CSI driver.</summary>
[ApiType]
public sealed partial class AzureFilePersistentVolumeSource
{
    /// <summary>Secret with the account's name and key.</summary>
    [Field(1), Required]
    public string SecretName { get; set; } = "";

    /// <summary>The share's name.</summary>
    [Field(2), Required]
    public string ShareName { get; set; } = "";

    /// <summary>It cannot be written to.</summary>
    [Field(3)]
    public bool ReadOnly { get; set; }

    /// <summary>Namespace of the secret; that of the pod unless given.</summary>
    [Field(4, Always = true)]
    public string? SecretNamespace { get; set; }
}

/// <summary>A ScaleIO volume. No longer supported.</summary>
[ApiType]
public sealed partial class ScaleIOPersistentVolumeSource
{
    /// <summary>Address of the gateway.</summary>
    [Field(1), Required]
    public string Gateway { get; set; } = "";

    /// <summary>Name of the storage system.</summary>
    [Field(2), Required]
    public string System { get; set; } = "";

    /// <summary>Secret with the account.</summary>
    [Field(3), Required]
    public SecretReference? SecretRef { get; set; }

    /// <summary>The gateway is spoken to over TLS.</summary>
    [Field(4)]
    public bool SslEnabled { get; set; }

    /// <summary>Name of the protection domain.</summary>
    [Field(5)]
    public string ProtectionDomain { get; set; } = "";

    /// <summary>Name of the storage pool.</summary>
    [Field(6)]
    public string StoragePool { get; set; } = "";

    /// <summary>ThickProvisioned or ThinProvisioned.</summary>
    [Field(7), Default("ThinProvisioned", Published = true)]
    public string StorageMode { get; set; } = "";

    /// <summary>Name of the volume.</summary>
    [Field(8)]
    public string VolumeName { get; set; } = "";

    /// <summary>The file system on the volume.</summary>
    [Field(9), Default("xfs", Published = true)]
    public string FsType { get; set; } = "";

    /// <summary>It cannot be written to.</summary>
    [Field(10)]
    public bool ReadOnly { get; set; }
}

/// <summary>A StorageOS volume. No longer supported.</summary>
[ApiType]
public sealed partial class StorageOSPersistentVolumeSource
{
    /// <summary>Name of the volume.</summary>
    [Field(1)]
    public string VolumeName { get; set; } = "";

    /// <summary>Its namespace in StorageOS; that of the pod unless given.</summary>
    [Field(2)]
    public string VolumeNamespace { get; set; } = "";

    /// <summary>The file system on the volume; ext4 unless given.</summary>
    [Field(3)]
    public string FsType { get; set; } = "";

    /// <summary>It cannot be written to.</summary>
    [Field(4)]
    public bool ReadOnly { get; set; }

    /// <summary>Secret with the account.</summary>
    [Field(5)]
    public ObjectReference? SecretRef { get; set; }
}
