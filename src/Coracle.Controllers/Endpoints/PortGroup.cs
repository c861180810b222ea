using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Discovery.V1;
using EndpointPort = Coracle.Kinds.Discovery.V1.EndpointPort;

namespace Coracle.Controllers;

/// <summary>The endpoints of a service that share all ports: they may share slices. Named target ports make several groups.</summary>
internal sealed record PortGroup(IReadOnlyList<EndpointPort> Ports, List<Endpoint> Endpoints)
{
    /// <summary>Sorts pods into groups. Pods whose node is not known are left out, unless the service publishes whatever there is.</summary>
    public static IReadOnlyList<PortGroup> Of(Service service, IEnumerable<Pod> pods, Func<Pod, Node?> nodeOf, string addressType)
    {
        var groups = new Dictionary<string, PortGroup>(StringComparer.Ordinal);
        foreach (var pod in pods)
        {
            if (!PodEndpoint.Has(pod, includeTerminating: true)) continue;
            var ports = PortsOf(service, pod);
            var key = KeyOf(ports);
            if (!groups.TryGetValue(key, out var group)) groups[key] = group = new(ports, []);
            var node = nodeOf(pod);
            if (node is null && !service.Spec.PublishNotReadyAddresses) continue;
            if (PodEndpoint.Of(pod, node, service, addressType) is { } endpoint) group.Endpoints.Add(endpoint);
        }
        return [.. groups.Values];
    }

    /// <summary>The same for equal ports in any order.</summary>
    public static string KeyOf(IReadOnlyList<EndpointPort>? ports) =>
        ports is not { Count: > 0 } ? "" : string.Join('\n', ports.Select(static p => $"{p.Name} {p.Protocol} {p.Port} {p.AppProtocol}").Order(StringComparer.Ordinal));

    private static List<EndpointPort> PortsOf(Service service, Pod pod)
    {
        var ports = new List<EndpointPort>(service.Spec.Ports?.Count ?? 0);
        foreach (var port in service.Spec.Ports ?? [])
            if (TargetPort.Find(pod, port) is { } number)
                ports.Add(new() { Name = port.Name, Protocol = port.Protocol, Port = number, AppProtocol = port.AppProtocol });
        return ports;
    }
}
