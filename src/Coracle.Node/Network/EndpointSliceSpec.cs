using System.Collections.Immutable;
using System.Net;

namespace Coracle.Node.Network;

/// <summary>What the data plane needs to know of one EndpointSlice.</summary>
public sealed record EndpointSliceSpec
{
    /// <summary>The slice's namespace and name.</summary>
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>The label <c>kubernetes.io/service-name</c>.</summary>
    public required string ServiceName { get; init; }

    public ImmutableArray<EndpointPortSpec> Ports { get; init; } = [];

    public ImmutableArray<EndpointSpec> Endpoints { get; init; } = [];

    public ServiceKey Service => new(Namespace, ServiceName);
}

/// <summary>A port that every endpoint of the slice serves.</summary>
public sealed record EndpointPortSpec(string Name, TransportProtocol Protocol, int Port);

/// <summary>One endpoint. Of several addresses only the first counts, as for upstream's proxy.</summary>
public sealed record EndpointSpec(IPAddress Address)
{
    /// <summary><c>conditions.ready</c>; absent means true.</summary>
    public bool Ready { get; init; } = true;

    /// <summary><c>conditions.serving</c>; absent means true. Differs from ready only while terminating.</summary>
    public bool Serving { get; init; } = true;

    public bool Terminating { get; init; }

    /// <summary>The pod's hostname, if its pod has one and its subdomain is this service; else empty.</summary>
    public string Hostname { get; init; } = "";

    /// <summary>The node that the endpoint is on; empty if it is on none.</summary>
    public string NodeName { get; init; } = "";

    /// <summary><c>hints.forZones[].name</c>.</summary>
    public ImmutableHashSet<string> ZoneHints { get; init; } = [];

    /// <summary><c>hints.forNodes[].name</c>.</summary>
    public ImmutableHashSet<string> NodeHints { get; init; } = [];
}
