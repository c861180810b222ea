using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType(Atomic = true)]
public sealed partial class NodeSelector
{
    [Field(1), Required, ListType("atomic")]
    public List<NodeSelectorTerm>? NodeSelectorTerms { get; set; }
}

[ApiType(Atomic = true)]
public sealed partial class NodeSelectorTerm
{
    [Field(1), ListType("atomic")]
    public List<NodeSelectorRequirement>? MatchExpressions { get; set; }

    [Field(2), ListType("atomic")]
    public List<NodeSelectorRequirement>? MatchFields { get; set; }
}

[ApiType]
public sealed partial class NodeSelectorRequirement
{
    [Field(1), Required]
    public string Key { get; set; } = "";

    [Field(2), Required]
    public string Operator { get; set; } = "";

    [Field(3), ListType("atomic")]
    public List<string>? Values { get; set; }
}

public static class NodeSelectorOperator
{
    public const string In = "In";
    public const string NotIn = "NotIn";
    public const string Exists = "Exists";
    public const string DoesNotExist = "DoesNotExist";
    public const string Gt = "Gt";
    public const string Lt = "Lt";
}
