using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Several sources as files in one directory.</summary>
[ApiType]
public sealed partial class ProjectedVolumeSource
{
    /// <summary>The sources.</summary>
    [Field(1, Always = true), ListType("atomic")]
    public List<VolumeProjection>? Sources { get; set; }

    /// <summary>Permissions of the files, 0644 unless given.</summary>
    [Field(2), Default(420)]
    public int? DefaultMode { get; set; }
}

/// <summary>One of the sources of a projected volume. One field is set.</summary>
[ApiType]
public sealed partial class VolumeProjection
{
    /// <summary>The keys of a secret.</summary>
    [Field(1)]
    public SecretProjection? Secret { get; set; }

    /// <summary>Fields of the pod.</summary>
    [Field(2)]
    public DownwardAPIProjection? DownwardAPI { get; set; }

    /// <summary>The keys of a config map.</summary>
    [Field(3)]
    public ConfigMapProjection? ConfigMap { get; set; }

    /// <summary>A token of the pod's account, kept fresh.</summary>
    [Field(4)]
    public ServiceAccountTokenProjection? ServiceAccountToken { get; set; }

    /// <summary>Certificates of authorities from ClusterTrustBundles.</summary>
    [Field(5)]
    public ClusterTrustBundleProjection? ClusterTrustBundle { get; set; }

    /// <summary>A key and a certificate for the pod, kept fresh.</summary>
    [Field(6)]
    public PodCertificateProjection? PodCertificate { get; set; }
}

/// <summary>The keys of a config map as files in a projected volume.</summary>
/// <remarks>Fields numbered 1_xxx lie in protobuf in a nested message of number 1; JSON has them inline.</remarks>
[ApiType]
public sealed partial class ConfigMapProjection
{
    /// <summary>Name of the config map.</summary>
    [Field(1_001), Default("", PublishedOnly = true)]
    public string Name { get; set; } = "";

    /// <summary>Keys to take, and where to put them; all of them by name unless given.</summary>
    [Field(2), ListType("atomic")]
    public List<KeyToPath>? Items { get; set; }

    /// <summary>The config map or keys of it may be missing.</summary>
    [Field(4)]
    public bool? Optional { get; set; }
}

/// <summary>The keys of a secret as files in a projected volume.</summary>
/// <remarks>Fields numbered 1_xxx lie in protobuf in a nested message of number 1; JSON has them inline.</remarks>
[ApiType]
public sealed partial class SecretProjection
{
    /// <summary>Name of the secret.</summary>
    [Field(1_001), Default("", PublishedOnly = true)]
    public string Name { get; set; } = "";

    /// <summary>Keys to take, and where to put them; all of them by name unless given.</summary>
    [Field(2), ListType("atomic")]
    public List<KeyToPath>? Items { get; set; }

    /// <summary>The secret or keys of it may be missing.</summary>
    [Field(4)]
    public bool? Optional { get; set; }
}

/// <summary>Fields of the pod as files in a projected volume.</summary>
[ApiType]
public sealed partial class DownwardAPIProjection
{
    /// <summary>The files.</summary>
    [Field(1), ListType("atomic")]
    public List<DownwardAPIVolumeFile>? Items { get; set; }
}

/// <summary>A token of the pod's account as a file.</summary>
[ApiType]
public sealed partial class ServiceAccountTokenProjection
{
    /// <summary>Whom the token is meant for; the API server unless given.</summary>
    [Field(1)]
    public string Audience { get; set; } = "";

    /// <summary>For how many seconds the token is valid, 600 at least. It is renewed in time. An hour unless given.</summary>
    [Field(2), Default(3600)]
    public long? ExpirationSeconds { get; set; }

    /// <summary>The file, relative to the volume's root.</summary>
    [Field(3), Required]
    public string Path { get; set; } = "";
}

/// <summary>Certificates of authorities as one file.</summary>
[ApiType]
public sealed partial class ClusterTrustBundleProjection
{
    /// <summary>A single ClusterTrustBundle by name.</summary>
    [Field(1)]
    public string? Name { get; set; }

    /// <summary>All ClusterTrustBundles of a signer, instead of name.</summary>
    [Field(2)]
    public string? SignerName { get; set; }

    /// <summary>Labels of those of the signer that are meant: all when {}, none when absent.</summary>
    [Field(3)]
    public LabelSelector? LabelSelector { get; set; }

    /// <summary>There may be none.</summary>
    [Field(5)]
    public bool? Optional { get; set; }

    /// <summary>The file, relative to the volume's root.</summary>
    [Field(4), Required]
    public string Path { get; set; } = "";
}

/// <summary>A key and a certificate for a pod as files. The node makes the key, and renews both in time.</summary>
[ApiType]
public sealed partial class PodCertificateProjection
{
    /// <summary>Who signs the certificate.</summary>
    [Field(1, OmitZero = true), Required]
    public string SignerName { get; set; } = "";

    /// <summary>The type of key: RSA3072, RSA4096, ECDSAP256, ECDSAP384, ECDSAP521 or ED25519.</summary>
    [Field(2, OmitZero = true), Required]
    public string KeyType { get; set; } = "";

    /// <summary>For how many seconds the certificate may be valid, at most.</summary>
    [Field(3)]
    public int? MaxExpirationSeconds { get; set; }

    /// <summary>The file for key and certificates together, which are thus always from the same issue.</summary>
    [Field(4)]
    public string CredentialBundlePath { get; set; } = "";

    /// <summary>The file for the key alone.</summary>
    [Field(5)]
    public string KeyPath { get; set; } = "";

    /// <summary>The file for the certificates alone.</summary>
    [Field(6)]
    public string CertificateChainPath { get; set; } = "";

    /// <summary>Passed on to the signer.</summary>
    [Field(7)]
    public Dictionary<string, string>? UserAnnotations { get; set; }
}
