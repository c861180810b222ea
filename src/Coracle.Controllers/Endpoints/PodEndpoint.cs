using System.Net;
using System.Net.Sockets;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Discovery.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Controllers;

/// <summary>A pod as an endpoint of a service (upstream: k8s.io/endpointslice, podToEndpoint and util.ShouldPodBeInEndpoints).</summary>
internal static class PodEndpoint
{
    public const string ZoneLabel = "topology.kubernetes.io/zone";

    public static bool IsReady(Pod pod) => ReadyCondition(pod)?.Status == ConditionStatus.True;
    public static PodCondition? ReadyCondition(Pod pod) => pod.Status.Conditions?.Find(static c => c.Type == PodConditionType.Ready);
    public static bool IsOver(Pod pod) => pod.Status.Phase is PodPhase.Succeeded or PodPhase.Failed;
    public static string ZoneOf(Node? node) => node?.Metadata.Labels?.GetValueOrDefault(ZoneLabel) ?? "";

    /// <summary>The pod has an address and runs, or will.</summary>
    public static bool Has(Pod pod, bool includeTerminating) =>
        !IsOver(pod) && (pod.Status.PodIP.Length > 0 || pod.Status.PodIPs is { Count: > 0 }) && (includeTerminating || pod.Metadata.DeletionTimestamp is null);

    /// <summary>The host name under which the service's DNS knows the pod; null when it does not.</summary>
    public static string? HostnameOf(Pod pod, Service service) =>
        pod.Spec.Hostname.Length > 0 && pod.Spec.Subdomain == service.Metadata.Name ? pod.Spec.Hostname : null;

    public static ObjectReference Refer(Pod pod) =>
        new() { Kind = "Pod", Namespace = pod.Metadata.Namespace, Name = pod.Metadata.Name, Uid = pod.Metadata.Uid };

    /// <summary>Null when the pod has no address of this type.</summary>
    public static Endpoint? Of(Pod pod, Node? node, Service service, string addressType)
    {
        var addresses = Addresses(pod, addressType);
        if (addresses.Count == 0) return null;
        var serving = IsReady(pod);
        var terminating = pod.Metadata.DeletionTimestamp is not null;
        var endpoint = new Endpoint
        {
            Addresses = addresses,
            Conditions = new() { Ready = service.Spec.PublishNotReadyAddresses || (serving && !terminating), Serving = serving, Terminating = terminating },
            TargetRef = Refer(pod),
            NodeName = pod.Spec.NodeName.Length > 0 ? pod.Spec.NodeName : null,
            Zone = ZoneOf(node) is { Length: > 0 } zone ? zone : null,
            Hostname = HostnameOf(pod, service),
        };
        endpoint.Hints = Hints(endpoint, service.Spec.TrafficDistribution);
        return endpoint;
    }

    /// <summary>The types of address that the service's families ask for.</summary>
    public static IReadOnlyList<string> AddressTypes(Service service)
    {
        if (service.Spec.IpFamilies is { Count: > 0 } families) return [.. families.Where(static f => f is IPFamily.IPv4 or IPFamily.IPv6).Distinct()];
        if (service.Spec.ClusterIP is "" or "None") return [AddressType.IPv4, AddressType.IPv6];
        return [TypeOf(service.Spec.ClusterIP) ?? AddressType.IPv4];
    }

    /// <summary>IPv4 or IPv6; null for what is no address.</summary>
    public static string? TypeOf(string address) =>
        !IPAddress.TryParse(address, out var ip) ? null : ip.AddressFamily == AddressFamily.InterNetworkV6 ? AddressType.IPv6 : AddressType.IPv4;

    /// <summary>The change shows in endpoints (upstream: podEndpointsChanged).</summary>
    public static bool Differs(Pod old, Pod current) =>
        old.Metadata.DeletionTimestamp is null != current.Metadata.DeletionTimestamp is null
        || IsOver(old) != IsOver(current)
        || IsReady(old) != IsReady(current)
        || old.Spec.NodeName != current.Spec.NodeName
        || old.Spec.Hostname != current.Spec.Hostname || old.Spec.Subdomain != current.Spec.Subdomain
        || !(old.Status.PodIPs ?? []).Select(static ip => ip.Ip).SequenceEqual((current.Status.PodIPs ?? []).Select(static ip => ip.Ip))
        || !SameLabels(old.Metadata.Labels, current.Metadata.Labels);

    private static List<string> Addresses(Pod pod, string addressType)
    {
        var addresses = new List<string>(1);
        foreach (var podIP in pod.Status.PodIPs ?? [])
            if (TypeOf(podIP.Ip) == addressType) addresses.Add(podIP.Ip);
        return addresses;
    }

    // Upstream: k8s.io/endpointslice/trafficdist.
    private static EndpointHints? Hints(Endpoint endpoint, string? distribution)
    {
        if (endpoint.Conditions.Ready != true || distribution is not ("PreferClose" or "PreferSameZone" or "PreferSameNode")) return null;
        List<ForZone>? zones = endpoint.Zone is { } zone ? [new() { Name = zone }] : null;
        List<ForNode>? nodes = distribution == "PreferSameNode" && endpoint.NodeName is { } node ? [new() { Name = node }] : null;
        return zones is null && nodes is null ? null : new() { ForZones = zones, ForNodes = nodes };
    }

    private static bool SameLabels(Dictionary<string, string>? a, Dictionary<string, string>? b)
    {
        if ((a?.Count ?? 0) != (b?.Count ?? 0)) return false;
        foreach (var (key, value) in a ?? [])
            if (!b!.TryGetValue(key, out var other) || other != value) return false;
        return true;
    }
}
