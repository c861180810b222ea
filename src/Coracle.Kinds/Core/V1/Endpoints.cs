using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>The addresses behind a service, in one object. Deprecated in favour of EndpointSlice.</summary>
[Kind("v1", "Endpoints", "endpoints", Singular = "endpoints", ShortNames = ["ep"], CreateOnUpdate = true, Rules = typeof(EndpointsRules))]
public sealed partial class Endpoints
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>Addresses with ports: every address of a subset has all of the subset's ports.</summary>
    [Field(2), ListType("atomic")]
    public List<EndpointSubset>? Subsets { get; set; }
}

/// <summary>Addresses that share ports.</summary>
[ApiType]
public sealed partial class EndpointSubset
{
    /// <summary>Addresses that are ready for traffic.</summary>
    [Field(1), ListType("atomic")]
    public List<EndpointAddress>? Addresses { get; set; }

    /// <summary>Addresses that are not ready yet, or no longer.</summary>
    [Field(2), ListType("atomic")]
    public List<EndpointAddress>? NotReadyAddresses { get; set; }

    /// <summary>Ports of every address.</summary>
    [Field(3), ListType("atomic")]
    public List<EndpointPort>? Ports { get; set; }
}

/// <summary>An address behind a service.</summary>
[ApiType(Atomic = true)]
public sealed partial class EndpointAddress
{
    /// <summary>The address.</summary>
    [Field(1), Required]
    public string Ip { get; set; } = "";

    /// <summary>The host's name.</summary>
    [Field(3)]
    public string Hostname { get; set; } = "";

    /// <summary>The node that has it.</summary>
    [Field(4)]
    public string? NodeName { get; set; }

    /// <summary>The object that has it: a pod.</summary>
    [Field(2)]
    public ObjectReference? TargetRef { get; set; }
}

/// <summary>A port behind a service.</summary>
[ApiType(Atomic = true)]
public sealed partial class EndpointPort
{
    /// <summary>The port's name in the service.</summary>
    [Field(1)]
    public string Name { get; set; } = "";

    /// <summary>The port's number.</summary>
    [Field(2), Required]
    public int Port { get; set; }

    /// <summary>TCP, UDP or SCTP.</summary>
    [Field(3), Default("TCP"), OneOf("SCTP", "TCP", "UDP")]
    public string Protocol { get; set; } = "";

    /// <summary>What is spoken over the port.</summary>
    [Field(4)]
    public string? AppProtocol { get; set; }
}
