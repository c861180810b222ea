using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[Kind("v1", "Endpoints", "endpoints", Singular = "endpoints", ShortNames = ["ep"], CreateOnUpdate = true, Rules = typeof(EndpointsRules))]
public sealed partial class Endpoints
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2), ListType("atomic")]
    public List<EndpointSubset>? Subsets { get; set; }
}

[ApiType]
public sealed partial class EndpointSubset
{
    [Field(1), ListType("atomic")]
    public List<EndpointAddress>? Addresses { get; set; }

    [Field(2), ListType("atomic")]
    public List<EndpointAddress>? NotReadyAddresses { get; set; }

    [Field(3), ListType("atomic")]
    public List<EndpointPort>? Ports { get; set; }
}

[ApiType(Atomic = true)]
public sealed partial class EndpointAddress
{
    [Field(1), Required]
    public string Ip { get; set; } = "";

    [Field(3)]
    public string Hostname { get; set; } = "";

    [Field(4)]
    public string? NodeName { get; set; }

    [Field(2)]
    public ObjectReference? TargetRef { get; set; }
}

[ApiType(Atomic = true)]
public sealed partial class EndpointPort
{
    [Field(1)]
    public string Name { get; set; } = "";

    [Field(2), Required]
    public int Port { get; set; }

    [Field(3), Default("TCP")]
    public string Protocol { get; set; } = "";

    [Field(4)]
    public string? AppProtocol { get; set; }
}
