using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[Kind("v1", "Secret", "secrets", Selectable = ["type"], Rules = typeof(SecretRules))]
public sealed partial class Secret
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(5)]
    public bool? Immutable { get; set; }

    [Field(2)]
    public Dictionary<string, byte[]>? Data { get; set; }

    [Field(4)]
    public Dictionary<string, string>? StringData { get; set; }

    [Field(3), Default("Opaque")]
    public string Type { get; set; } = "";
}

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
