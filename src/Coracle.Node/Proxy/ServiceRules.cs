using System.Collections.Immutable;
using System.Net;
using Coracle.Node.Network;

namespace Coracle.Node.Proxy;

/// <summary>
/// Turns one service with its endpoints into chains, sets and frontends. Behaviour follows upstream's proxy in nftables mode:
/// what has no endpoint anywhere is rejected; what has endpoints elsewhere only, but is under a Local policy, is dropped; pods and
/// the node itself are exempt from <c>externalTrafficPolicy: Local</c>, as if they had gone out and come back through the load balancer.
/// </summary>
internal static class ServiceRules
{
    /// <summary>Up to so many endpoints, a chain tries them one after the other; beyond, one look-up in a map of its own decides.</summary>
    // The kernel walks all maps of a transaction for each rule it adds, so a map per service made a full load quadratic
    // (5,000 services: 21 s against 1.7 s). Only the first packet of a connection passes here.
    private const int SequentialEndpointsMax = 16;

    public static Fragment Compile(ServiceView view, ProxyOptions options)
    {
        if (view.Spec is not { IsHeadless: false, Type: not ServiceType.ExternalName } service
            || service.ClusterIPs.FirstOrDefault(ip => ip.FamilyOf() == options.Family) is not { } clusterIP)
        {
            return Fragment.Empty;
        }

        var into = new Builder();
        var whole = new FrontendId(FrontendKind.ClusterIP, clusterIP.ToString());
        into.Frontends.Add(whole, new Frontend(whole, Names.Comment(service.Key), Dispatch: null, Refuse: null));
        foreach (var port in service.Ports.DistinctBy(p => (p.Name, p.Protocol)))
        {
            new PortRules(service, port, clusterIP, EndpointSelection.Of(view, port, options.Family, options.NodeName), options, into).Write();
        }

        return into.Build();
    }

    private sealed class Builder
    {
        public ImmutableArray<NftChain>.Builder Chains { get; } = ImmutableArray.CreateBuilder<NftChain>();

        public ImmutableArray<NftAffinitySet>.Builder AffinitySets { get; } = ImmutableArray.CreateBuilder<NftAffinitySet>();

        /// <summary>By key and kind: the same address listed twice is one frontend.</summary>
        public Dictionary<FrontendId, Frontend> Frontends { get; } = [];

        public ImmutableArray<UdpService>.Builder Udp { get; } = ImmutableArray.CreateBuilder<UdpService>();

        public Fragment Build() =>
            new(Chains.DrainToImmutable(), AffinitySets.DrainToImmutable(), [.. Frontends.Values], Udp.DrainToImmutable());
    }

