using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[Kind("v1", "Node", "nodes", ShortNames = ["no"], Namespaced = false, Status = true, Selectable = ["spec.unschedulable"], Rules = typeof(NodeRules))]
public sealed partial class Node
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2)]
    public NodeSpec Spec { get; set; } = new();

    [Field(3)]
    public NodeStatus Status { get; set; } = new();
}

[ApiType]
public sealed partial class NodeSpec
{
    [Field(1)]
    public string PodCIDR { get; set; } = "";

    [Field(7), ListType("set"), Patch("merge")]
    public List<string>? PodCIDRs { get; set; }

    [Field(3)]
    public string ProviderID { get; set; } = "";

    [Field(4)]
    public bool Unschedulable { get; set; }

    [Field(5), ListType("atomic")]
    public List<Taint>? Taints { get; set; }

    [Field(6)]
    public NodeConfigSource? ConfigSource { get; set; }

    [Field(2)]
    public string ExternalID { get; set; } = "";
}

[ApiType]
public sealed partial class Taint
{
    [Field(1), Required]
    public string Key { get; set; } = "";

    [Field(2)]
    public string Value { get; set; } = "";

    [Field(3), Required]
    public string Effect { get; set; } = "";

    [Field(4)]
    public DateTimeOffset? TimeAdded { get; set; }
}

public static class TaintEffect
{
    public const string NoSchedule = "NoSchedule";
    public const string PreferNoSchedule = "PreferNoSchedule";
    public const string NoExecute = "NoExecute";
}
