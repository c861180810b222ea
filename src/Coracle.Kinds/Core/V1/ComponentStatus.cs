using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Whether a part of the control plane does its work. Deprecated; found out when asked, and stored nowhere.</summary>
[Kind("v1", "ComponentStatus", "componentstatuses", Namespaced = false, ShortNames = ["cs"], Verbs = ["get", "list"],
    Rules = typeof(ComponentStatusRules))]
public sealed partial class ComponentStatus
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What was found out: Healthy.</summary>
    [Field(2), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<ComponentCondition>? Conditions { get; set; }
}

/// <summary>One thing that was found out of a part of the control plane.</summary>
[ApiType]
public sealed partial class ComponentCondition
{
    /// <summary>What was asked: Healthy.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>True, False or Unknown.</summary>
    [Field(2), Required]
    public string Status { get; set; } = "";

    /// <summary>What the part said.</summary>
    [Field(3)]
    public string Message { get; set; } = "";

    /// <summary>Why it could not be asked.</summary>
    [Field(4)]
    public string Error { get; set; } = "";
}
