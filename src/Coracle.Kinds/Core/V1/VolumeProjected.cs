using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class ProjectedVolumeSource
{
    [Field(1, Always = true), ListType("atomic")]
    public List<VolumeProjection>? Sources { get; set; }

    [Field(2), Default(420)]
    public int? DefaultMode { get; set; }
}

[ApiType]
public sealed partial class VolumeProjection
{
    [Field(1)]
    public SecretProjection? Secret { get; set; }

    [Field(2)]
    public DownwardAPIProjection? DownwardAPI { get; set; }

    [Field(3)]
    public ConfigMapProjection? ConfigMap { get; set; }

    [Field(4)]
    public ServiceAccountTokenProjection? ServiceAccountToken { get; set; }

    [Field(5)]
    public ClusterTrustBundleProjection? ClusterTrustBundle { get; set; }

    [Field(6)]
    public PodCertificateProjection? PodCertificate { get; set; }
}

/// <remarks>Fields numbered 1_xxx lie in protobuf in a nested message of number 1; JSON has them inline.</remarks>
[ApiType]
public sealed partial class ConfigMapProjection
{
    [Field(1_001), Default("", PublishedOnly = true)]
    public string Name { get; set; } = "";

    [Field(2), ListType("atomic")]
    public List<KeyToPath>? Items { get; set; }

    [Field(4)]
    public bool? Optional { get; set; }
}

/// <remarks>Fields numbered 1_xxx lie in protobuf in a nested message of number 1; JSON has them inline.</remarks>
[ApiType]
public sealed partial class SecretProjection
{
    [Field(1_001), Default("", PublishedOnly = true)]
    public string Name { get; set; } = "";

    [Field(2), ListType("atomic")]
    public List<KeyToPath>? Items { get; set; }

    [Field(4)]
    public bool? Optional { get; set; }
}

[ApiType]
public sealed partial class DownwardAPIProjection
{
    [Field(1), ListType("atomic")]
    public List<DownwardAPIVolumeFile>? Items { get; set; }
}

[ApiType]
public sealed partial class ServiceAccountTokenProjection
{
    [Field(1)]
    public string Audience { get; set; } = "";

    [Field(2), Default(3600)]
    public long? ExpirationSeconds { get; set; }

    [Field(3), Required]
    public string Path { get; set; } = "";
}

[ApiType]
public sealed partial class ClusterTrustBundleProjection
{
    [Field(1)]
    public string? Name { get; set; }

    [Field(2)]
    public string? SignerName { get; set; }

    [Field(3)]
    public LabelSelector? LabelSelector { get; set; }

    [Field(5)]
    public bool? Optional { get; set; }

    [Field(4), Required]
    public string Path { get; set; } = "";
}

[ApiType]
public sealed partial class PodCertificateProjection
{
    [Field(1), Required]
    public string SignerName { get; set; } = "";

    [Field(2), Required]
    public string KeyType { get; set; } = "";

    [Field(3)]
    public int? MaxExpirationSeconds { get; set; }

    [Field(4)]
    public string CredentialBundlePath { get; set; } = "";

    [Field(5)]
    public string KeyPath { get; set; } = "";

    [Field(6)]
    public string CertificateChainPath { get; set; } = "";

    [Field(7)]
    public Dictionary<string, string>? UserAnnotations { get; set; }
}
