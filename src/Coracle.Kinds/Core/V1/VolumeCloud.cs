using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>An AWS EBS disk; served by a CSI driver.</summary>
[ApiType]
public sealed partial class AWSElasticBlockStoreVolumeSource
{
    /// <summary>The disk's id.</summary>
    [Field(1), Required]
    public string VolumeID { get; set; } = "";

    /// <summary>The file system on the disk; ext4 unless given.</summary>
    [Field(2)]
    public string FsType { get; set; } = "";

    /// <summary>Number of the partition; 0 for the whole disk.</summary>
    [Field(3)]
    public int Partition { get; set; }

    /// <summary>It cannot be written to.</summary>
    [Field(4)]
    public bool ReadOnly { get; set; }
}

/// <summary>An Azure disk; served by a CSI driver.</summary>
[ApiType]
public sealed partial class AzureDiskVolumeSource
{
    /// <summary>The disk's name.</summary>
    [Field(1), Required]
    public string DiskName { get; set; } = "";

    /// <summary>The disk's address.</summary>
    [Field(2), Required]
    public string DiskURI { get; set; } = "";

    /// <summary>How the node caches it: None, ReadOnly or ReadWrite.</summary>
    [Field(3), Default("ReadWrite", Published = true)]
    public string? CachingMode { get; set; }

    /// <summary>The file system on the disk.</summary>
    [Field(4), Default("ext4", Published = true)]
    public string? FsType { get; set; }

    /// <summary>It cannot be written to.</summary>
    [Field(5), Default(false, Published = true)]
    public bool? ReadOnly { get; set; }

    /// <summary>What disk it is: Shared, Dedicated or Managed.</summary>
    [Field(6), Default("Shared", Published = true)]
    public string? Kind { get; set; }
}

/// <summary>An Azure file share; served by a CSI driver.</summary>
[ApiType]
public sealed partial class AzureFileVolumeSource
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
}

/// <summary>An OpenStack Cinder volume; served by a CSI driver.</summary>
[ApiType]
public sealed partial class CinderVolumeSource
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
    public LocalObjectReference? SecretRef { get; set; }
}

/// <summary>A Flocker volume. No longer supported.</summary>
[ApiType]
public sealed partial class FlockerVolumeSource
{
    /// <summary>Name of the data set.</summary>
    [Field(1)]
    public string DatasetName { get; set; } = "";

    /// <summary>UUID of the data set.</summary>
    [Field(2)]
    public string DatasetUUID { get; set; } = "";
}

/// <summary>A Google Compute Engine disk; served by a CSI driver.</summary>
[ApiType]
public sealed partial class GCEPersistentDiskVolumeSource
{
    /// <summary>The disk's name.</summary>
    [Field(1), Required]
    public string PdName { get; set; } = "";

    /// <summary>The file system on the disk; ext4 unless given.</summary>
    [Field(2)]
    public string FsType { get; set; } = "";

    /// <summary>Number of the partition; 0 for the whole disk.</summary>
    [Field(3)]
    public int Partition { get; set; }

    /// <summary>It cannot be written to.</summary>
    [Field(4)]
    public bool ReadOnly { get; set; }
}

/// <summary>A Photon disk. No longer supported.</summary>
[ApiType]
public sealed partial class PhotonPersistentDiskVolumeSource
{
    /// <summary>The disk's id.</summary>
    [Field(1), Required]
    public string PdID { get; set; } = "";

    /// <summary>The file system on the disk; ext4 unless given.</summary>
    [Field(2)]
    public string FsType { get; set; } = "";
}

/// <summary>A Portworx volume; served by a CSI driver.</summary>
[ApiType]
public sealed partial class PortworxVolumeSource
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
}

/// <summary>A ScaleIO volume. No longer supported.</summary>
[ApiType]
public sealed partial class ScaleIOVolumeSource
{
    /// <summary>Address of the gateway.</summary>
    [Field(1), Required]
    public string Gateway { get; set; } = "";

    /// <summary>Name of the storage system.</summary>
    [Field(2), Required]
    public string System { get; set; } = "";

    /// <summary>Secret with the user's credentials.</summary>
    [Field(3), Required]
    public LocalObjectReference? SecretRef { get; set; }

    /// <summary>Speak TLS to the gateway.</summary>
    [Field(4)]
    public bool SslEnabled { get; set; }

    /// <summary>The protection domain of the storage.</summary>
    [Field(5)]
    public string ProtectionDomain { get; set; } = "";

    /// <summary>The pool of the storage.</summary>
    [Field(6)]
    public string StoragePool { get; set; } = "";

    /// <summary>ThickProvisioned or ThinProvisioned.</summary>
    [Field(7), Default("ThinProvisioned", Published = true)]
    public string StorageMode { get; set; } = "";

    /// <summary>The volume's name.</summary>
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
public sealed partial class StorageOSVolumeSource
{
    /// <summary>The volume's name.</summary>
    [Field(1)]
    public string VolumeName { get; set; } = "";

    /// <summary>The volume's scope in StorageOS; the pod's namespace unless given.</summary>
    [Field(2)]
    public string VolumeNamespace { get; set; } = "";

    /// <summary>The file system on the volume; ext4 unless given.</summary>
    [Field(3)]
    public string FsType { get; set; } = "";

    /// <summary>It cannot be written to.</summary>
    [Field(4)]
    public bool ReadOnly { get; set; }

    /// <summary>Secret with the credentials.</summary>
    [Field(5)]
    public LocalObjectReference? SecretRef { get; set; }
}

/// <summary>A vSphere disk; served by a CSI driver.</summary>
[ApiType]
public sealed partial class VsphereVirtualDiskVolumeSource
{
    /// <summary>The disk's path.</summary>
    [Field(1), Required]
    public string VolumePath { get; set; } = "";

    /// <summary>The file system on the disk; ext4 unless given.</summary>
    [Field(2)]
    public string FsType { get; set; } = "";

    /// <summary>Name of the storage policy.</summary>
    [Field(3)]
    public string StoragePolicyName { get; set; } = "";

    /// <summary>Id of the storage policy.</summary>
    [Field(4)]
    public string StoragePolicyID { get; set; } = "";
}
