using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Coracle.Node.Network;

/// <summary>Chooses a subnet that collides with nothing the machine already knows. IPv4.</summary>
public static class SubnetChoice
{
    /// <summary>
    /// The first free subnet of the given size in the pool, searched from a place that depends on the instance: two instances that start
    /// at the same moment, and do not yet see each other's networks, still tend to differ; the same instance finds the same subnet again.
    /// Null if the pool is full.
    /// </summary>
    public static IPNetwork? Pick(IPNetwork pool, int prefixLength, IReadOnlyCollection<IPNetwork> taken, string instanceId)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(prefixLength, pool.PrefixLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefixLength, 30);
        var count = 1u << (prefixLength - pool.PrefixLength);
        var hash = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(instanceId)));
        for (var i = 0u; i < count; i++)
        {
            var candidate = Nth(pool, prefixLength, (hash + i) % count);
            if (!taken.Any(other => Overlap(candidate, other)))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>Whether two networks share an address; those of different families never do.</summary>
    public static bool Overlap(IPNetwork a, IPNetwork b) =>
        a.FamilyOf() == b.FamilyOf() && (a.Contains(b.BaseAddress) || b.Contains(a.BaseAddress));

    /// <summary>The networks this machine has routes to (its own and others'), but for the default route, in all routing tables.</summary>
    public static async Task<IReadOnlyList<IPNetwork>> TakenAsync(RunCommand run, CancellationToken cancellation)
    {
        var routes = await run(new Command("ip", "-4", "route", "show", "table", "all"), cancellation);
        return ParseRoutes(routes.Output);
    }

    internal static IReadOnlyList<IPNetwork> ParseRoutes(string listing)
    {
        var networks = new List<IPNetwork>();
        foreach (var line in listing.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // "10.0.0.0/8 via ...", "10.1.2.3 dev ...", "local 10.1.2.3 dev ...", "broadcast ...", "default via ..."
            foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2))
            {
                if (IPNetwork.TryParse(word.Contains('/') ? word : word + "/32", out var network)
                    && network.BaseAddress.AddressFamily == AddressFamily.InterNetwork)
                {
                    networks.Add(network);
                    break;
                }
            }
        }

        return networks;
    }

    private static IPNetwork Nth(IPNetwork pool, int prefixLength, uint index)
    {
        var first = BinaryPrimitives.ReadUInt32BigEndian(pool.BaseAddress.GetAddressBytes());
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, first + (index << (32 - prefixLength)));
        return new IPNetwork(new IPAddress(bytes), prefixLength);
    }
}
