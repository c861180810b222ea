using System.Net;

namespace Coracle.Node.Network;

/// <summary>
/// Routes to the other nodes' pods: each node's subnet by way of its address. For nodes that see each other directly (one network, as
/// with several nodes on one machine); across routers, those need the routes too.
/// </summary>
/// <param name="clusterPods">The range that the nodes' subnets are taken from: routes elsewhere are never touched.</param>
public sealed class PodRoutes(IPNetwork clusterPods, RunCommand run)
{
    /// <summary>Marks routes as ours (the kernel attaches no meaning to it), so that those of nodes that are gone can be told and removed.</summary>
    private const string Protocol = "142";

    private readonly string _family = clusterPods.FamilyOf() == IpFamily.IPv6 ? "-6" : "-4";

    /// <summary>
    /// Adds and changes what is missing, removes what is not wanted any more. Returns what failed (the rest is done nevertheless); null
    /// if nothing did.
    /// </summary>
    /// <param name="wanted">The other nodes' pod subnets and addresses. Empty removes everything.</param>
    public async Task<string?> SyncAsync(IReadOnlyDictionary<IPNetwork, IPAddress> wanted, CancellationToken cancellation)
    {
        var listed = await run(new Command("ip", _family, "route", "show", "proto", Protocol), cancellation);
        if (!listed.Ok)
        {
            return "cannot list routes: " + listed.Error.Trim();
        }

        var present = Parse(listed.Output).Where(r => clusterPods.Contains(r.Subnet.BaseAddress)).ToDictionary(r => r.Subnet, r => r.Node);
        var failures = new List<string>();
        foreach (var (subnet, node) in wanted.Where(w => !IsThere(w.Key, w.Value)).OrderBy(w => w.Key.ToString(), StringComparer.Ordinal))
        {
            await ChangeAsync("replace", subnet.ToString(), "via", node.ToString());
        }

        foreach (var subnet in present.Keys.Where(s => !wanted.ContainsKey(s)))
        {
            await ChangeAsync("delete", subnet.ToString());
        }

        return failures.Count > 0 ? string.Join("; ", failures) : null;

        bool IsThere(IPNetwork subnet, IPAddress address) => present.TryGetValue(subnet, out var now) && now.Equals(address);

        async Task ChangeAsync(string verb, params string[] route)
        {
            var result = await run(new Command("ip", [_family, "route", verb, .. route, "proto", Protocol]), cancellation);
            if (!result.Ok)
            {
                failures.Add($"route {verb} {string.Join(' ', route)}: {result.Error.Trim()}");
            }
        }
    }

    /// <summary>Lines such as <c>10.244.2.0/24 via 192.0.2.2 dev eth0</c>.</summary>
    internal static IEnumerable<(IPNetwork Subnet, IPAddress Node)> Parse(string listing)
    {
        foreach (var line in listing.Split('\n'))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var subnet, "via", var node, ..]
                && IPNetwork.TryParse(subnet, out var network) && IPAddress.TryParse(node, out var address))
            {
                yield return (network, address);
            }
        }
    }
}
