using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>A piece of storage that outlives the pods that use it.</summary>
[Kind("v1", "PersistentVolume", "persistentvolumes", Namespaced = false, ShortNames = ["pv"], Status = true, ReturnDeleted = true,
    Rules = typeof(PersistentVolumeRules))]
public sealed partial class PersistentVolume
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What the volume is, and who has it.</summary>
    [Field(2)]
    public PersistentVolumeSpec Spec { get; set; } = new();

    /// <summary>Whether it is in use.</summary>
    [Field(3)]
    public PersistentVolumeStatus Status { get; set; } = new();
}

/// <summary>What a persistent volume is, and who has it. One of the fields that name a storage is set.</summary>
/// <remarks>Fields numbered 2_xxx lie in protobuf in a nested message of number 2; JSON has them inline.</remarks>
[ApiType]
public sealed partial class PersistentVolumeSpec
{
    /// <summary>How large it is, by resource: storage.</summary>
    [Field(1)]
    public Dictionary<string, Quantity>? Capacity { get; set; }

    /// <summary>A Google Compute Engine disk; served by a CSI driver.</summary>
    [Field(2_001)]
    public GCEPersistentDiskVolumeSource? GcePersistentDisk { get; set; }

    /// <summary>An AWS EBS disk; served by a CSI driver.</summary>
    [Field(2_002)]
    public AWSElasticBlockStoreVolumeSource? AwsElasticBlockStore { get; set; }

    /// <summary>A directory of the node. For tests on a single node.</summary>
    [Field(2_003)]
    public HostPathVolumeSource? HostPath { get; set; }

    /// <summary>A GlusterFS volume. No longer supported.</summary>
    [Field(2_004)]
    public GlusterfsPersistentVolumeSource? Glusterfs { get; set; }

    /// <summary>A directory on an NFS server.</summary>
    [Field(2_005)]
    public NFSVolumeSource? Nfs { get; set; }

    /// <summary>A Ceph block device. No longer supported.</summary>
    [Field(2_006)]
    public RBDPersistentVolumeSource? Rbd { get; set; }

    /// <summary>An iSCSI disk.</summary>
    [Field(2_007)]
    public ISCSIPersistentVolumeSource? Iscsi { get; set; }

    /// <summary>An OpenStack Cinder volume; served by a CSI driver.</summary>
    [Field(2_008)]
    public CinderPersistentVolumeSource? Cinder { get; set; }

    /// <summary>A CephFS directory. No longer supported.</summary>
    [Field(2_009)]
    public CephFSPersistentVolumeSource? Cephfs { get; set; }

    /// <summary>A Fibre Channel disk.</summary>
    [Field(2_010)]
    public FCVolumeSource? Fc { get; set; }

    /// <summary>A Flocker volume. No longer supported.</summary>
    [Field(2_011)]
    public FlockerVolumeSource? Flocker { get; set; }

    /// <summary>A volume of a driver that is a program on the node. Superseded by CSI.</summary>
    [Field(2_012)]
    public FlexPersistentVolumeSource? FlexVolume { get; set; }

    /// <summary>An Azure file share; served by a CSI driver.</summary>
    [Field(2_013)]
    public AzureFilePersistentVolumeSource? AzureFile { get; set; }

    /// <summary>A vSphere disk; served by a CSI driver.</summary>
    [Field(2_014)]
    public VsphereVirtualDiskVolumeSource? VsphereVolume { get; set; }

    /// <summary>A Quobyte volume. No longer supported.</summary>
    [Field(2_015)]
    public QuobyteVolumeSource? Quobyte { get; set; }

    /// <summary>An Azure disk; served by a CSI driver.</summary>
    [Field(2_016)]
    public AzureDiskVolumeSource? AzureDisk { get; set; }

    /// <summary>A disk of the Photon controller. No longer supported.</summary>
    [Field(2_017)]
    public PhotonPersistentDiskVolumeSource? PhotonPersistentDisk { get; set; }

    /// <summary>A Portworx volume; served by a CSI driver.</summary>
    [Field(2_018)]
    public PortworxVolumeSource? PortworxVolume { get; set; }

    /// <summary>A ScaleIO volume. No longer supported.</summary>
    [Field(2_019)]
    public ScaleIOPersistentVolumeSource? ScaleIO { get; set; }

    /// <summary>A disk or directory of one node.</summary>
    [Field(2_020)]
    public LocalVolumeSource? Local { get; set; }

    /// <summary>A StorageOS volume. No longer supported.</summary>
    [Field(2_021)]
    public StorageOSPersistentVolumeSource? Storageos { get; set; }

    /// <summary>A volume of a CSI driver.</summary>
    [Field(2_022)]
    public CSIPersistentVolumeSource? Csi { get; set; }

    /// <summary>How it can be mounted: ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod.</summary>
    [Field(3), ListType("atomic")]
    public List<string>? AccessModes { get; set; }

    /// <summary>The claim that it is bound to, or kept for.</summary>
    [Field(4), Granular]
    public ObjectReference? ClaimRef { get; set; }

    /// <summary>What becomes of it when its claim is gone: Retain, Delete or Recycle.</summary>
    [Field(5), Default("Retain"), OneOf("Delete", "Recycle", "Retain")]
    public string PersistentVolumeReclaimPolicy { get; set; } = "";

    /// <summary>The class of storage it is of; "" for none.</summary>
    [Field(6)]
    public string StorageClassName { get; set; } = "";

    /// <summary>Options with which it is mounted.</summary>
    [Field(7), ListType("atomic")]
    public List<string>? MountOptions { get; set; }

    /// <summary>Filesystem, or Block for a device without one.</summary>
    [Field(8), Default("Filesystem")]
    public string? VolumeMode { get; set; }

    /// <summary>The nodes that can reach it.</summary>
    [Field(9)]
    public VolumeNodeAffinity? NodeAffinity { get; set; }

    /// <summary>The class of settings that it has.</summary>
    [Field(10)]
    public string? VolumeAttributesClassName { get; set; }
}

/// <summary>The nodes that can reach a volume.</summary>
[ApiType]
public sealed partial class VolumeNodeAffinity
{
    /// <summary>What must hold of the node.</summary>
    [Field(1)]
    public NodeSelector? Required { get; set; }
}

/// <summary>Whether a persistent volume is in use.</summary>
[ApiType]
public sealed partial class PersistentVolumeStatus
{
    /// <summary>Pending, Available, Bound, Released or Failed.</summary>
    [Field(1)]
    public string Phase { get; set; } = "";

    /// <summary>What is going on, in words for people.</summary>
    [Field(2)]
    public string Message { get; set; } = "";

    /// <summary>One word in CamelCase that says why, for programs.</summary>
    [Field(3)]
    public string Reason { get; set; } = "";

    /// <summary>When the phase last changed.</summary>
    [Field(4)]
    public DateTimeOffset? LastPhaseTransitionTime { get; set; }
}

/// <summary>Whether a volume is in use.</summary>
public static class PersistentVolumePhase
{
    public const string Pending = "Pending";
    public const string Available = "Available";
    public const string Bound = "Bound";
    public const string Released = "Released";
    public const string Failed = "Failed";
}

/// <summary>What becomes of a volume when its claim is gone.</summary>
public static class PersistentVolumeReclaimPolicy
{
    public const string Recycle = "Recycle";
    public const string Delete = "Delete";
    public const string Retain = "Retain";
}
