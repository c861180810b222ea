using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>A load balancer.</summary>
[ApiType]
public sealed partial class LoadBalancerStatus
{
    /// <summary>Where it takes traffic.</summary>
    [Field(1), ListType("atomic")]
    public List<LoadBalancerIngress>? Ingress { get; set; }
}

/// <summary>A place where a load balancer takes traffic: an address or a name.</summary>
[ApiType]
public sealed partial class LoadBalancerIngress
{
    /// <summary>The address.</summary>
    [Field(1)]
    public string Ip { get; set; } = "";

    /// <summary>The name.</summary>
    [Field(2)]
    public string Hostname { get; set; } = "";

    /// <summary>Whether packets arrive at the nodes with this address as their destination (VIP) or not (Proxy).</summary>
    [Field(3)]
    public string? IpMode { get; set; }

    /// <summary>How the ports of the service do there.</summary>
    [Field(4), ListType("atomic")]
    public List<PortStatus>? Ports { get; set; }
}

/// <summary>How a port of a service does at a load balancer.</summary>
[ApiType]
public sealed partial class PortStatus
{
    /// <summary>The port's number.</summary>
    [Field(1), Required]
    public int Port { get; set; }

    /// <summary>TCP, UDP or SCTP.</summary>
    [Field(2), Required]
    public string Protocol { get; set; } = "";

    /// <summary>What is wrong, as a word in CamelCase or domain/Word.</summary>
    [Field(3)]
    public string? Error { get; set; }
}

/// <summary>How traffic of a load balancer arrives at the nodes.</summary>
public static class LoadBalancerIPMode
{
    public const string VIP = "VIP";
    public const string Proxy = "Proxy";
}
