using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

[ApiType(Atomic = true)]
public sealed partial class LabelSelector
{
    [Field(1)]
    public Dictionary<string, string>? MatchLabels { get; set; }

    [Field(2), ListType("atomic")]
    public List<LabelSelectorRequirement>? MatchExpressions { get; set; }
}

[ApiType]
public sealed partial class LabelSelectorRequirement
{
    [Field(1), Required]
    public string Key { get; set; } = "";

    [Field(2), Required]
    public string Operator { get; set; } = "";

    [Field(3), ListType("atomic")]
    public List<string>? Values { get; set; }
}

[ApiType]
public sealed partial class FieldSelectorRequirement
{
    [Field(1), Required]
    public string Key { get; set; } = "";

    [Field(2), Required]
    public string Operator { get; set; } = "";

    [Field(3), ListType("atomic")]
    public List<string>? Values { get; set; }
}

public static class LabelSelectorOperator
{
    public const string In = "In";
    public const string NotIn = "NotIn";
    public const string Exists = "Exists";
    public const string DoesNotExist = "DoesNotExist";
}

public static class FieldSelectorOperator
{
    public const string In = "In";
    public const string NotIn = "NotIn";
    public const string Exists = "Exists";
    public const string DoesNotExist = "DoesNotExist";
}
