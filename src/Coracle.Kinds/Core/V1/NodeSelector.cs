using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Nodes for which at least one of the terms holds.</summary>
[ApiType(Atomic = true)]
public sealed partial class NodeSelector
{
    /// <summary>The terms.</summary>
    [Field(1), Required, ListType("atomic")]
    public List<NodeSelectorTerm>? NodeSelectorTerms { get; set; }
}

/// <summary>Nodes that meet all of the requirements. Without any it holds for none.</summary>
[ApiType(Atomic = true)]
public sealed partial class NodeSelectorTerm
{
    /// <summary>Requirements of the node's labels.</summary>
    [Field(1), ListType("atomic")]
    public List<NodeSelectorRequirement>? MatchExpressions { get; set; }

    /// <summary>Requirements of the node's fields: metadata.name.</summary>
    [Field(2), ListType("atomic")]
    public List<NodeSelectorRequirement>? MatchFields { get; set; }
}

/// <summary>A requirement of a node's label or field.</summary>
[ApiType]
public sealed partial class NodeSelectorRequirement
{
    /// <summary>The label's key, or the field.</summary>
    [Field(1), Required]
    public string Key { get; set; } = "";

    /// <summary>How it is compared: In, NotIn, Exists, DoesNotExist, Gt or Lt.</summary>
    [Field(2), Required]
    public string Operator { get; set; } = "";

    /// <summary>What it is compared with: some for In and NotIn, one whole number for Gt and Lt, none for the others.</summary>
    [Field(3), ListType("atomic")]
    public List<string>? Values { get; set; }
}

/// <summary>How a label or field of a node is compared.</summary>
public static class NodeSelectorOperator
{
    public const string In = "In";
    public const string NotIn = "NotIn";
    public const string Exists = "Exists";
    public const string DoesNotExist = "DoesNotExist";
    public const string Gt = "Gt";
    public const string Lt = "Lt";
}
