using System.Net;
using System.Net.Sockets;

namespace Coracle.Node.Network;

/// <summary>One of the two address families. Rules, frontends and endpoints are always worked out for one family at a time.</summary>
public enum IpFamily
{
    IPv4,
    IPv6,
}

/// <summary>What the two families call themselves to <see cref="IPAddress"/>.</summary>
public static class IpFamilies
{
    public static IpFamily FamilyOf(this IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? IpFamily.IPv6 : IpFamily.IPv4;

    public static IpFamily FamilyOf(this IPNetwork network) => network.BaseAddress.FamilyOf();
}
