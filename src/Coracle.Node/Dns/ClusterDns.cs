using System.Net;
using System.Net.Sockets;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Discovery.V1;
using Coracle.Node.Network;

namespace Coracle.Node.Dns;

/// <summary>
/// The name service as the cluster sees it: one Service, and one EndpointSlice for each node's server. The proxy treats it as any other
/// service; hints make each node prefer its own server, and turn to the others' while that is not ready.
/// </summary>
public static class ClusterDns
{
    public const string Namespace = "kube-system";

    /// <summary>The name that clients and tools look for.</summary>
    public const string Name = "kube-dns";

    /// <summary>The Service; without a selector, so that no controller manages its endpoints.</summary>
    /// <param name="clusterIP">By convention the tenth address of the service range: 10.96.0.10.</param>
    public static Service Service(IPAddress clusterIP) => new()
    {
        Metadata =
        {
            Namespace = Namespace,
            Name = Name,
            Labels = new() { ["k8s-app"] = "kube-dns", ["kubernetes.io/cluster-service"] = "true", ["kubernetes.io/name"] = "CoreDNS" },
        },
        Spec =
        {
            ClusterIP = clusterIP.ToString(),
            ClusterIPs = [clusterIP.ToString()],
            Ports =
            [
                new() { Name = "dns", Protocol = Protocol.UDP, Port = 53, TargetPort = 53 },
                new() { Name = "dns-tcp", Protocol = Protocol.TCP, Port = 53, TargetPort = 53 },
            ],
            TrafficDistribution = "PreferSameNode",
        },
    };

    /// <summary>The slice of one node, named <c>kube-dns-NODE</c>; the node's agent writes it and keeps it up to date.</summary>
    /// <param name="listening">Where the node's server listens: an address that other nodes can reach, or they cannot fall back to it.</param>
    /// <param name="ready">Whether it answers; see <see cref="DnsHealth.IsHealthy"/>.</param>
    public static EndpointSlice Slice(string nodeName, IPEndPoint listening, bool ready) => new()
    {
        Metadata =
        {
            Namespace = Namespace,
            Name = $"{Name}-{nodeName}",
            Labels = new() { [FromKinds.ServiceNameLabel] = Name, ["endpointslice.kubernetes.io/managed-by"] = "node.coracle" },
        },
        AddressType = listening.AddressFamily == AddressFamily.InterNetworkV6 ? AddressType.IPv6 : AddressType.IPv4,
        Ports =
        [
            new() { Name = "dns", Protocol = Protocol.UDP, Port = listening.Port },
            new() { Name = "dns-tcp", Protocol = Protocol.TCP, Port = listening.Port },
        ],
        Endpoints =
        [
            new()
            {
                Addresses = [listening.Address.ToString()],
                NodeName = nodeName,
                Conditions = { Ready = ready, Serving = ready, Terminating = false },
                Hints = new() { ForNodes = [new() { Name = nodeName }] },
            },
        ],
    };
}
