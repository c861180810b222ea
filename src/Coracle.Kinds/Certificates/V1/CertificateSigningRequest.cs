using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Certificates.V1;

/// <summary>Asks a signer for a certificate. Somebody approves or denies it first.</summary>
[Kind("certificates.k8s.io/v1", "CertificateSigningRequest", "certificatesigningrequests", ShortNames = ["csr"], Namespaced = false, Status = true,
    Selectable = ["spec.signerName"], Rules = typeof(CertificateSigningRequestRules))]
public sealed partial class CertificateSigningRequest
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is asked for and by whom. Cannot be changed.</summary>
    [Field(2), Required]
    public CertificateSigningRequestSpec Spec { get; set; } = new();

    /// <summary>What became of it.</summary>
    [Field(3)]
    public CertificateSigningRequestStatus Status { get; set; } = new();
}

/// <summary>What certificate is asked for, and by whom.</summary>
[ApiType]
public sealed partial class CertificateSigningRequestSpec
{
    /// <summary>The request in PKCS#10, as a PEM block of type CERTIFICATE REQUEST.</summary>
    [Field(1), Required]
    public byte[]? Request { get; set; }

    /// <summary>Who is to sign, as domain/path: kubernetes.io/kube-apiserver-client, kubernetes.io/kubelet-serving, example.com/mine.</summary>
    [Field(7), Required]
    public string SignerName { get; set; } = "";

    /// <summary>For how many seconds the certificate should be valid, 600 at least. The signer may decide otherwise.</summary>
    [Field(8)]
    public int? ExpirationSeconds { get; set; }

    /// <summary>What the key will be used for: "client auth", "digital signature"...</summary>
    [Field(5), ListType("atomic")]
    public List<string>? Usages { get; set; }

    /// <summary>Who asks. Filled in by the server.</summary>
    [Field(2)]
    public string Username { get; set; } = "";

    /// <summary>The uid of who asks. Filled in by the server.</summary>
    [Field(3)]
    public string Uid { get; set; } = "";

    /// <summary>The groups of who asks. Filled in by the server.</summary>
    [Field(4), ListType("atomic")]
    public List<string>? Groups { get; set; }

    /// <summary>What else is known of who asks. Filled in by the server.</summary>
    [Field(6)]
    public Dictionary<string, List<string>>? Extra { get; set; }
}

/// <summary>What became of a request.</summary>
[ApiType]
public sealed partial class CertificateSigningRequestStatus
{
    /// <summary>What was decided: Approved, Denied or Failed.</summary>
    [Field(1), ListType("map", "type")]
    public List<CertificateSigningRequestCondition>? Conditions { get; set; }

    /// <summary>The certificate, and those up to its authority, as PEM blocks. Once there it stays.</summary>
    [Field(2)]
    public byte[]? Certificate { get; set; }
}

/// <summary>A decision about a request.</summary>
[ApiType]
public sealed partial class CertificateSigningRequestCondition
{
    /// <summary>What: Approved, Denied, Failed or a word of one's own.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>True, False or Unknown; of the three well-known ones True alone.</summary>
    [Field(6), Required]
    public string Status { get; set; } = "";

    /// <summary>One word in CamelCase that says why, for programs.</summary>
    [Field(2)]
    public string Reason { get; set; } = "";

    /// <summary>Why, in words for people.</summary>
    [Field(3)]
    public string Message { get; set; } = "";

    /// <summary>When the condition was last written. Filled in by the server unless given.</summary>
    [Field(4, Always = true)]
    public DateTimeOffset? LastUpdateTime { get; set; }

    /// <summary>When the status last changed. Filled in by the server unless given.</summary>
    [Field(5, Always = true)]
    public DateTimeOffset? LastTransitionTime { get; set; }
}

/// <summary>Decisions about requests for certificates.</summary>
public static class RequestConditionType
{
    public const string Approved = "Approved";
    public const string Denied = "Denied";
    public const string Failed = "Failed";
}
