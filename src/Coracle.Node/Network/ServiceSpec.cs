using System.Collections.Immutable;
using System.Net;

namespace Coracle.Node.Network;

/// <summary>
/// What the data plane needs to know of one Service: the part of <c>spec</c> and <c>status</c> that decides where packets go and
/// what names resolve to. Both address families may be present; each consumer picks its own.
/// </summary>
public sealed record ServiceSpec
{
    public required ServiceKey Key { get; init; }

    public ServiceType Type { get; init; } = ServiceType.ClusterIP;

    /// <summary><c>spec.clusterIPs</c> without <c>None</c>; empty for headless and ExternalName services.</summary>
    public ImmutableArray<IPAddress> ClusterIPs { get; init; } = [];

    /// <summary>True if <c>spec.clusterIP</c> is <c>None</c>: names resolve to the endpoints themselves, and nothing is proxied.</summary>
    public bool IsHeadless { get; init; }

    /// <summary><c>spec.externalName</c>, of ExternalName services only.</summary>
    public string ExternalName { get; init; } = "";

    public ImmutableArray<ServicePortSpec> Ports { get; init; } = [];

    /// <summary><c>spec.externalIPs</c>: addresses that somebody else routes to this node.</summary>
    public ImmutableArray<IPAddress> ExternalIPs { get; init; } = [];

    /// <summary><c>status.loadBalancer.ingress[].ip</c> with <c>ipMode</c> VIP (or none): proxied here rather than sent out.</summary>
    public ImmutableArray<IPAddress> LoadBalancerIPs { get; init; } = [];

    /// <summary><c>spec.loadBalancerSourceRanges</c>: who may use <see cref="LoadBalancerIPs"/>. Empty means everybody.</summary>
    public ImmutableArray<IPNetwork> LoadBalancerSourceRanges { get; init; } = [];

    /// <summary>How long a client sticks to its endpoint with <c>sessionAffinity: ClientIP</c>; null without affinity.</summary>
    public TimeSpan? ClientIPAffinity { get; init; }

    /// <summary><c>internalTrafficPolicy: Local</c>.</summary>
    public bool InternalPolicyLocal { get; init; }

    /// <summary><c>externalTrafficPolicy: Local</c>.</summary>
    public bool ExternalPolicyLocal { get; init; }

    public bool PublishNotReadyAddresses { get; init; }

    /// <summary>True if something other than the cluster IP leads to the port: a node port, an external IP, a load balancer's IP.</summary>
    public bool IsExternallyAccessible(ServicePortSpec port, IpFamily family) =>
        port.NodePort != 0
        || ExternalIPs.Any(ip => ip.FamilyOf() == family)
        || LoadBalancerIPs.Any(ip => ip.FamilyOf() == family);
}

/// <summary><c>spec.type</c>.</summary>
public enum ServiceType
{
    ClusterIP,
    NodePort,
    LoadBalancer,
    ExternalName,
}

/// <summary>One port of a service.</summary>
/// <param name="Name">Matches the endpoint port of the same name; may be empty when there is only one.</param>
/// <param name="Protocol">Matches the endpoint port's protocol too.</param>
/// <param name="Port">The port on the service's addresses.</param>
/// <param name="NodePort">The port on every node; 0 for none.</param>
public sealed record ServicePortSpec(string Name, TransportProtocol Protocol, int Port, int NodePort = 0);
