using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <remarks>Fields numbered 2_xxx lie in protobuf in a nested message of number 2; JSON has them inline.</remarks>
[ApiType]
public sealed partial class Volume
{
    [Field(1), Required]
    public string Name { get; set; } = "";

    [Field(2_001)]
    public HostPathVolumeSource? HostPath { get; set; }

    [Field(2_002)]
    public EmptyDirVolumeSource? EmptyDir { get; set; }

    [Field(2_003)]
    public GCEPersistentDiskVolumeSource? GcePersistentDisk { get; set; }

    [Field(2_004)]
    public AWSElasticBlockStoreVolumeSource? AwsElasticBlockStore { get; set; }

    [Field(2_005)]
    public GitRepoVolumeSource? GitRepo { get; set; }

    [Field(2_006)]
    public SecretVolumeSource? Secret { get; set; }

    [Field(2_007)]
    public NFSVolumeSource? Nfs { get; set; }

    [Field(2_008)]
    public ISCSIVolumeSource? Iscsi { get; set; }

    [Field(2_009)]
    public GlusterfsVolumeSource? Glusterfs { get; set; }

    [Field(2_010)]
    public PersistentVolumeClaimVolumeSource? PersistentVolumeClaim { get; set; }

    [Field(2_011)]
    public RBDVolumeSource? Rbd { get; set; }

    [Field(2_012)]
    public FlexVolumeSource? FlexVolume { get; set; }

    [Field(2_013)]
    public CinderVolumeSource? Cinder { get; set; }

    [Field(2_014)]
    public CephFSVolumeSource? Cephfs { get; set; }

    [Field(2_015)]
    public FlockerVolumeSource? Flocker { get; set; }

    [Field(2_016)]
    public DownwardAPIVolumeSource? DownwardAPI { get; set; }

    [Field(2_017)]
    public FCVolumeSource? Fc { get; set; }

    [Field(2_018)]
    public AzureFileVolumeSource? AzureFile { get; set; }

    [Field(2_019)]
    public ConfigMapVolumeSource? ConfigMap { get; set; }

    [Field(2_020)]
    public VsphereVirtualDiskVolumeSource? VsphereVolume { get; set; }

    [Field(2_021)]
    public QuobyteVolumeSource? Quobyte { get; set; }

    [Field(2_022)]
    public AzureDiskVolumeSource? AzureDisk { get; set; }

    [Field(2_023)]
    public PhotonPersistentDiskVolumeSource? PhotonPersistentDisk { get; set; }

    [Field(2_026)]
    public ProjectedVolumeSource? Projected { get; set; }

    [Field(2_024)]
    public PortworxVolumeSource? PortworxVolume { get; set; }

    [Field(2_025)]
    public ScaleIOVolumeSource? ScaleIO { get; set; }

    [Field(2_027)]
    public StorageOSVolumeSource? Storageos { get; set; }

    [Field(2_028)]
    public CSIVolumeSource? Csi { get; set; }

    [Field(2_029)]
    public EphemeralVolumeSource? Ephemeral { get; set; }

    [Field(2_030)]
    public ImageVolumeSource? Image { get; set; }
}
