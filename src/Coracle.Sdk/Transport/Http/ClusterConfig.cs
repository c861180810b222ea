using System.Security.Cryptography.X509Certificates;

namespace Coracle.Sdk;

/// <summary>Where a cluster is, how to trust it, and who one is there: what a kubeconfig says, or a pod's service account.</summary>
public sealed record ClusterConfig
{
    /// <summary>"https://10.0.0.1:6443", with a path where the API is not at the root.</summary>
    public required Uri Server { get; init; }

    /// <summary>Who may have signed the server's certificate; empty trusts what the system trusts.</summary>
    public X509Certificate2Collection Authorities { get; init; } = [];

    /// <summary>Believe any certificate. For tests.</summary>
    public bool InsecureSkipTlsVerify { get; init; }

    /// <summary>The name in the server's certificate, where it is not the host's; "" for the host's.</summary>
    public string TlsServerName { get; init; } = "";
    /// <summary>Through which proxy; null for none.</summary>
    public Uri? Proxy { get; init; }
    /// <summary>Who calls.</summary>
    public Credentials Credentials { get; init; } = Credentials.None;

    /// <summary>In whose name calls are made unless they say another.</summary>
    public ApiUser? Impersonate { get; init; }

    /// <summary>The namespace that tools use when none is given.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>
    /// As tools find their cluster: the files named in KUBECONFIG, else ~/.kube/config, else, in a pod, its service account. Throws
    /// <see cref="ClusterConfigException"/> when there is none of them or it is wrong.
    /// </summary>
    public static ClusterConfig Find(string? context = null)
    {
        var files = Kubeconfig.DefaultFiles();
        if (files.Count > 0) return Kubeconfig.Load(files).ToConfig(context);
        return IsInCluster ? InCluster() : throw new ClusterConfigException("no cluster is configured: there is no kubeconfig, and this is no pod");
    }

    /// <summary>Reads one kubeconfig file.</summary>
    public static ClusterConfig FromFile(string path, string? context = null) => Kubeconfig.Load([path]).ToConfig(context);

    private const string Account = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>This process runs in a pod with a service account.</summary>
    public static bool IsInCluster =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST")) && !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT"));

    /// <summary>The service account of the pod that this runs in. Its token is read again as the kubelet renews it.</summary>
    public static ClusterConfig InCluster()
    {
        if (!IsInCluster) throw new ClusterConfigException("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: this is no pod");
        var host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST")!;
        var authorities = new X509Certificate2Collection();
        if (File.Exists($"{Account}/ca.crt")) authorities.ImportFromPemFile($"{Account}/ca.crt");
        return new()
        {
            Server = new($"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT")}"),
            Authorities = authorities,
            Credentials = new TokenFileCredentials($"{Account}/token"),
            Namespace = File.Exists($"{Account}/namespace") ? File.ReadAllText($"{Account}/namespace").Trim() : "default",
        };
    }
}

/// <summary>A cluster's configuration is missing or wrong.</summary>
public sealed class ClusterConfigException : Exception
{
    /// <summary>In words.</summary>
    public ClusterConfigException(string message) : base(message) { }
    /// <summary>In words, and why.</summary>
    public ClusterConfigException(string message, Exception inner) : base(message, inner) { }
}