    private sealed class PortRules(
        ServiceSpec service, ServicePortSpec port, IPAddress clusterIP, ImmutableArray<ServiceEndpoint> all, ProxyOptions options, Builder into)
    {
        private readonly UsableEndpoints _usable = EndpointSelection.For(service, port, all, options);
        private readonly string _protocol = port.Protocol.Lower();
        private readonly string _clusterChain = Names.ClusterChain(service.Key, port);
        private readonly string _localChain = Names.LocalChain(service.Key, port);
        private readonly string _externalChain = Names.ExternalChain(service.Key, port);
        private readonly ImmutableArray<IPAddress> _loadBalancerIPs = OfFamily(service.LoadBalancerIPs, options.Family);
        private readonly ImmutableArray<IPAddress> _externalIPs = OfFamily(service.ExternalIPs, options.Family);

        private int AffinitySeconds => service.ClientIPAffinity is { } time ? Math.Max(1, (int)time.TotalSeconds) : 0;

        public void Write()
        {
            WriteClusterIPFrontend();
            if (service.IsExternallyAccessible(port, options.Family))
            {
                WriteExternalFrontends();
            }

            WritePolicyChain(_clusterChain, _usable.Cluster, isInternal: !service.InternalPolicyLocal);
            WritePolicyChain(_localChain, _usable.Local, isInternal: service.InternalPolicyLocal);
            foreach (var endpoint in _usable.Reachable)
            {
                WriteEndpointChain(endpoint.Target);
            }

            WriteUdpService();
        }

        private void WriteClusterIPFrontend()
        {
            var endpoints = service.InternalPolicyLocal ? _usable.Local : _usable.Cluster;
            var chain = service.InternalPolicyLocal ? _localChain : _clusterChain;
            Frontend(Key(clusterIP), endpoints.Length > 0 ? "goto " + chain : null, Refusal(endpoints));
        }

        private void WriteExternalFrontends()
        {
            var endpoints = service.ExternalPolicyLocal ? _usable.Local : _usable.Cluster;
            // Even with no endpoint that outsiders may use, the chain is there for pods and the node itself.
            var dispatch = _usable.HasAny ? "goto " + _externalChain : null;
            var refuse = Refusal(endpoints);
            var guard = WriteGuardChain();
            foreach (var ip in _externalIPs)
            {
                Frontend(Key(ip), dispatch, refuse);
            }

            foreach (var ip in _loadBalancerIPs)
            {
                Frontend(Key(ip), dispatch, refuse, guard);
            }

            if (port.NodePort != 0)
            {
                Frontend(new FrontendId(FrontendKind.NodePort, $"{_protocol} . {port.NodePort}"), dispatch, refuse);
            }

            if (_usable.HasAny)
            {
                WriteExternalChain(endpoints);
            }
        }

        private void WriteExternalChain(ImmutableArray<ServiceEndpoint> endpoints)
        {
            var rules = ImmutableArray.CreateBuilder<string>();
            if (!service.ExternalPolicyLocal)
            {
                // The endpoint may be on another node: the answer has to come back through this one.
                rules.Add($"jump {TableLayout.MarkChain}");
            }
            else if (_usable.Cluster.Length > 0)
            {
                if (options.ClusterPods is { } pods)
                {
                    rules.Add($"{options.Ip} saddr {pods} goto {_clusterChain}");
                }

                rules.Add($"fib saddr type local jump {TableLayout.MarkChain}");
                rules.Add($"fib saddr type local goto {_clusterChain}");
            }

            if (endpoints.Length > 0)
            {
                rules.Add("goto " + (service.ExternalPolicyLocal ? _localChain : _clusterChain));
            }

            into.Chains.Add(new NftChain(_externalChain, rules.DrainToImmutable()));
        }

        /// <summary>The verdict that checks sources, or null if everybody may come.</summary>
        private string? WriteGuardChain()
        {
            var ranges = service.LoadBalancerSourceRanges.Where(n => n.FamilyOf() == options.Family).ToList();
            if (ranges.Count == 0 || _loadBalancerIPs.IsEmpty)
            {
                return null;
            }

            var rules = ranges.Select(range => $"{options.Ip} saddr {range} return").ToList();
            // Where the balancer's address is also an address of the node, the node's own requests come from that address.
            if (options.NodeAddress is { } node && ranges.Any(range => range.Contains(node)))
            {
                rules.AddRange(_loadBalancerIPs.Select(ip => $"{options.Ip} saddr {ip} return"));
            }

            var chain = Names.GuardChain(service.Key, port);
            into.Chains.Add(new NftChain(chain, [.. rules, "drop"]));
            return "goto " + chain;
        }

        private void WritePolicyChain(string chain, ImmutableArray<ServiceEndpoint> endpoints, bool isInternal)
        {
            if (endpoints.IsEmpty)
            {
                return;
            }

            var rules = ImmutableArray.CreateBuilder<string>();
            if (isInternal && options.ClusterPods is { } pods)
            {
                rules.Add($"{options.Ip} daddr {clusterIP} {_protocol} dport {port.Port} {options.Ip} saddr != {pods} jump {TableLayout.MarkChain}");
            }

            if (AffinitySeconds > 0)
            {
                rules.AddRange(endpoints.Select(e => $"{options.Ip} saddr @{AffinitySet(e.Target)} goto {EndpointChain(e.Target)}"));
            }

            AddChoice(rules, endpoints);
            into.Chains.Add(new NftChain(chain, rules.DrainToImmutable()));
        }

        private void AddChoice(ImmutableArray<string>.Builder rules, ImmutableArray<ServiceEndpoint> endpoints)
        {
            if (endpoints.Length > SequentialEndpointsMax)
            {
                var verdicts = endpoints.Select((e, i) => $"{i} : goto {EndpointChain(e.Target)}");
                rules.Add($"numgen random mod {endpoints.Length} vmap {{ {string.Join(", ", verdicts)} }}");
                return;
            }

            for (var i = 0; i < endpoints.Length; i++)
            {
                // One in those that are left: every endpoint is equally likely in the end.
                var left = endpoints.Length - i;
                rules.Add((left > 1 ? $"numgen random mod {left} < 1 " : "") + "goto " + EndpointChain(endpoints[i].Target));
            }
        }

        private void WriteEndpointChain(IPEndPoint target)
        {
            var rules = ImmutableArray.CreateBuilder<string>();
            // An endpoint that reaches itself through the service must see another source than itself.
            rules.Add($"{options.Ip} saddr {target.Address} jump {TableLayout.MarkChain}");
            if (AffinitySeconds > 0)
            {
                into.AffinitySets.Add(new NftAffinitySet(AffinitySet(target), AffinitySeconds));
                rules.Add($"update @{AffinitySet(target)} {{ {options.Ip} saddr }}");
            }

            rules.Add($"meta l4proto {_protocol} dnat to {target}");
            into.Chains.Add(new NftChain(EndpointChain(target), rules.DrainToImmutable()));
        }

        private void WriteUdpService()
        {
            if (port.Protocol == TransportProtocol.Udp)
            {
                into.Udp.Add(new UdpService(
                    [.. _externalIPs.Concat(_loadBalancerIPs).Prepend(clusterIP).Select(ip => new IPEndPoint(ip, port.Port))],
                    port.NodePort,
                    [.. all.Where(e => e.Spec.Serving).Select(e => e.Target.Address).Distinct()]));
            }
        }

        private string? Refusal(ImmutableArray<ServiceEndpoint> endpoints) =>
            !_usable.HasAny ? "goto " + TableLayout.RefuseChain
            : endpoints.IsEmpty ? "drop"
            : null;

        private void Frontend(FrontendId id, string? dispatch, string? refuse, string? guard = null) =>
            into.Frontends.TryAdd(id, new Frontend(id, Names.Comment(service.Key, port), dispatch, refuse, guard));

        private FrontendId Key(IPAddress ip) => new(FrontendKind.Address, $"{ip} . {_protocol} . {port.Port}");

        private string EndpointChain(IPEndPoint target) => Names.EndpointChain(service.Key, port, target);

        private string AffinitySet(IPEndPoint target) => Names.AffinitySet(service.Key, port, target, AffinitySeconds);
    }

    private static ImmutableArray<IPAddress> OfFamily(ImmutableArray<IPAddress> addresses, IpFamily family) =>
        [.. addresses.Where(ip => ip.FamilyOf() == family)];
}
