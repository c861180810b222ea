using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Passwords, tokens, keys and the like, for pods to read.</summary>
[Kind("v1", "Secret", "secrets", Selectable = ["type"], Rules = typeof(SecretRules))]
public sealed partial class Secret
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>The data can never be changed again. Spares the nodes watching it.</summary>
    [Field(5)]
    public bool? Immutable { get; set; }

    /// <summary>The values, in base64.</summary>
    [Field(2)]
    public Dictionary<string, byte[]>? Data { get; set; }

    /// <summary>Values as plain text, for writing only: they are merged into data and never read back.</summary>
    [Field(4)]
    public Dictionary<string, string>? StringData { get; set; }

    /// <summary>What the secret is for, which says which keys it must have. Cannot be changed.</summary>
    [Field(3), Default("Opaque")]
    public string Type { get; set; } = "";
}

/// <summary>What secrets are for.</summary>
public static class SecretType
{
    public const string Opaque = "Opaque";
    public const string ServiceAccountToken = "kubernetes.io/service-account-token";
    public const string Dockercfg = "kubernetes.io/dockercfg";
    public const string DockerConfigJson = "kubernetes.io/dockerconfigjson";
    public const string BasicAuth = "kubernetes.io/basic-auth";
    public const string SSHAuth = "kubernetes.io/ssh-auth";
    public const string TLS = "kubernetes.io/tls";
    public const string BootstrapToken = "bootstrap.kubernetes.io/token";
}
