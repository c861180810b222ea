using Coracle.Node.Network;

namespace Coracle.Node.Proxy;

/// <summary>
/// The part of the table that does not depend on any service: hooks, dispatch, masquerading, refusals.
/// <code>
/// prerouting, output     -110  guarded-services: source ranges of load balancers
/// prerouting, output     -100  services, nodeports: to a service's chain, from there to an endpoint's, which translates the destination
/// input, forward, output    0  refused-*: services without endpoints; cluster-ips: ports that the service does not have
/// postrouting             100  what was marked on that way is masqueraded; so is what pods send out of the pod network
/// </code>
/// The guards stand before the translation, so that they see the address that the client asked for; the refusals after it, so that they
/// see only what nobody took.
/// Packets from the bridge of another instance on the same machine (told by the bridges' common prefix) pass by untouched:
/// both instances may use the same service addresses.
/// </summary>
internal static class TableLayout
{
    public const string Services = "services";
    public const string NodePorts = "nodeports";
    public const string RefusedServices = "refused-services";
    public const string RefusedNodePorts = "refused-nodeports";
    public const string GuardedServices = "guarded-services";
    public const string ClusterIPs = "cluster-ips";

    public const string MarkChain = "mark-for-masquerade";
    public const string RefuseChain = "refuse";

    private const string DispatchChain = "dispatch";
    private const string RefusalsChain = "refusals";
    private const string StraysChain = "strays";
    private const string GuardsChain = "guards";

    /// <summary>Creates everything in an empty table.</summary>
    public static void Create(NftScript script, ProxyOptions options)
    {
        CreateMaps(script, options);
        foreach (var name in (ReadOnlySpan<string>)[MarkChain, RefuseChain, DispatchChain, RefusalsChain, StraysChain, GuardsChain])
        {
            script.AddChain(name);
        }

        script.AddRule(MarkChain, $"meta mark set meta mark or {Hex(options.MasqueradeBit)}");
        script.AddRule(RefuseChain, "reject");
        CreateDispatch(script, options);
        CreateHooks(script, options);
        CreateMasquerading(script, options);
    }

    private static void CreateMaps(NftScript script, ProxyOptions options)
    {
        var address = options.Family == IpFamily.IPv6 ? "ipv6_addr" : "ipv4_addr";
        script.AddVerdictMap(Services, $"{address} . inet_proto . inet_service");
        script.AddVerdictMap(NodePorts, "inet_proto . inet_service");
        script.AddVerdictMap(RefusedServices, $"{address} . inet_proto . inet_service");
        script.AddVerdictMap(RefusedNodePorts, "inet_proto . inet_service");
        script.AddVerdictMap(GuardedServices, $"{address} . inet_proto . inet_service");
        script.AddAddressSet(ClusterIPs, address);
    }

    private static void CreateDispatch(NftScript script, ProxyOptions options)
    {
        var service = $"{options.Ip} daddr . meta l4proto . th dport";
        var nodePort = $"{NodePortDestination(options)} meta l4proto . th dport";
        script.AddRule(DispatchChain, $"{service} vmap @{Services}");
        script.AddRule(DispatchChain, $"{nodePort} vmap @{NodePorts}");
        script.AddRule(RefusalsChain, $"{service} vmap @{RefusedServices}");
        script.AddRule(RefusalsChain, $"{nodePort} vmap @{RefusedNodePorts}");
        script.AddRule(GuardsChain, $"{service} vmap @{GuardedServices}");
        // Sent on, such packets would wander out by the default route.
        script.AddRule(StraysChain, $"{options.Ip} daddr @{ClusterIPs} reject");
        if (options.ServiceAddresses is { } range)
        {
            script.AddRule(StraysChain, $"{options.Ip} daddr {range} drop");
        }
    }

