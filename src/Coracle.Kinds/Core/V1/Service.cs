using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>A lasting name and address for a changing set of pods.</summary>
[Kind("v1", "Service", "services", ShortNames = ["svc"], Categories = ["all"], Status = true, CreateOnUpdate = true,
    Selectable = ["spec.clusterIP", "spec.type"], ReturnDeleted = true, Rules = typeof(ServiceRules))]
public sealed partial class Service
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>Which pods, under which address and ports.</summary>
    [Field(2)]
    public ServiceSpec Spec { get; set; } = new();

    /// <summary>What has been set up outside of the cluster.</summary>
    [Field(3)]
    public ServiceStatus Status { get; set; } = new();
}

/// <summary>Which pods a service stands for, and how it is reached.</summary>
[ApiType]
public sealed partial class ServiceSpec
{
    /// <summary>The service's ports.</summary>
    [Field(1), ListType("map", "port", "protocol"), Patch("merge", MergeKey = "port")]
    public List<ServicePort>? Ports { get; set; }

    /// <summary>Labels of the pods to which traffic goes. Without it, somebody else writes the endpoints.</summary>
    [Field(2), Atomic]
    public Dictionary<string, string>? Selector { get; set; }

    /// <summary>The service's virtual address, given by the server unless asked for; None for a service without one, whose name resolves to its pods.</summary>
    [Field(3)]
    public string ClusterIP { get; set; } = "";

    /// <summary>The virtual addresses, at most one for each family of IP. The first equals clusterIP.</summary>
    [Field(18), ListType("atomic")]
    public List<string>? ClusterIPs { get; set; }

    /// <summary>How the service is exposed: ClusterIP, NodePort (a port of every node), LoadBalancer, or ExternalName (an alias in DNS).</summary>
    [Field(4), Default("ClusterIP"), OneOf("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")]
    public string Type { get; set; } = "";

    /// <summary>Addresses routed to the nodes by other means, traffic to which the nodes accept for the service.</summary>
    [Field(5), ListType("atomic")]
    public List<string>? ExternalIPs { get; set; }

    /// <summary>Whether a client stays with one pod: None, or ClientIP.</summary>
    [Field(7), Default("None"), OneOf("ClientIP", "None")]
    public string SessionAffinity { get; set; } = "";

    /// <summary>Asks for an address of the load balancer. Deprecated; providers take annotations.</summary>
    [Field(8)]
    public string LoadBalancerIP { get; set; } = "";

    /// <summary>Addresses from which clients may reach the load balancer.</summary>
    [Field(9), ListType("atomic")]
    public List<string>? LoadBalancerSourceRanges { get; set; }

    /// <summary>The name that the service's name is an alias of, for ExternalName.</summary>
    [Field(10)]
    public string ExternalName { get; set; } = "";

    /// <summary>Whether traffic from outside goes to any pod (Cluster) or only to those on the node where it arrives, keeping its source address (Local).</summary>
    [Field(11)]
    public string ExternalTrafficPolicy { get; set; } = "";

    /// <summary>Port of the nodes where load balancers ask whether a node has pods of the service. For LoadBalancer with policy Local.</summary>
    [Field(12)]
    public int HealthCheckNodePort { get; set; }

    /// <summary>Pods count as ready whether they are or not.</summary>
    [Field(13)]
    public bool PublishNotReadyAddresses { get; set; }

    /// <summary>Settings of the session affinity.</summary>
    [Field(14)]
    public SessionAffinityConfig? SessionAffinityConfig { get; set; }

    /// <summary>Families of IP of the service's addresses: IPv4, IPv6 or both, the primary one first.</summary>
    [Field(19), ListType("atomic")]
    public List<string>? IpFamilies { get; set; }

    /// <summary>Whether one or both families are wanted: SingleStack, PreferDualStack or RequireDualStack.</summary>
    [Field(17)]
    public string? IpFamilyPolicy { get; set; }

    /// <summary>Whether the ports of a LoadBalancer service get ports of the nodes too. True unless given.</summary>
    [Field(20)]
    public bool? AllocateLoadBalancerNodePorts { get; set; }

