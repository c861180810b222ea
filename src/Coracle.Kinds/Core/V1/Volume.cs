using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Storage that containers of a pod may mount. One field besides the name is set; emptyDir when none is.</summary>
/// <remarks>Fields numbered 2_xxx lie in protobuf in a nested message of number 2; JSON has them inline.</remarks>
[ApiType]
public sealed partial class Volume
{
    /// <summary>The volume's name, unique in the pod.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>A file or directory of the node.</summary>
    [Field(2_001)]
    public HostPathVolumeSource? HostPath { get; set; }

    /// <summary>A directory that starts empty and goes with the pod.</summary>
    [Field(2_002)]
    public EmptyDirVolumeSource? EmptyDir { get; set; }

    /// <summary>A Google Compute Engine disk; served by a CSI driver.</summary>
    [Field(2_003)]
    public GCEPersistentDiskVolumeSource? GcePersistentDisk { get; set; }

    /// <summary>An AWS EBS disk; served by a CSI driver.</summary>
    [Field(2_004)]
    public AWSElasticBlockStoreVolumeSource? AwsElasticBlockStore { get; set; }

    /// <summary>A clone of a Git repository. No longer supported.</summary>
    [Field(2_005)]
    public GitRepoVolumeSource? GitRepo { get; set; }

    /// <summary>The keys of a secret as files.</summary>
    [Field(2_006)]
    public SecretVolumeSource? Secret { get; set; }

    /// <summary>A directory on an NFS server.</summary>
    [Field(2_007)]
    public NFSVolumeSource? Nfs { get; set; }

    /// <summary>An iSCSI disk.</summary>
    [Field(2_008)]
    public ISCSIVolumeSource? Iscsi { get; set; }

    /// <summary>A Glusterfs volume. No longer supported.</summary>
    [Field(2_009)]
    public GlusterfsVolumeSource? Glusterfs { get; set; }

    /// <summary>The volume that a claim in the pod's namespace is bound to.</summary>
    [Field(2_010)]
    public PersistentVolumeClaimVolumeSource? PersistentVolumeClaim { get; set; }

    /// <summary>A Ceph block device. No longer supported.</summary>
    [Field(2_011)]
    public RBDVolumeSource? Rbd { get; set; }

    /// <summary>A volume of a FlexVolume driver. Deprecated.</summary>
    [Field(2_012)]
    public FlexVolumeSource? FlexVolume { get; set; }

    /// <summary>An OpenStack Cinder volume; served by a CSI driver.</summary>
    [Field(2_013)]
    public CinderVolumeSource? Cinder { get; set; }

    /// <summary>A Ceph file system. No longer supported.</summary>
    [Field(2_014)]
    public CephFSVolumeSource? Cephfs { get; set; }

    /// <summary>A Flocker volume. No longer supported.</summary>
    [Field(2_015)]
    public FlockerVolumeSource? Flocker { get; set; }

    /// <summary>Fields of the pod as files.</summary>
    [Field(2_016)]
    public DownwardAPIVolumeSource? DownwardAPI { get; set; }

    /// <summary>A Fibre Channel disk.</summary>
    [Field(2_017)]
    public FCVolumeSource? Fc { get; set; }

    /// <summary>An Azure file share; served by a CSI driver.</summary>
    [Field(2_018)]
    public AzureFileVolumeSource? AzureFile { get; set; }

    /// <summary>The keys of a config map as files.</summary>
    [Field(2_019)]
    public ConfigMapVolumeSource? ConfigMap { get; set; }

    /// <summary>A vSphere disk; served by a CSI driver.</summary>
    [Field(2_020)]
    public VsphereVirtualDiskVolumeSource? VsphereVolume { get; set; }

    /// <summary>A Quobyte volume. No longer supported.</summary>
    [Field(2_021)]
    public QuobyteVolumeSource? Quobyte { get; set; }

    /// <summary>An Azure disk; served by a CSI driver.</summary>
    [Field(2_022)]
    public AzureDiskVolumeSource? AzureDisk { get; set; }

    /// <summary>A Photon disk. No longer supported.</summary>
    [Field(2_023)]
    public PhotonPersistentDiskVolumeSource? PhotonPersistentDisk { get; set; }

    /// <summary>Several sources as files in one directory.</summary>
    [Field(2_026)]
    public ProjectedVolumeSource? Projected { get; set; }

    /// <summary>A Portworx volume; served by a CSI driver.</summary>
    [Field(2_024)]
    public PortworxVolumeSource? PortworxVolume { get; set; }

    /// <summary>A ScaleIO volume. No longer supported.</summary>
    [Field(2_025)]
    public ScaleIOVolumeSource? ScaleIO { get; set; }

    /// <summary>A StorageOS volume. No longer supported.</summary>
    [Field(2_027)]
    public StorageOSVolumeSource? Storageos { get; set; }

    /// <summary>A volume that a CSI driver makes for this pod.</summary>
    [Field(2_028)]
    public CSIVolumeSource? Csi { get; set; }

    /// <summary>A claim that is made for this pod and goes with it.</summary>
    [Field(2_029)]
    public EphemeralVolumeSource? Ephemeral { get; set; }

    /// <summary>The content of a container image, read-only.</summary>
    [Field(2_030)]
    public ImageVolumeSource? Image { get; set; }
}
