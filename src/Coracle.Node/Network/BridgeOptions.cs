using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Coracle.Node.Network;

/// <summary>The pod network of one node: a bridge of its own, a subnet, and where the CNI plugins find their configuration.</summary>
public sealed record BridgeOptions
{
    /// <summary>What all instances' bridges on a machine begin with.</summary>
    public const string NamePrefix = "crcl";

    /// <summary>At most 15 characters, the kernel's limit; see <see cref="NameFor"/>.</summary>
    public required string BridgeName { get; init; }

    /// <summary>This node's pod addresses. The first address is the bridge's own: the pods' gateway.</summary>
    public required IPNetwork Pods { get; init; }

    /// <summary>The directory that containerd reads CNI configurations from.</summary>
    public required string CniDirectory { get; init; }

    /// <summary>Where the address allocator keeps what it handed out.</summary>
    public required string IpamDirectory { get; init; }

    /// <summary>The CNI network's name; part of the allocator's paths.</summary>
    public string NetworkName { get; init; } = "pods";

    /// <summary>The pods' largest packet; 0 leaves it to the kernel.</summary>
    public int Mtu { get; init; }

    /// <summary>
    /// Lets packets with loopback addresses onto this bridge, which node ports on 127.0.0.1 need. The proxy's table then keeps pods from
    /// the node's loopback services (<c>ProxyOptions.LoopbackNodePorts</c>): set both or neither.
    /// </summary>
    public bool LoopbackNodePorts { get; init; }

    /// <summary>The bridge's address, for example 10.244.1.1 in 10.244.1.0/24.</summary>
    public IPAddress Gateway
    {
        get
        {
            var bytes = Pods.BaseAddress.GetAddressBytes();
            bytes[^1]++;
            return new IPAddress(bytes);
        }
    }

    internal string ConfigPath => Path.Combine(CniDirectory, "10-coracle.conflist");

    /// <summary>A name for an instance's bridge that no other instance's has, for example <c>crcl1f0c2b7a9d</c>.</summary>
    public static string NameFor(string instanceId) => NamePrefix + Hash(instanceId, 5);

    /// <summary>
    /// The bridge's hardware address, in the range for local use. Left to itself, a bridge takes the lowest of its ports' addresses,
    /// so that it changes as pods come and go, and the others' ARP entries go stale.
    /// </summary>
    internal string HardwareAddress
    {
        get
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(BridgeName));
            return $"02:{hash[0]:x2}:{hash[1]:x2}:{hash[2]:x2}:{hash[3]:x2}:{hash[4]:x2}";
        }
    }

    private static string Hash(string text, int bytes) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, bytes));
}
