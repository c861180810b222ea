using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Networking.V1;

/// <summary>Ranges from which services get their addresses.</summary>
[Kind("networking.k8s.io/v1", "ServiceCIDR", "servicecidrs", Namespaced = false, Status = true, Rules = typeof(ServiceCIDRRules))]
public sealed partial class ServiceCIDR
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>The ranges.</summary>
    [Field(2)]
    public ServiceCIDRSpec Spec { get; set; } = new();

    /// <summary>Whether addresses are taken from them.</summary>
    [Field(3)]
    public ServiceCIDRStatus Status { get; set; } = new();
}

/// <summary>The ranges of a ServiceCIDR.</summary>
[ApiType]
public sealed partial class ServiceCIDRSpec
{
    /// <summary>One range, or one of each family: 192.168.0.0/24 and fd00::/108. What is there cannot be changed, only the second be added.</summary>
    [Field(1), ListType("atomic")]
    public List<string>? Cidrs { get; set; }
}

/// <summary>How the ranges do.</summary>
[ApiType]
public sealed partial class ServiceCIDRStatus
{
    /// <summary>Whether addresses are taken from the ranges: Ready.</summary>
    [Field(1), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<Condition>? Conditions { get; set; }
}
