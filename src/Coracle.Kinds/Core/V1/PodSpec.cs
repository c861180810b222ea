using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class PodSpec
{
    [Field(1), ListType("map", "name"), Patch("merge,retainKeys", MergeKey = "name")]
    public List<Volume>? Volumes { get; set; }

    [Field(20), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<Container>? InitContainers { get; set; }

    [Field(2), Required, ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<Container>? Containers { get; set; }

    [Field(34), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<EphemeralContainer>? EphemeralContainers { get; set; }

    [Field(3), Default("Always")]
    public string RestartPolicy { get; set; } = "";

    [Field(4), Default(30)]
    public long? TerminationGracePeriodSeconds { get; set; }

    [Field(5)]
    public long? ActiveDeadlineSeconds { get; set; }

    [Field(6), Default("ClusterFirst")]
    public string DnsPolicy { get; set; } = "";

    [Field(7), Atomic]
    public Dictionary<string, string>? NodeSelector { get; set; }

    [Field(8)]
    public string ServiceAccountName { get; set; } = "";

    [Field(9)]
    public string ServiceAccount { get; set; } = "";

    [Field(21)]
    public bool? AutomountServiceAccountToken { get; set; }

    [Field(10)]
    public string NodeName { get; set; } = "";

    [Field(11)]
    public bool HostNetwork { get; set; }

    [Field(12)]
    public bool HostPID { get; set; }

    [Field(13)]
    public bool HostIPC { get; set; }

    [Field(27)]
    public bool? ShareProcessNamespace { get; set; }

    [Field(14)]
    public PodSecurityContext? SecurityContext { get; set; }

    [Field(15), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<LocalObjectReference>? ImagePullSecrets { get; set; }

    [Field(16)]
    public string Hostname { get; set; } = "";

    [Field(17)]
    public string Subdomain { get; set; } = "";

    [Field(18)]
    public Affinity? Affinity { get; set; }

    [Field(19), Default("default-scheduler")]
    public string SchedulerName { get; set; } = "";

    [Field(22), ListType("atomic")]
    public List<Toleration>? Tolerations { get; set; }

    [Field(23), ListType("map", "ip"), Patch("merge", MergeKey = "ip")]
    public List<HostAlias>? HostAliases { get; set; }

    [Field(24)]
    public string PriorityClassName { get; set; } = "";

    [Field(25)]
    public int? Priority { get; set; }

    [Field(26)]
    public PodDNSConfig? DnsConfig { get; set; }

    [Field(28), ListType("atomic")]
    public List<PodReadinessGate>? ReadinessGates { get; set; }

    [Field(29)]
    public string? RuntimeClassName { get; set; }

    [Field(30)]
    public bool? EnableServiceLinks { get; set; }

    [Field(31)]
    public string? PreemptionPolicy { get; set; }

    [Field(32)]
    public Dictionary<string, Quantity>? Overhead { get; set; }

    [Field(33), ListType("map", "topologyKey", "whenUnsatisfiable"), Patch("merge", MergeKey = "topologyKey")]
    public List<TopologySpreadConstraint>? TopologySpreadConstraints { get; set; }

    [Field(35)]
    public bool? SetHostnameAsFQDN { get; set; }

    [Field(36)]
    public PodOS? Os { get; set; }

    [Field(37)]
    public bool? HostUsers { get; set; }

    [Field(38), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<PodSchedulingGate>? SchedulingGates { get; set; }

    [Field(39), ListType("map", "name"), Patch("merge,retainKeys", MergeKey = "name")]
    public List<PodResourceClaim>? ResourceClaims { get; set; }

    [Field(40)]
    public ResourceRequirements? Resources { get; set; }

    [Field(41)]
    public string? HostnameOverride { get; set; }

    [Field(43)]
    public PodSchedulingGroup? SchedulingGroup { get; set; }
}

[ApiType]
public sealed partial class PodTemplateSpec
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2)]
    public PodSpec Spec { get; set; } = new();
}

public static class RestartPolicy
{
    public const string Always = "Always";
    public const string OnFailure = "OnFailure";
    public const string Never = "Never";
}

public static class DNSPolicy
{
    public const string ClusterFirstWithHostNet = "ClusterFirstWithHostNet";
    public const string ClusterFirst = "ClusterFirst";
    public const string Default = "Default";
    public const string None = "None";
}

public static class PreemptionPolicy
{
    public const string PreemptLowerPriority = "PreemptLowerPriority";
    public const string Never = "Never";
}
