using System.Net;
using Coracle.Node.Proxy;

namespace Coracle.Node.Network.Tests.Support;

internal static class Options
{
    /// <summary>A node named "node" whose pods are 10.244.1.0/24 of 10.244.0.0/16.</summary>
    public static ProxyOptions Node { get; } = new()
    {
        InstanceId = "test",
        NodeName = "node",
        NodeAddress = IPAddress.Parse("192.0.2.1"),
        ClusterPods = IPNetwork.Parse("10.244.0.0/16"),
        NodePods = IPNetwork.Parse("10.244.1.0/24"),
    };
}
