using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Coracle.Node.Network;

namespace Coracle.Node.Proxy;

/// <summary>What the proxy of one node is told once and for all.</summary>
public sealed record ProxyOptions
{
    /// <summary>Names what belongs to this instance: two with different ids do not meet in the kernel.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The node's name: endpoints on it are local.</summary>
    public required string NodeName { get; init; }

    public IpFamily Family { get; init; } = IpFamily.IPv4;

    /// <summary>The label <c>topology.kubernetes.io/zone</c> of the node; empty if it has none.</summary>
    public string Zone { get; init; } = "";

    /// <summary>The node's own address, for load-balancer source ranges that cover the node itself.</summary>
    public IPAddress? NodeAddress { get; init; }

    /// <summary>
    /// The whole cluster's pod addresses. Traffic from elsewhere to a cluster IP is masqueraded (its answer must come back through
    /// this node), traffic from here counts as coming from pods. Null: nobody is taken for a pod.
    /// </summary>
    public IPNetwork? ClusterPods { get; init; }

    /// <summary>This node's pod addresses: what they send out of the pod network is masqueraded. Null: nothing is.</summary>
    public IPNetwork? NodePods { get; init; }

    /// <summary>
    /// The range of cluster IPs: what is sent to an address in it that no service has is dropped, instead of leaving by the default
    /// route. Null: unknown, nothing is dropped.
    /// </summary>
    public IPNetwork? ServiceAddresses { get; init; }

    /// <summary>Further destinations that pods reach under their own address.</summary>
    public ImmutableArray<IPNetwork> NonMasqueraded { get; init; } = [];

    /// <summary>Addresses that answer on node ports; empty for every address of the node but loopback's.</summary>
    public ImmutableArray<IPNetwork> NodePortAddresses { get; init; } = [];

    /// <summary>
    /// Whether node ports answer on 127.0.0.1 too, for pods of this node. Needs <see cref="PodBridge"/>, and the kernel's permission to
    /// route loopback addresses to it (<c>BridgeOptions.LoopbackNodePorts</c>). IPv4 only.
    /// </summary>
    public bool LoopbackNodePorts { get; init; }

    /// <summary>The packet mark's bit that asks for masquerading. The same bit as upstream's by default.</summary>
    public uint MasqueradeBit { get; init; } = 0x4000;

    /// <summary>
    /// True where the kernel shows bridged packets to its IP hooks (<c>bridge-nf-call-iptables</c>), so that an answer from one pod to
    /// another on the same bridge is translated back. False: such connections are masqueraded instead, and pods see the gateway as their client.
    /// </summary>
    public bool BridgeNetfilter { get; init; } = true;

    /// <summary>The bridge that this instance's pods are on, and the prefix that all instances' bridges share; see <see cref="TableLayout"/>.</summary>
    public string PodBridge { get; init; } = "";

    /// <inheritdoc cref="PodBridge"/>
    public string BridgePrefix { get; init; } = "";

    /// <summary>The least time between two loads: changes in between are taken together. The first change after a quiet time does not wait.</summary>
    public TimeSpan MinInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long after a failed load the next attempt comes; doubles with every failure up to <see cref="MaxRetryDelay"/>.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The nftables table that holds everything of this instance, for example <c>coracle-1f0c2b7a9d</c>.</summary>
    public string TableName =>
        "coracle-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(InstanceId)).AsSpan(0, 5));

    internal bool ServesLoopback => LoopbackNodePorts && Family == IpFamily.IPv4 && PodBridge.Length > 0;

    /// <summary><c>ip</c> or <c>ip6</c>: the table's family, and how addresses are matched in it.</summary>
    internal string Ip => Family == IpFamily.IPv6 ? "ip6" : "ip";

    internal string Table => $"{Ip} {TableName}";
}
