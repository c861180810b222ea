using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Networking.V1;

/// <summary>How requests from outside reach services: by host and path.</summary>
[Kind("networking.k8s.io/v1", "Ingress", "ingresses", ShortNames = ["ing"], Status = true, Generation = true, Rules = typeof(IngressRules))]
public sealed partial class Ingress
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>Which requests go where.</summary>
    [Field(2)]
    public IngressSpec Spec { get; set; } = new();

    /// <summary>Where the ingress is reached.</summary>
    [Field(3)]
    public IngressStatus Status { get; set; } = new();
}

/// <summary>Which requests go where.</summary>
[ApiType]
public sealed partial class IngressSpec
{
    /// <summary>The class, which says what carries the ingress out. The default class unless given.</summary>
    [Field(4)]
    public string? IngressClassName { get; set; }

    /// <summary>Where requests go that no rule matches.</summary>
    [Field(1)]
    public IngressBackend? DefaultBackend { get; set; }

    /// <summary>Hosts that are served over TLS, and with which certificates.</summary>
    [Field(2), ListType("atomic")]
    public List<IngressTLS>? Tls { get; set; }

    /// <summary>Rules by host.</summary>
    [Field(3), ListType("atomic")]
    public List<IngressRule>? Rules { get; set; }
}

/// <summary>A certificate and the hosts it is for.</summary>
[ApiType]
public sealed partial class IngressTLS
{
    /// <summary>The hosts, as the certificate names them.</summary>
    [Field(1), ListType("atomic")]
    public List<string>? Hosts { get; set; }

    /// <summary>The secret with certificate and key, in the same namespace.</summary>
    [Field(2)]
    public string SecretName { get; set; } = "";
}

/// <summary>Where the requests for a host go.</summary>
[ApiType]
public sealed partial class IngressRule
{
    /// <summary>The host, or *.domain for every host one level below it; any host when empty.</summary>
    [Field(1)]
    public string Host { get; set; } = "";

    /// <summary>The paths, and what answers there.</summary>
    [Field(2_001)]
    public HTTPIngressRuleValue? Http { get; set; }
}

/// <summary>Paths of a host.</summary>
[ApiType]
public sealed partial class HTTPIngressRuleValue
{
    /// <summary>The paths and what answers each.</summary>
    [Field(1), Required, ListType("atomic")]
    public List<HTTPIngressPath>? Paths { get; set; }
}

/// <summary>A path and what answers it.</summary>
[ApiType]
public sealed partial class HTTPIngressPath
{
    /// <summary>The path, beginning with a slash.</summary>
    [Field(1)]
    public string Path { get; set; } = "";

    /// <summary>How it is compared: Exact, Prefix (by elements between slashes) or ImplementationSpecific.</summary>
    [Field(3), Required]
    public string? PathType { get; set; }

    /// <summary>What answers.</summary>
    [Field(2), Required]
    public IngressBackend Backend { get; set; } = new();
}

/// <summary>What answers requests: a service or another object.</summary>
[ApiType]
public sealed partial class IngressBackend
{
    /// <summary>The service, in the same namespace.</summary>
    [Field(4)]
    public IngressServiceBackend? Service { get; set; }

    /// <summary>The object, in the same namespace, in place of a service.</summary>
    [Field(3)]
    public TypedLocalObjectReference? Resource { get; set; }
}

/// <summary>A service's port.</summary>
[ApiType]
public sealed partial class IngressServiceBackend
{
    /// <summary>The service's name.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>The port.</summary>
    [Field(2)]
    public ServiceBackendPort Port { get; set; } = new();
}

/// <summary>A port of a service, by name or by number.</summary>
[ApiType(Atomic = true)]
public sealed partial class ServiceBackendPort
{
    /// <summary>The port's name.</summary>
    [Field(1)]
    public string Name { get; set; } = "";

    /// <summary>The port's number.</summary>
    [Field(2)]
    public int Number { get; set; }
}

/// <summary>Where an ingress is reached.</summary>
[ApiType]
public sealed partial class IngressStatus
{
    /// <summary>Addresses of its load balancer.</summary>
    [Field(1)]
    public IngressLoadBalancerStatus LoadBalancer { get; set; } = new();
}

/// <summary>The load balancer of an ingress.</summary>
[ApiType]
public sealed partial class IngressLoadBalancerStatus
{
    /// <summary>Where it takes traffic.</summary>
    [Field(1), ListType("atomic")]
    public List<IngressLoadBalancerIngress>? Ingress { get; set; }
}

/// <summary>A place where traffic is taken: an address or a name.</summary>
[ApiType]
public sealed partial class IngressLoadBalancerIngress
{
    /// <summary>The address.</summary>
    [Field(1)]
    public string Ip { get; set; } = "";

    /// <summary>The name.</summary>
    [Field(2)]
    public string Hostname { get; set; } = "";

    /// <summary>How the ports do there.</summary>
    [Field(4), ListType("atomic")]
    public List<IngressPortStatus>? Ports { get; set; }
}

/// <summary>How a port does at a load balancer.</summary>
[ApiType]
public sealed partial class IngressPortStatus
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

/// <summary>How paths of an ingress are compared.</summary>
public static class PathType
{
    public const string Exact = "Exact";
    public const string Prefix = "Prefix";
    public const string ImplementationSpecific = "ImplementationSpecific";
}
