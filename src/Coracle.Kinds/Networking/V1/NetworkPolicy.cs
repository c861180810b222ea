using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Networking.V1;

/// <summary>Which traffic pods may have. Pods that no policy selects are open; what several policies allow adds up.</summary>
[Kind("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", ShortNames = ["netpol"], Generation = true, Rules = typeof(NetworkPolicyRules))]
public sealed partial class NetworkPolicy
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is allowed, to and from which pods.</summary>
    [Field(2)]
    public NetworkPolicySpec Spec { get; set; } = new();
}

/// <summary>What a policy allows.</summary>
[ApiType]
public sealed partial class NetworkPolicySpec
{
    /// <summary>The pods of the namespace that the policy is about; empty for all of them.</summary>
    [Field(1)]
    public LabelSelector PodSelector { get; set; } = new();

    /// <summary>Traffic that may come in. None when empty.</summary>
    [Field(2), ListType("atomic")]
    public List<NetworkPolicyIngressRule>? Ingress { get; set; }

    /// <summary>Traffic that may go out. None when empty.</summary>
    [Field(3), ListType("atomic")]
    public List<NetworkPolicyEgressRule>? Egress { get; set; }

    /// <summary>What the policy limits: Ingress, Egress or both. Unless given Ingress, and Egress too when there are egress rules.</summary>
    [Field(4), ListType("atomic")]
    public List<string>? PolicyTypes { get; set; }
}

/// <summary>Traffic that may come in: over one of the ports and from one of the peers.</summary>
[ApiType]
public sealed partial class NetworkPolicyIngressRule
{
    /// <summary>Ports of the pods; all when empty.</summary>
    [Field(1), ListType("atomic")]
    public List<NetworkPolicyPort>? Ports { get; set; }

    /// <summary>Where it may come from; anywhere when empty.</summary>
    [Field(2), ListType("atomic")]
    public List<NetworkPolicyPeer>? From { get; set; }
}

/// <summary>Traffic that may go out: over one of the ports and to one of the peers.</summary>
[ApiType]
public sealed partial class NetworkPolicyEgressRule
{
    /// <summary>Ports of the peers; all when empty.</summary>
    [Field(1), ListType("atomic")]
    public List<NetworkPolicyPort>? Ports { get; set; }

    /// <summary>Where it may go; anywhere when empty.</summary>
    [Field(2), ListType("atomic")]
    public List<NetworkPolicyPeer>? To { get; set; }
}

/// <summary>A port, or a range of ports.</summary>
[ApiType]
public sealed partial class NetworkPolicyPort
{
    /// <summary>TCP, UDP or SCTP. TCP unless given.</summary>
    [Field(1), Default("TCP")]
    public string? Protocol { get; set; }

    /// <summary>The port's number, or its name in the pod; all when absent.</summary>
    [Field(2)]
    public IntOrString? Port { get; set; }

    /// <summary>The last port of a range that begins with a number in port.</summary>
    [Field(3)]
    public int? EndPort { get; set; }
}

/// <summary>Where traffic comes from or goes to: pods by selectors, or a range of addresses.</summary>
[ApiType]
public sealed partial class NetworkPolicyPeer
{
    /// <summary>Pods with these labels: of the policy's namespace, or of those selected.</summary>
    [Field(1)]
    public LabelSelector? PodSelector { get; set; }

    /// <summary>Namespaces with these labels; all of them when empty.</summary>
    [Field(2)]
    public LabelSelector? NamespaceSelector { get; set; }

    /// <summary>Addresses. No selector may stand beside it.</summary>
    [Field(3)]
    public IPBlock? IpBlock { get; set; }
}

/// <summary>A range of addresses with holes.</summary>
[ApiType]
public sealed partial class IPBlock
{
    /// <summary>The range: 192.168.1.0/24 or 2001:db8::/64.</summary>
    [Field(1), Required]
    public string Cidr { get; set; } = "";

    /// <summary>Ranges within it that are left out.</summary>
    [Field(2), ListType("atomic")]
    public List<string>? Except { get; set; }
}

/// <summary>What a network policy limits.</summary>
public static class PolicyType
{
    public const string Ingress = "Ingress";
    public const string Egress = "Egress";
}