    /// <summary>The implementation that is to serve the load balancer; the cluster's own when absent. Cannot be changed.</summary>
    [Field(21)]
    public string? LoadBalancerClass { get; set; }

    /// <summary>Whether traffic from inside goes to any pod (Cluster) or only to those on the same node (Local).</summary>
    [Field(22)]
    public string? InternalTrafficPolicy { get; set; }

    /// <summary>Which pods are preferred: PreferSameZone (or PreferClose), PreferSameNode.</summary>
    [Field(23)]
    public string? TrafficDistribution { get; set; }
}

/// <summary>A port of a service.</summary>
[ApiType]
public sealed partial class ServicePort
{
    /// <summary>The port's name; needed when there are several.</summary>
    [Field(1)]
    public string Name { get; set; } = "";

    /// <summary>TCP, UDP or SCTP.</summary>
    [Field(2), Default("TCP", Published = true), OneOf("SCTP", "TCP", "UDP")]
    public string Protocol { get; set; } = "";

    /// <summary>What is spoken over the port: http, kubernetes.io/h2c, example.com/own...</summary>
    [Field(6)]
    public string? AppProtocol { get; set; }

    /// <summary>The service's port.</summary>
    [Field(3), Required]
    public int Port { get; set; }

    /// <summary>The pods' port, by number or name. Equals port unless given.</summary>
    [Field(4, Always = true)]
    public IntOrString TargetPort { get; set; }

    /// <summary>The port of every node, for NodePort and LoadBalancer. Given by the server unless asked for.</summary>
    [Field(5)]
    public int NodePort { get; set; }
}

/// <summary>Settings of a service's session affinity.</summary>
[ApiType]
public sealed partial class SessionAffinityConfig
{
    /// <summary>Settings for ClientIP.</summary>
    [Field(1)]
    public ClientIPConfig? ClientIP { get; set; }
}

/// <summary>Settings of an affinity by the client's address.</summary>
[ApiType]
public sealed partial class ClientIPConfig
{
    /// <summary>For how many seconds a client stays with its pod, a day at most. Three hours unless given.</summary>
    [Field(1)]
    public int? TimeoutSeconds { get; set; }
}

/// <summary>What has been set up for a service outside of the cluster.</summary>
[ApiType]
public sealed partial class ServiceStatus
{
    /// <summary>The load balancer.</summary>
    [Field(1)]
    public LoadBalancerStatus LoadBalancer { get; set; } = new();

    /// <summary>How the service does.</summary>
    [Field(2), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<Condition>? Conditions { get; set; }
}

/// <summary>How a service is exposed.</summary>
public static class ServiceType
{
    public const string ClusterIP = "ClusterIP";
    public const string NodePort = "NodePort";
    public const string LoadBalancer = "LoadBalancer";
    public const string ExternalName = "ExternalName";
}

/// <summary>Whether clients of a service stay with one pod.</summary>
public static class ServiceAffinity
{
    public const string ClientIP = "ClientIP";
    public const string None = "None";
}

/// <summary>Where traffic from outside the cluster goes.</summary>
public static class ServiceExternalTrafficPolicy
{
    public const string Cluster = "Cluster";
    public const string Local = "Local";
}

/// <summary>Where traffic from inside the cluster goes.</summary>
public static class ServiceInternalTrafficPolicy
{
    public const string Cluster = "Cluster";
    public const string Local = "Local";
}

/// <summary>Families of IP.</summary>
public static class IPFamily
{
    public const string IPv4 = "IPv4";
    public const string IPv6 = "IPv6";
}

/// <summary>Whether a service has one or both families of IP.</summary>
public static class IPFamilyPolicy
{
    public const string SingleStack = "SingleStack";
    public const string PreferDualStack = "PreferDualStack";
    public const string RequireDualStack = "RequireDualStack";
}

/// <summary>Protocols of ports.</summary>
public static class Protocol
{
    public const string TCP = "TCP";
    public const string UDP = "UDP";
    public const string SCTP = "SCTP";
}
