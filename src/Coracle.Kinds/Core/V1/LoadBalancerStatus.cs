using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class LoadBalancerStatus
{
    [Field(1), ListType("atomic")]
    public List<LoadBalancerIngress>? Ingress { get; set; }
}

[ApiType]
public sealed partial class LoadBalancerIngress
{
    [Field(1)]
    public string Ip { get; set; } = "";

    [Field(2)]
    public string Hostname { get; set; } = "";

    [Field(3)]
    public string? IpMode { get; set; }

    [Field(4), ListType("atomic")]
    public List<PortStatus>? Ports { get; set; }
}

[ApiType]
public sealed partial class PortStatus
{
    [Field(1), Required]
    public int Port { get; set; }

    [Field(2), Required]
    public string Protocol { get; set; } = "";

    [Field(3)]
    public string? Error { get; set; }
}

public static class LoadBalancerIPMode
{
    public const string VIP = "VIP";
    public const string Proxy = "Proxy";
}