    private static void CreateHooks(NftScript script, ProxyOptions options)
    {
        var foreign = options is { PodBridge.Length: > 0, BridgePrefix.Length: > 0 }
            ? $"iifname \"{options.BridgePrefix}*\" iifname != \"{options.PodBridge}\" return"
            : null;
        string[] noLoopbackFromPods = options.ServesLoopback
            // What lets the node's loopback packets out to the bridge would let pods' packets in to the node's loopback services.
            ? [$"iifname \"{options.PodBridge}\" ip daddr 127.0.0.0/8 drop"]
            : [];
        Hook("guard-prerouting", "filter", "prerouting", -110, [.. noLoopbackFromPods, $"ct state new jump {GuardsChain}"]);
        Hook("guard-output", "filter", "output", -110, $"ct state new jump {GuardsChain}");
        Hook("nat-prerouting", "nat", "prerouting", -100, $"jump {DispatchChain}");
        Hook("nat-output", "nat", "output", -100, $"jump {DispatchChain}");
        Hook("refuse-input", "filter", "input", 0, $"ct state new jump {RefusalsChain}");
        Hook("refuse-forward", "filter", "forward", 0, $"ct state new jump {RefusalsChain}", $"ct state new jump {StraysChain}");
        Hook("refuse-output", "filter", "output", 0, $"ct state new jump {RefusalsChain}", $"ct state new jump {StraysChain}");

        void Hook(string name, string type, string hook, int priority, params string[] rules)
        {
            script.AddBaseChain(name, type, hook, priority);
            if (foreign is not null && hook != "output")
            {
                script.AddRule(name, foreign);
            }

            foreach (var rule in rules)
            {
                script.AddRule(name, rule);
            }
        }
    }

    private static void CreateMasquerading(NftScript script, ProxyOptions options)
    {
        const string chain = "masquerade-marked";
        const string hook = "nat-postrouting";
        var bit = Hex(options.MasqueradeBit);
        script.AddChain(chain);
        script.AddRule(chain, $"meta mark set meta mark xor {bit}");
        script.AddRule(chain, "masquerade fully-random");
        script.AddBaseChain(hook, "nat", "postrouting", 100);
        script.AddRule(hook, $"meta mark & {bit} != 0 goto {chain}");
        if (options.NodePods is not { } pods)
        {
            return;
        }

        if (!options.BridgeNetfilter)
        {
            script.AddRule(hook, $"ct status dnat {options.Ip} saddr {pods} {options.Ip} daddr {pods} masquerade fully-random");
        }

        var stayInside = new List<string> { (options.ClusterPods ?? pods).ToString() };
        stayInside.AddRange(options.NonMasqueraded.Where(n => n.FamilyOf() == options.Family).Select(n => n.ToString()));
        stayInside.Add(options.Family == IpFamily.IPv6 ? "ff00::/8" : "224.0.0.0/4");
        foreach (var inside in stayInside)
        {
            script.AddRule(hook, $"{options.Ip} saddr {pods} {options.Ip} daddr {inside} return");
        }

        script.AddRule(hook, $"{options.Ip} saddr {pods} masquerade fully-random");
    }

    private static string NodePortDestination(ProxyOptions options)
    {
        var listed = options.NodePortAddresses.Where(n => n.FamilyOf() == options.Family).Select(n => n.ToString()).ToList();
        if (options.ServesLoopback)
        {
            return listed.Count == 0
                ? "fib daddr type local"
                : $"fib daddr type local ip daddr {{ {string.Join(", ", listed.Append("127.0.0.0/8"))} }}";
        }

        // Unless told otherwise, the kernel drops what is translated from loopback to elsewhere.
        var notLoopback = options.Family == IpFamily.IPv6 ? "ip6 daddr != ::1" : "ip daddr != 127.0.0.0/8";
        return $"fib daddr type local {notLoopback}" + (listed.Count == 0 ? "" : $" {options.Ip} daddr {{ {string.Join(", ", listed)} }}");
    }

    private static string Hex(uint bit) => $"0x{bit:x}";
}
