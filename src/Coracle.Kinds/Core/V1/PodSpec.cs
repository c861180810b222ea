using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>What is to run in a pod, and how.</summary>
[ApiType]
public sealed partial class PodSpec
{
    /// <summary>Storage that the pod's containers may mount.</summary>
    [Field(1), ListType("map", "name"), Patch("merge,retainKeys", MergeKey = "name")]
    public List<Volume>? Volumes { get; set; }

    /// <summary>Containers that run to their end, one after the other, before the others start. One with restartPolicy Always keeps running as a sidecar.</summary>
    [Field(20), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<Container>? InitContainers { get; set; }

    /// <summary>The containers that do the pod's work; at least one. Cannot be added or removed.</summary>
    [Field(2), Required, ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<Container>? Containers { get; set; }

    /// <summary>Containers that join a running pod to look into it. Added by the ephemeralcontainers sub-resource alone.</summary>
    [Field(34), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<EphemeralContainer>? EphemeralContainers { get; set; }

    /// <summary>When containers that end are started again: Always, OnFailure or Never.</summary>
    [Field(3), Default("Always"), OneOf("Always", "OnFailure", "Never")]
    public string RestartPolicy { get; set; } = "";

    /// <summary>Seconds between the request to stop and the kill. 0 kills at once. 30 unless given.</summary>
    [Field(4), Default(30)]
    public long? TerminationGracePeriodSeconds { get; set; }

    /// <summary>Seconds after the start at which the pod is ended as failed.</summary>
    [Field(5)]
    public long? ActiveDeadlineSeconds { get; set; }

    /// <summary>How names are resolved: ClusterFirst, ClusterFirstWithHostNet, Default (as the node does) or None (as dnsConfig says).</summary>
    [Field(6), Default("ClusterFirst"), OneOf("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")]
    public string DnsPolicy { get; set; } = "";

    /// <summary>Labels that a node must have for the pod to run on it.</summary>
    [Field(7), Atomic]
    public Dictionary<string, string>? NodeSelector { get; set; }

    /// <summary>The account under which the pod speaks to the API.</summary>
    [Field(8)]
    public string ServiceAccountName { get; set; } = "";

    /// <summary>Old name of serviceAccountName.</summary>
    [Field(9)]
    public string ServiceAccount { get; set; } = "";

    /// <summary>Whether the account's token is mounted into the containers.</summary>
    [Field(21)]
    public bool? AutomountServiceAccountToken { get; set; }

    /// <summary>The node on which the pod runs. Set by the scheduler; a pod created with it skips the scheduler.</summary>
    [Field(10)]
    public string NodeName { get; set; } = "";

    /// <summary>The pod uses the node's own network: its ports are the node's.</summary>
    [Field(11)]
    public bool HostNetwork { get; set; }

    /// <summary>Containers see the processes of the node.</summary>
    [Field(12)]
    public bool HostPID { get; set; }

    /// <summary>Containers share the node's inter-process communication.</summary>
    [Field(13)]
    public bool HostIPC { get; set; }

    /// <summary>Containers of the pod see each other's processes.</summary>
    [Field(27)]
    public bool? ShareProcessNamespace { get; set; }

    /// <summary>Users, groups and confinement for all containers; a container's own settings win.</summary>
    [Field(14)]
    public PodSecurityContext? SecurityContext { get; set; }

    /// <summary>Secrets with credentials for the registries of the images.</summary>
    [Field(15), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<LocalObjectReference>? ImagePullSecrets { get; set; }

    /// <summary>The pod's host name; its own name unless given.</summary>
    [Field(16)]
    public string Hostname { get; set; } = "";

    /// <summary>With it, the pod's full name is hostname.subdomain.namespace.svc.domain.</summary>
    [Field(17)]
    public string Subdomain { get; set; } = "";

    /// <summary>Rules that draw the pod to nodes and to other pods, or keep it away.</summary>
    [Field(18)]
    public Affinity? Affinity { get; set; }

    /// <summary>The scheduler that places the pod.</summary>
    [Field(19), Default("default-scheduler")]
    public string SchedulerName { get; set; } = "";

    /// <summary>Taints of nodes that the pod puts up with.</summary>
    [Field(22), ListType("atomic")]
    public List<Toleration>? Tolerations { get; set; }

    /// <summary>Lines added to the containers' /etc/hosts.</summary>
    [Field(23), ListType("map", "ip"), Patch("merge", MergeKey = "ip")]
    public List<HostAlias>? HostAliases { get; set; }

    /// <summary>The class that gives the pod its priority.</summary>
    [Field(24)]
    public string PriorityClassName { get; set; } = "";

    /// <summary>The priority as a number, from the class. Higher ones are placed first.</summary>
    [Field(25)]
    public int? Priority { get; set; }

    /// <summary>Additions to what dnsPolicy generates.</summary>
    [Field(26)]
    public PodDNSConfig? DnsConfig { get; set; }

    /// <summary>Extra conditions that must be true before the pod counts as ready.</summary>
    [Field(28), ListType("atomic")]
    public List<PodReadinessGate>? ReadinessGates { get; set; }

    /// <summary>The class that selects a container runtime; the default one when not given.</summary>
    [Field(29)]
    public string? RuntimeClassName { get; set; }

    /// <summary>Containers get environment variables that describe the namespace's services. True unless given.</summary>
    [Field(30)]
    public bool? EnableServiceLinks { get; set; }

    /// <summary>Whether the pod may push out pods of lower priority: PreemptLowerPriority or Never.</summary>
    [Field(31)]
    public string? PreemptionPolicy { get; set; }

    /// <summary>Resources that running the pod costs besides its containers, from its runtime class.</summary>
    [Field(32)]
    public Dictionary<string, Quantity>? Overhead { get; set; }

    /// <summary>How evenly pods are to spread over zones, nodes and the like.</summary>
    [Field(33), ListType("map", "topologyKey", "whenUnsatisfiable"), Patch("merge", MergeKey = "topologyKey")]
    public List<TopologySpreadConstraint>? TopologySpreadConstraints { get; set; }

    /// <summary>The host name inside the pod is its full name rather than the first part.</summary>
    [Field(35)]
    public bool? SetHostnameAsFQDN { get; set; }

    /// <summary>The operating system that the pod's containers are made for.</summary>
    [Field(36)]
    public PodOS? Os { get; set; }

    /// <summary>False gives the pod a user namespace of its own, in which its root is not the node's root.</summary>
    [Field(37)]
    public bool? HostUsers { get; set; }

    /// <summary>While any is present, the pod is not placed. They may be removed, never added.</summary>
    [Field(38), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<PodSchedulingGate>? SchedulingGates { get; set; }

    /// <summary>Claims of devices that must be allocated before the pod starts.</summary>
    [Field(39), ListType("map", "name"), Patch("merge,retainKeys", MergeKey = "name")]
    public List<PodResourceClaim>? ResourceClaims { get; set; }

    /// <summary>Limits and requests of cpu, memory and huge pages for the pod as a whole.</summary>
    [Field(40)]
    public ResourceRequirements? Resources { get; set; }

    /// <summary>The host name inside the pod, whatever hostname and subdomain say. DNS does not know it.</summary>
    [Field(41)]
    public string? HostnameOverride { get; set; }

    /// <summary>The group of pods with which this one is placed.</summary>
    [Field(43)]
    public PodSchedulingGroup? SchedulingGroup { get; set; }
}

/// <summary>What pods made from a template look like.</summary>
[ApiType]
public sealed partial class PodTemplateSpec
{
    /// <summary>Labels and annotations that the pods get.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is to run in the pods, and how.</summary>
    [Field(2)]
    public PodSpec Spec { get; set; } = new();
}

/// <summary>When containers that end are started again.</summary>
public static class RestartPolicy
{
    public const string Always = "Always";
    public const string OnFailure = "OnFailure";
    public const string Never = "Never";
}

/// <summary>How a pod resolves names.</summary>
public static class DNSPolicy
{
    public const string ClusterFirstWithHostNet = "ClusterFirstWithHostNet";
    public const string ClusterFirst = "ClusterFirst";
    public const string Default = "Default";
    public const string None = "None";
}

/// <summary>Whether a pod may push out pods of lower priority.</summary>
public static class PreemptionPolicy
{
    public const string PreemptLowerPriority = "PreemptLowerPriority";
    public const string Never = "Never";
}
