using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers;

/// <summary>One address with one port (null: a service without ports) of an Endpoints object, before it is packed.</summary>
internal readonly record struct SingleEndpoint(EndpointAddress Address, EndpointPort? Port, bool IsReady);

/// <summary>The subsets of an Endpoints object. Pure.</summary>
internal static class Subsets
{
    /// <summary>Addresses in one Endpoints object, at most (upstream: maxCapacity).</summary>
    public const int AddressesMax = 1000;

    /// <summary>The endpoints of the pods behind a service (upstream: pkg/controller/endpoint, syncService).</summary>
    public static IEnumerable<SingleEndpoint> Of(Service service, IEnumerable<Pod> pods)
    {
        foreach (var pod in pods)
        {
            if (!PodEndpoint.Has(pod, service.Spec.PublishNotReadyAddresses) || AddressOf(pod, service) is not { } address) continue;
            var ready = service.Spec.PublishNotReadyAddresses || PodEndpoint.IsReady(pod);
            if (service.Spec.Ports is not { Count: > 0 } ports)
            {
                if (SliceShape.IsHeadless(service)) yield return new(address, null, ready);
                continue;
            }
            foreach (var port in ports)
                if (TargetPort.Find(pod, port) is { } number)
                    yield return new(address, new() { Name = port.Name, Port = number, Protocol = port.Protocol, AppProtocol = port.AppProtocol }, ready);
        }
    }

    /// <summary>
    /// As few subsets as hold every address with its ports: ports that the same addresses have, in the same state, share one. Sorted, so that equal endpoints
    /// make equal subsets (upstream: endpoints.RepackSubsets).
    /// </summary>
    public static List<EndpointSubset> Pack(IEnumerable<SingleEndpoint> endpoints)
    {
        var byPort = new Dictionary<string, (EndpointPort? Port, SortedDictionary<string, SingleEndpoint> Addresses)>(StringComparer.Ordinal);
        foreach (var endpoint in endpoints)
        {
            var key = $"{endpoint.Port?.Name} {endpoint.Port?.Protocol} {endpoint.Port?.Port:D5} {endpoint.Port?.AppProtocol}";
            if (!byPort.TryGetValue(key, out var port)) byPort[key] = port = (endpoint.Port, new(StringComparer.Ordinal));
            var address = $"{endpoint.Address.Ip} {endpoint.Address.TargetRef?.Uid}";
            if (!port.Addresses.TryGetValue(address, out var known) || known.IsReady) port.Addresses[address] = endpoint; // not ready wins
        }
        return [.. byPort.OrderBy(static p => p.Key, StringComparer.Ordinal).Select(static p => p.Value)
            .GroupBy(static p => string.Join('\n', p.Addresses.Select(static a => $"{a.Key} {a.Value.IsReady}")), StringComparer.Ordinal)
            .Select(static ports => Subset([.. ports.Select(static p => p.Port).OfType<EndpointPort>()], ports.First().Addresses.Values))];
    }

    /// <summary>Shortens subsets to <see cref="AddressesMax"/> addresses, each in proportion, addresses that are not ready first. True when it had to.</summary>
    public static bool Truncate(List<EndpointSubset> subsets)
    {
        var ready = subsets.Sum(static s => s.Addresses?.Count ?? 0);
        var notReady = subsets.Sum(static s => s.NotReadyAddresses?.Count ?? 0);
        if (ready + notReady <= AddressesMax) return false;
        var dropNotReady = ready > AddressesMax;
        var room = dropNotReady ? AddressesMax : AddressesMax - ready;
        var (left, total) = (room, dropNotReady ? ready : notReady);
        foreach (var subset in subsets)
        {
            var list = dropNotReady ? subset.Addresses : subset.NotReadyAddresses;
            var kept = Share(list, room, total, left);
            left -= kept?.Count ?? 0;
            if (!dropNotReady) subset.NotReadyAddresses = kept;
            else (subset.Addresses, subset.NotReadyAddresses) = (kept, null);
        }
        return true;
    }

    private static List<EndpointAddress>? Share(List<EndpointAddress>? list, int room, int total, int left)
    {
        var share = Math.Min(left, (int)Math.Ceiling((double)(list?.Count ?? 0) / total * room));
        return list is null || list.Count <= share ? list : list[..share];
    }

    private static EndpointSubset Subset(List<EndpointPort> ports, IReadOnlyCollection<SingleEndpoint> addresses) => new()
    {
        Addresses = NullIfEmpty([.. addresses.Where(static a => a.IsReady).Select(static a => a.Address)]),
        NotReadyAddresses = NullIfEmpty([.. addresses.Where(static a => !a.IsReady).Select(static a => a.Address)]),
        Ports = NullIfEmpty(ports),
    };

    private static List<T>? NullIfEmpty<T>(List<T> list) => list.Count == 0 ? null : list;

    private static EndpointAddress? AddressOf(Pod pod, Service service)
    {
        var family = service.Spec.IpFamilies is [var first, ..] ? first : PodEndpoint.TypeOf(SliceShape.IsHeadless(service) ? pod.Status.PodIP : service.Spec.ClusterIP);
        if (pod.Status.PodIPs?.Find(ip => PodEndpoint.TypeOf(ip.Ip) == family)?.Ip is not { } ip) return null;
        return new()
        {
            Ip = ip, NodeName = pod.Spec.NodeName.Length > 0 ? pod.Spec.NodeName : null, TargetRef = PodEndpoint.Refer(pod),
            Hostname = PodEndpoint.HostnameOf(pod, service) ?? "",
        };
    }
}
