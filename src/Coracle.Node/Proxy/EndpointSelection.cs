using System.Collections.Immutable;
using System.Net;
using Coracle.Node.Network;

namespace Coracle.Node.Proxy;

/// <summary>One endpoint of one service port, as seen from one node.</summary>
internal sealed record ServiceEndpoint(IPEndPoint Target, EndpointSpec Spec, bool IsLocal)
{
    public bool IsUsableLastResort => Spec.Serving && Spec.Terminating;
}

/// <summary>Which endpoints a node uses for a service port.</summary>
/// <param name="Cluster">For the traffic policy Cluster, hints heeded; empty if no traffic is under that policy.</param>
/// <param name="Local">For the traffic policy Local; empty if no traffic is under that policy.</param>
/// <param name="Reachable">The union of both.</param>
/// <param name="HasAny">Whether there is a usable endpoint anywhere in the cluster.</param>
internal sealed record UsableEndpoints(
    ImmutableArray<ServiceEndpoint> Cluster,
    ImmutableArray<ServiceEndpoint> Local,
    ImmutableArray<ServiceEndpoint> Reachable,
    bool HasAny);

/// <summary>
/// Picks endpoints as upstream's proxy does (pkg/proxy/topology.go): ready ones, and those that terminate but still serve where no ready one
/// is left, independently for the policies Cluster and Local; hints for the node, then for the zone, if every ready endpoint has them.
/// </summary>
internal static class EndpointSelection
{
    /// <summary>All endpoints of a port, whatever their condition, each address and port once, in order of address and port.</summary>
    public static ImmutableArray<ServiceEndpoint> Of(ServiceView view, ServicePortSpec port, IpFamily family, string nodeName)
    {
        var byTarget = new SortedDictionary<IPEndPoint, ServiceEndpoint>(ByAddressAndPort);
        foreach (var slice in view.Slices.Values)
        {
            foreach (var number in slice.Ports.Where(p => p.Name == port.Name && p.Protocol == port.Protocol))
            {
                foreach (var endpoint in slice.Endpoints.Where(e => e.Address.FamilyOf() == family))
                {
                    var target = new IPEndPoint(endpoint.Address, number.Port);
                    var isLocal = nodeName.Length > 0 && endpoint.NodeName == nodeName;
                    // Slices may overlap while an endpoint moves from one to another; should they disagree, local wins.
                    if (!byTarget.ContainsKey(target) || isLocal)
                    {
                        byTarget[target] = new ServiceEndpoint(target, endpoint, isLocal);
                    }
                }
            }
        }

        return [.. byTarget.Values];
    }

    public static UsableEndpoints For(ServiceSpec service, ServicePortSpec port, ImmutableArray<ServiceEndpoint> all, ProxyOptions options)
    {
        var external = service.IsExternallyAccessible(port, options.Family);
        // External traffic under the policy Local needs the cluster's endpoints too: pods and the node itself are exempt from the policy.
        var usesCluster = !service.InternalPolicyLocal || external;
        var usesLocal = service.InternalPolicyLocal || (service.ExternalPolicyLocal && external);

        ImmutableArray<ServiceEndpoint> cluster = usesCluster ? ClusterEndpoints(all, options) : [];
        ImmutableArray<ServiceEndpoint> local = usesLocal ? ReadyElseServing(all.Where(e => e.IsLocal)) : [];
        var hasAny = cluster.Length > 0 || (usesLocal && all.Any(e => e.Spec.Ready || e.IsUsableLastResort));
        var reachable = new SortedDictionary<IPEndPoint, ServiceEndpoint>(ByAddressAndPort);
        foreach (var endpoint in cluster.Concat(local))
        {
            reachable[endpoint.Target] = endpoint;
        }

        return new UsableEndpoints(cluster, local, [.. reachable.Values], hasAny);
    }

    private static ImmutableArray<ServiceEndpoint> ClusterEndpoints(ImmutableArray<ServiceEndpoint> all, ProxyOptions options)
    {
        var ready = all.Where(e => e.Spec.Ready).ToList();
        if (IsHinted(ready, e => e.NodeHints, options.NodeName))
        {
            return [.. ready.Where(e => e.Spec.NodeHints.Contains(options.NodeName))];
        }

        if (IsHinted(ready, e => e.ZoneHints, options.Zone))
        {
            return [.. ready.Where(e => e.Spec.ZoneHints.Contains(options.Zone))];
        }

        return ReadyElseServing(all);
    }

    /// <summary>Hints hold only if every ready endpoint has one and one of them is for here; a half-written set of hints is ignored.</summary>
    private static bool IsHinted(List<ServiceEndpoint> ready, Func<EndpointSpec, ImmutableHashSet<string>> hints, string here) =>
        here.Length > 0 && ready.Count > 0
        && ready.All(e => hints(e.Spec).Count > 0)
        && ready.Any(e => hints(e.Spec).Contains(here));

    private static ImmutableArray<ServiceEndpoint> ReadyElseServing(IEnumerable<ServiceEndpoint> candidates)
    {
        var all = candidates.ToList();
        ImmutableArray<ServiceEndpoint> ready = [.. all.Where(e => e.Spec.Ready)];
        return ready.Length > 0 ? ready : [.. all.Where(e => e.IsUsableLastResort)];
    }

    private static readonly Comparer<IPEndPoint> ByAddressAndPort = Comparer<IPEndPoint>.Create((a, b) =>
    {
        var byAddress = a.Address.GetAddressBytes().AsSpan().SequenceCompareTo(b.Address.GetAddressBytes());
        return byAddress != 0 ? byAddress : a.Port.CompareTo(b.Port);
    });
}
