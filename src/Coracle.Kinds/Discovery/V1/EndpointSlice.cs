using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Discovery.V1;

/// <summary>Some of the addresses behind a service, in pieces that stay small. The service's name is in a label.</summary>
[Kind("discovery.k8s.io/v1", "EndpointSlice", "endpointslices", Generation = true, Rules = typeof(EndpointSliceRules))]
public sealed partial class EndpointSlice
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What the addresses are: IPv4, IPv6 or FQDN. Cannot be changed.</summary>
    [Field(4), Required, OneOf("FQDN", "IPv4", "IPv6")]
    public string AddressType { get; set; } = "";

    /// <summary>The endpoints, a thousand at most.</summary>
    [Field(2, Always = true), ListType("atomic")]
    public List<Endpoint>? Endpoints { get; set; }

    /// <summary>Ports of every endpoint, a hundred at most.</summary>
    [Field(3, Always = true), ListType("atomic")]
    public List<EndpointPort>? Ports { get; set; }
}

/// <summary>A backend of a service: a pod, as a rule.</summary>
[ApiType]
public sealed partial class Endpoint
{
    /// <summary>Its address. Several are allowed, but consumers use the first alone.</summary>
    [Field(1), Required, ListType("set")]
    public List<string>? Addresses { get; set; }

    /// <summary>Whether it can take traffic.</summary>
    [Field(2)]
    public EndpointConditions Conditions { get; set; } = new();

    /// <summary>Its host name, under which DNS may know it.</summary>
    [Field(3)]
    public string? Hostname { get; set; }

    /// <summary>The object that it stands for: a pod.</summary>
    [Field(4)]
    public ObjectReference? TargetRef { get; set; }

    /// <summary>Labels of the node, in the older form.</summary>
    [Field(5)]
    public Dictionary<string, string>? DeprecatedTopology { get; set; }

    /// <summary>The node that has it.</summary>
    [Field(6)]
    public string? NodeName { get; set; }

    /// <summary>The zone in which it is.</summary>
    [Field(7)]
    public string? Zone { get; set; }

    /// <summary>Who had better use it.</summary>
    [Field(8)]
    public EndpointHints? Hints { get; set; }
}

/// <summary>Whether an endpoint can take traffic. Absent means true for ready, what ready is for serving, and false for terminating.</summary>
[ApiType]
public sealed partial class EndpointConditions
{
    /// <summary>It takes new traffic: it serves and is not terminating.</summary>
    [Field(1)]
    public bool? Ready { get; set; }

    /// <summary>It can answer, though it may be terminating.</summary>
    [Field(2)]
    public bool? Serving { get; set; }

    /// <summary>It is being deleted.</summary>
    [Field(3)]
    public bool? Terminating { get; set; }
}

/// <summary>Who had better use an endpoint.</summary>
[ApiType]
public sealed partial class EndpointHints
{
    /// <summary>Clients in these zones.</summary>
    [Field(1), ListType("atomic")]
    public List<ForZone>? ForZones { get; set; }

    /// <summary>Clients on these nodes.</summary>
    [Field(2), ListType("atomic")]
    public List<ForNode>? ForNodes { get; set; }
}

/// <summary>A zone whose clients had better use an endpoint.</summary>
[ApiType]
public sealed partial class ForZone
{
    /// <summary>The zone's name.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";
}

/// <summary>A node whose clients had better use an endpoint.</summary>
[ApiType]
public sealed partial class ForNode
{
    /// <summary>The node's name.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";
}

/// <summary>A port of the endpoints of a slice.</summary>
[ApiType(Atomic = true)]
public sealed partial class EndpointPort
{
    /// <summary>The port's name in the service; unique in the slice.</summary>
    [Field(1), Default("")]
    public string? Name { get; set; }

    /// <summary>TCP, UDP or SCTP.</summary>
    [Field(2), Default("TCP"), OneOf("SCTP", "TCP", "UDP")]
    public string? Protocol { get; set; }

    /// <summary>The port's number; all of them when absent.</summary>
    [Field(3)]
    public int? Port { get; set; }

    /// <summary>What is spoken over the port.</summary>
    [Field(4)]
    public string? AppProtocol { get; set; }
}

/// <summary>What the addresses of a slice are.</summary>
public static class AddressType
{
    public const string IPv4 = "IPv4";
    public const string IPv6 = "IPv6";
    public const string FQDN = "FQDN";
}
