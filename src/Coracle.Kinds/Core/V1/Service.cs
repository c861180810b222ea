using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[Kind("v1", "Service", "services", ShortNames = ["svc"], Categories = ["all"], Status = true, CreateOnUpdate = true, Selectable = ["spec.clusterIP", "spec.type"], ReturnDeleted = true, Rules = typeof(ServiceRules))]
public sealed partial class Service
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2)]
    public ServiceSpec Spec { get; set; } = new();

    [Field(3)]
    public ServiceStatus Status { get; set; } = new();
}

[ApiType]
public sealed partial class ServiceSpec
{
    [Field(1), ListType("map", "port", "protocol"), Patch("merge", MergeKey = "port")]
    public List<ServicePort>? Ports { get; set; }

    [Field(2), Atomic]
    public Dictionary<string, string>? Selector { get; set; }

    [Field(3)]
    public string ClusterIP { get; set; } = "";

    [Field(18), ListType("atomic")]
    public List<string>? ClusterIPs { get; set; }

    [Field(4), Default("ClusterIP")]
    public string Type { get; set; } = "";

    [Field(5), ListType("atomic")]
    public List<string>? ExternalIPs { get; set; }

    [Field(7), Default("None")]
    public string SessionAffinity { get; set; } = "";

    [Field(8)]
    public string LoadBalancerIP { get; set; } = "";

    [Field(9), ListType("atomic")]
    public List<string>? LoadBalancerSourceRanges { get; set; }

    [Field(10)]
    public string ExternalName { get; set; } = "";

    [Field(11)]
    public string ExternalTrafficPolicy { get; set; } = "";

    [Field(12)]
    public int HealthCheckNodePort { get; set; }

    [Field(13)]
    public bool PublishNotReadyAddresses { get; set; }

    [Field(14)]
    public SessionAffinityConfig? SessionAffinityConfig { get; set; }

    [Field(19), ListType("atomic")]
    public List<string>? IpFamilies { get; set; }

    [Field(17)]
    public string? IpFamilyPolicy { get; set; }

    [Field(20)]
    public bool? AllocateLoadBalancerNodePorts { get; set; }

    [Field(21)]
    public string? LoadBalancerClass { get; set; }

    [Field(22)]
    public string? InternalTrafficPolicy { get; set; }

    [Field(23)]
    public string? TrafficDistribution { get; set; }
}

[ApiType]
public sealed partial class ServicePort
{
    [Field(1)]
    public string Name { get; set; } = "";

    [Field(2), Default("TCP", Published = true)]
    public string Protocol { get; set; } = "";

    [Field(6)]
    public string? AppProtocol { get; set; }

    [Field(3), Required]
    public int Port { get; set; }

    [Field(4, Always = true)]
    public IntOrString TargetPort { get; set; }

    [Field(5)]
    public int NodePort { get; set; }
}

[ApiType]
public sealed partial class SessionAffinityConfig
{
    [Field(1)]
    public ClientIPConfig? ClientIP { get; set; }
}

[ApiType]
public sealed partial class ClientIPConfig
{
    [Field(1)]
    public int? TimeoutSeconds { get; set; }
}

[ApiType]
public sealed partial class ServiceStatus
{
    [Field(1)]
    public LoadBalancerStatus LoadBalancer { get; set; } = new();

    [Field(2), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<Condition>? Conditions { get; set; }
}

public static class ServiceType
{
    public const string ClusterIP = "ClusterIP";
    public const string NodePort = "NodePort";
    public const string LoadBalancer = "LoadBalancer";
    public const string ExternalName = "ExternalName";
}

public static class ServiceAffinity
{
    public const string ClientIP = "ClientIP";
    public const string None = "None";
}

public static class ServiceExternalTrafficPolicy
{
    public const string Cluster = "Cluster";
    public const string Local = "Local";
}

public static class ServiceInternalTrafficPolicy
{
    public const string Cluster = "Cluster";
    public const string Local = "Local";
}

public static class IPFamily
{
    public const string IPv4 = "IPv4";
    public const string IPv6 = "IPv6";
}

public static class IPFamilyPolicy
{
    public const string SingleStack = "SingleStack";
    public const string PreferDualStack = "PreferDualStack";
    public const string RequireDualStack = "RequireDualStack";
}

public static class Protocol
{
    public const string TCP = "TCP";
    public const string UDP = "UDP";
    public const string SCTP = "SCTP";
}
