using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class AWSElasticBlockStoreVolumeSource
{
    [Field(1), Required]
    public string VolumeID { get; set; } = "";

    [Field(2)]
    public string FsType { get; set; } = "";

    [Field(3)]
    public int Partition { get; set; }

    [Field(4)]
    public bool ReadOnly { get; set; }
}

[ApiType]
public sealed partial class AzureDiskVolumeSource
{
    [Field(1), Required]
    public string DiskName { get; set; } = "";

    [Field(2), Required]
    public string DiskURI { get; set; } = "";

    [Field(3), Default("ReadWrite", Published = true)]
    public string? CachingMode { get; set; }

    [Field(4), Default("ext4", Published = true)]
    public string? FsType { get; set; }

    [Field(5), Default(false, Published = true)]
    public bool? ReadOnly { get; set; }

    [Field(6), Default("Shared", Published = true)]
    public string? Kind { get; set; }
}

[ApiType]
public sealed partial class AzureFileVolumeSource
{
    [Field(1), Required]
    public string SecretName { get; set; } = "";

    [Field(2), Required]
    public string ShareName { get; set; } = "";

    [Field(3)]
    public bool ReadOnly { get; set; }
}

[ApiType]
public sealed partial class CinderVolumeSource
{
    [Field(1), Required]
    public string VolumeID { get; set; } = "";

    [Field(2)]
    public string FsType { get; set; } = "";

    [Field(3)]
    public bool ReadOnly { get; set; }

    [Field(4)]
    public LocalObjectReference? SecretRef { get; set; }
}

[ApiType]
public sealed partial class FlockerVolumeSource
{
    [Field(1)]
    public string DatasetName { get; set; } = "";

    [Field(2)]
    public string DatasetUUID { get; set; } = "";
}

[ApiType]
public sealed partial class GCEPersistentDiskVolumeSource
{
    [Field(1), Required]
    public string PdName { get; set; } = "";

    [Field(2)]
    public string FsType { get; set; } = "";

    [Field(3)]
    public int Partition { get; set; }

    [Field(4)]
    public bool ReadOnly { get; set; }
}

[ApiType]
public sealed partial class PhotonPersistentDiskVolumeSource
{
    [Field(1), Required]
    public string PdID { get; set; } = "";

    [Field(2)]
    public string FsType { get; set; } = "";
}

[ApiType]
public sealed partial class PortworxVolumeSource
{
    [Field(1), Required]
    public string VolumeID { get; set; } = "";

    [Field(2)]
    public string FsType { get; set; } = "";

    [Field(3)]
    public bool ReadOnly { get; set; }
}

[ApiType]
public sealed partial class ScaleIOVolumeSource
{
    [Field(1), Required]
    public string Gateway { get; set; } = "";

    [Field(2), Required]
    public string System { get; set; } = "";

    [Field(3), Required]
    public LocalObjectReference? SecretRef { get; set; }

    [Field(4)]
    public bool SslEnabled { get; set; }

    [Field(5)]
    public string ProtectionDomain { get; set; } = "";

    [Field(6)]
    public string StoragePool { get; set; } = "";

    [Field(7), Default("ThinProvisioned", Published = true)]
    public string StorageMode { get; set; } = "";

    [Field(8)]
    public string VolumeName { get; set; } = "";

    [Field(9), Default("xfs", Published = true)]
    public string FsType { get; set; } = "";

    [Field(10)]
    public bool ReadOnly { get; set; }
}

[ApiType]
public sealed partial class StorageOSVolumeSource
{
    [Field(1)]
    public string VolumeName { get; set; } = "";

    [Field(2)]
    public string VolumeNamespace { get; set; } = "";

    [Field(3)]
    public string FsType { get; set; } = "";

    [Field(4)]
    public bool ReadOnly { get; set; }

    [Field(5)]
    public LocalObjectReference? SecretRef { get; set; }
}

[ApiType]
public sealed partial class VsphereVirtualDiskVolumeSource
{
    [Field(1), Required]
    public string VolumePath { get; set; } = "";

    [Field(2)]
    public string FsType { get; set; } = "";

    [Field(3)]
    public string StoragePolicyName { get; set; } = "";

    [Field(4)]
    public string StoragePolicyID { get; set; } = "";
}
