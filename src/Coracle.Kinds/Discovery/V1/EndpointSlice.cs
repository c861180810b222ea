using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Discovery.V1;

[Kind("discovery.k8s.io/v1", "EndpointSlice", "endpointslices", Generation = true, Rules = typeof(EndpointSliceRules))]
public sealed partial class EndpointSlice
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(4), Required]
    public string AddressType { get; set; } = "";

    [Field(2, Always = true), ListType("atomic")]
    public List<Endpoint>? Endpoints { get; set; }

    [Field(3, Always = true), ListType("atomic")]
    public List<EndpointPort>? Ports { get; set; }
}

[ApiType]
public sealed partial class Endpoint
{
    [Field(1), Required, ListType("set")]
    public List<string>? Addresses { get; set; }

    [Field(2)]
    public EndpointConditions Conditions { get; set; } = new();

    [Field(3)]
    public string? Hostname { get; set; }

    [Field(4)]
    public ObjectReference? TargetRef { get; set; }

    [Field(5)]
    public Dictionary<string, string>? DeprecatedTopology { get; set; }

    [Field(6)]
    public string? NodeName { get; set; }

    [Field(7)]
    public string? Zone { get; set; }

    [Field(8)]
    public EndpointHints? Hints { get; set; }
}

[ApiType]
public sealed partial class EndpointConditions
{
    [Field(1)]
    public bool? Ready { get; set; }

    [Field(2)]
    public bool? Serving { get; set; }

    [Field(3)]
    public bool? Terminating { get; set; }
}

[ApiType]
public sealed partial class EndpointHints
{
    [Field(1), ListType("atomic")]
    public List<ForZone>? ForZones { get; set; }

    [Field(2), ListType("atomic")]
    public List<ForNode>? ForNodes { get; set; }
}

[ApiType]
public sealed partial class ForZone
{
    [Field(1), Required]
    public string Name { get; set; } = "";
}

[ApiType]
public sealed partial class ForNode
{
    [Field(1), Required]
    public string Name { get; set; } = "";
}

[ApiType(Atomic = true)]
public sealed partial class EndpointPort
{
    [Field(1), Default("")]
    public string? Name { get; set; }

    [Field(2), Default("TCP")]
    public string? Protocol { get; set; }

    [Field(3)]
    public int? Port { get; set; }

    [Field(4)]
    public string? AppProtocol { get; set; }
}

public static class AddressType
{
    public const string IPv4 = "IPv4";
    public const string IPv6 = "IPv6";
    public const string FQDN = "FQDN";
}
