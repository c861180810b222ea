using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>A machine that runs pods.</summary>
[Kind("v1", "Node", "nodes", ShortNames = ["no"], Namespaced = false, Status = true, Selectable = ["spec.unschedulable"],
    Rules = typeof(NodeRules))]
public sealed partial class Node
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>How the cluster treats the node.</summary>
    [Field(2)]
    public NodeSpec Spec { get; set; } = new();

    /// <summary>What the node is and how it does, as its agent reports.</summary>
    [Field(3)]
    public NodeStatus Status { get; set; } = new();
}

/// <summary>How the cluster treats a node.</summary>
[ApiType]
public sealed partial class NodeSpec
{
    /// <summary>The range from which the node's pods get their addresses.</summary>
    [Field(1)]
    public string PodCIDR { get; set; } = "";

    /// <summary>The ranges of pod addresses, at most one for each family of IP. The first equals podCIDR.</summary>
    [Field(7), ListType("set"), Patch("merge")]
    public List<string>? PodCIDRs { get; set; }

    /// <summary>The machine's name at the cloud that runs it, as provider://id.</summary>
    [Field(3)]
    public string ProviderID { get; set; } = "";

    /// <summary>True keeps new pods away. What runs already stays.</summary>
    [Field(4)]
    public bool Unschedulable { get; set; }

    /// <summary>What keeps away the pods that do not tolerate it.</summary>
    [Field(5), ListType("atomic")]
    public List<Taint>? Taints { get; set; }

    /// <summary>No longer used.</summary>
    [Field(6)]
    public NodeConfigSource? ConfigSource { get; set; }

    /// <summary>No longer used.</summary>
    [Field(2)]
    public string ExternalID { get; set; } = "";
}

/// <summary>Keeps pods off a node unless they tolerate it.</summary>
[ApiType]
public sealed partial class Taint
{
    /// <summary>The taint's name, in the form of a label's key.</summary>
    [Field(1), Required]
    public string Key { get; set; } = "";

    /// <summary>The taint's value.</summary>
    [Field(2)]
    public string Value { get; set; } = "";

    /// <summary>What befalls pods that do not tolerate the taint: NoSchedule, PreferNoSchedule or NoExecute.</summary>
    [Field(3), Required, OneOf("NoSchedule", "PreferNoSchedule", "NoExecute")]
    public string Effect { get; set; } = "";

    /// <summary>When the taint was put on the node. Serves NoExecute, which tolerations may delay.</summary>
    [Field(4)]
    public DateTimeOffset? TimeAdded { get; set; }
}

/// <summary>What befalls pods that do not tolerate a taint: kept from being placed, placed elsewhere if possible, or evicted.</summary>
public static class TaintEffect
{
    public const string NoSchedule = "NoSchedule";
    public const string PreferNoSchedule = "PreferNoSchedule";
    public const string NoExecute = "NoExecute";
}
