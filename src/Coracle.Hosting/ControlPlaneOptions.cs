using System.Net;
using Coracle.ApiServer;
using Coracle.ApiServer.Access;
using Coracle.Sdk;
using Coracle.Store;

namespace Coracle.Hosting;

/// <summary>What a control plane is made of. All that is not determined by requests comes in here, so that a whole one can run by seed in virtual time.</summary>
public sealed record ControlPlaneOptions
{
    public required IStore Store { get; init; }
    public TimeProvider Clock { get; init; } = TimeProvider.System;
    public Random Random { get; init; } = new();

    /// <summary>Addresses of services.</summary>
    public IPNetwork ServiceRange { get; init; } = IPNetwork.Parse("10.96.0.0/16");

    /// <summary>Addresses of pods; each node gets a /24 of it.</summary>
    public IPNetwork PodRange { get; init; } = IPNetwork.Parse("10.244.0.0/16");

    /// <summary>Addresses of services of the type LoadBalancer.</summary>
    public IPNetwork LoadBalancerRange { get; init; } = IPNetwork.Parse("10.128.0.0/24");

    /// <summary>Where clients reach the API: the endpoints of the "kubernetes" service.</summary>
    public IPEndPoint Advertised { get; init; } = new(IPAddress.Loopback, 6443);

    /// <summary>The cluster's authorities and keys; null where nothing is served over TLS.</summary>
    public Pki? Pki { get; init; }

    /// <summary>Bearer tokens that stand for a user without more ado; null for none.</summary>
    public StaticTokens? StaticTokens { get; init; }

    /// <summary>Who is believed and who decides, beyond what every cluster has.</summary>
    public AccessOptions Access { get; init; } = new();

    /// <summary>The cluster's CA in PEM, as pods get it.</summary>
    public string CertificateAuthority => Pki?.ClusterAuthority.Certificate.CertificatePem ?? "";

    /// <summary>The node of a name, where this process can reach it.</summary>
    public Func<string, Node.Agent.NodeApi?> Nodes { get; init; } = static _ => null;

    /// <summary>The controller manager's controllers and the scheduler run here; otherwise the server is without, for <see cref="RemoteControllers"/> elsewhere.</summary>
    public bool RunsControllers { get; init; } = true;

    /// <summary>Stands between the controllers and the server, one for each process of theirs: where a simulation puts its faults.</summary>
    public Func<Transport, Transport> ToServer { get; init; } = static direct => direct;

    /// <summary>The way out to webhooks; none unless given, so that nothing leaves a simulation.</summary>
    public WebhookTransport Webhooks { get; init; } = WebhookTransport.None;

    /// <summary>The way to servers that requests are passed on to: aggregated API servers, pods, services; none unless given.</summary>
    public BackendTransport Backends { get; init; } = BackendTransport.None;

    /// <summary>What Pod Security demands where a namespace says nothing, and whom it leaves alone.</summary>
    public PodSecurityOptions PodSecurity { get; init; } = new();

    /// <summary>The audit log; null for none.</summary>
    public AuditOptions? Audit { get; init; }

    /// <summary>What is on and what is off.</summary>
    public FeatureGates Features { get; init; } = FeatureGates.Defaults;

    /// <summary>With what the API server was started, by flag without dashes, as /flagz tells.</summary>
    public IReadOnlyDictionary<string, string> Flags { get; init; } = new Dictionary<string, string>();

    /// <summary>More for /metrics: what is known of the process; nothing in simulations.</summary>
    public Func<string> ProcessMetrics { get; init; } = static () => "";

    public string ClusterDomain { get; init; } = "cluster.local";
    public Action<LogEntry> Log { get; init; } = static _ => { };
}
