using System.Collections.Immutable;
using System.Net;
using Coracle.Kinds.Discovery.V1;
using Coracle.Kinds.Meta.V1;
using Core = Coracle.Kinds.Core.V1;

namespace Coracle.Node.Network;

/// <summary>
/// Reads the data plane's model from API objects. What cannot be read (an address that is none, an unknown protocol) is left out
/// rather than failed on: one odd object must not stop the rest.
/// </summary>
public static class FromKinds
{
    /// <summary>The label that says which service a slice belongs to.</summary>
    public const string ServiceNameLabel = "kubernetes.io/service-name";

    private const string HeadlessIP = "None";

    public static ServiceKey KeyOf(ObjectMeta metadata) => new(metadata.Namespace, metadata.Name);

    public static ServiceSpec Service(Core.Service service)
    {
        var spec = service.Spec;
        return new ServiceSpec
        {
            Key = KeyOf(service.Metadata),
            Type = TypeOf(spec.Type),
            ClusterIPs = spec.Type == Core.ServiceType.ExternalName ? [] : Addresses(spec.ClusterIPs ?? [spec.ClusterIP]),
            IsHeadless = spec.ClusterIP == HeadlessIP,
            ExternalName = spec.Type == Core.ServiceType.ExternalName ? spec.ExternalName : "",
            Ports = [.. (spec.Ports ?? []).Select(Port).OfType<ServicePortSpec>()],
            ExternalIPs = Addresses(spec.ExternalIPs ?? []),
            LoadBalancerIPs = Addresses((service.Status.LoadBalancer.Ingress ?? [])
                .Where(i => i.IpMode is null or "VIP")
                .Select(i => i.Ip)),
            LoadBalancerSourceRanges = [.. (spec.LoadBalancerSourceRanges ?? []).Select(Network).OfType<IPNetwork>()],
            ClientIPAffinity = spec.SessionAffinity == Core.ServiceAffinity.ClientIP
                ? TimeSpan.FromSeconds(spec.SessionAffinityConfig?.ClientIP?.TimeoutSeconds ?? DefaultAffinitySeconds)
                : null,
            InternalPolicyLocal = spec.InternalTrafficPolicy == Core.ServiceInternalTrafficPolicy.Local,
            ExternalPolicyLocal = spec.ExternalTrafficPolicy == Core.ServiceExternalTrafficPolicy.Local,
            PublishNotReadyAddresses = spec.PublishNotReadyAddresses,
        };
    }

    /// <summary>Null for a slice that belongs to no service, or that lists names instead of addresses.</summary>
    public static EndpointSliceSpec? Slice(EndpointSlice slice)
    {
        if (slice.AddressType == AddressType.FQDN
            || slice.Metadata.Labels is not { } labels
            || !labels.TryGetValue(ServiceNameLabel, out var service)
            || service.Length == 0)
        {
            return null;
        }

        return new EndpointSliceSpec
        {
            Namespace = slice.Metadata.Namespace,
            Name = slice.Metadata.Name,
            ServiceName = service,
            Ports = [.. (slice.Ports ?? []).Select(Port).OfType<EndpointPortSpec>()],
            Endpoints = [.. (slice.Endpoints ?? []).Select(Endpoint).OfType<EndpointSpec>()],
        };
    }

    // The API server fills the time-out in when it accepts the service; this is its default.
    private const int DefaultAffinitySeconds = 10800;

    private static EndpointSpec? Endpoint(Endpoint endpoint) =>
        endpoint.Addresses is not [var first, ..] || Address(first) is not { } address
            ? null
            : new EndpointSpec(address)
            {
                Ready = endpoint.Conditions.Ready ?? true,
                Serving = endpoint.Conditions.Serving ?? true,
                Terminating = endpoint.Conditions.Terminating ?? false,
                Hostname = endpoint.Hostname ?? "",
                NodeName = endpoint.NodeName ?? "",
                ZoneHints = [.. (endpoint.Hints?.ForZones ?? []).Select(z => z.Name)],
                NodeHints = [.. (endpoint.Hints?.ForNodes ?? []).Select(n => n.Name)],
            };

    private static ServicePortSpec? Port(Core.ServicePort port) =>
        TransportProtocols.Parse(port.Protocol) is { } protocol
            ? new ServicePortSpec(port.Name, protocol, port.Port, port.NodePort)
            : null;

    private static EndpointPortSpec? Port(EndpointPort port) =>
        port.Port is > 0 and <= 65535 && TransportProtocols.Parse(port.Protocol) is { } protocol
            ? new EndpointPortSpec(port.Name ?? "", protocol, port.Port.Value)
            : null;

    private static ServiceType TypeOf(string type) => type switch
    {
        Core.ServiceType.NodePort => ServiceType.NodePort,
        Core.ServiceType.LoadBalancer => ServiceType.LoadBalancer,
        Core.ServiceType.ExternalName => ServiceType.ExternalName,
        _ => ServiceType.ClusterIP,
    };

    private static ImmutableArray<IPAddress> Addresses(IEnumerable<string> texts) => [.. texts.Select(Address).OfType<IPAddress>()];

    private static IPAddress? Address(string text) => IPAddress.TryParse(text, out var address) ? address : null;

    /// <summary>Accepts blanks around a range and host bits inside it, as the API's validation does.</summary>
    private static IPNetwork? Network(string text)
    {
        var parts = text.Trim().Split('/');
        if (parts.Length != 2 || Address(parts[0]) is not { } address || !int.TryParse(parts[1], out var length))
        {
            return null;
        }

        var bytes = address.GetAddressBytes();
        if (length < 0 || length > bytes.Length * 8)
        {
            return null;
        }

        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), length);
    }
}
