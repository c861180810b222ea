using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

/// <summary>Selects objects by labels: all of the requirements must hold. Empty selects all; absent, none.</summary>
[ApiType(Atomic = true)]
public sealed partial class LabelSelector
{
    /// <summary>Labels that must be there with these values.</summary>
    [Field(1)]
    public Dictionary<string, string>? MatchLabels { get; set; }

    /// <summary>Further requirements.</summary>
    [Field(2), ListType("atomic")]
    public List<LabelSelectorRequirement>? MatchExpressions { get; set; }
}

/// <summary>A requirement of a label.</summary>
[ApiType]
public sealed partial class LabelSelectorRequirement
{
    /// <summary>The label's key.</summary>
    [Field(1), Required]
    public string Key { get; set; } = "";

    /// <summary>How it is compared: In, NotIn, Exists or DoesNotExist.</summary>
    [Field(2), Required]
    public string Operator { get; set; } = "";

    /// <summary>What it is compared with: some for In and NotIn, none for the others.</summary>
    [Field(3), ListType("atomic")]
    public List<string>? Values { get; set; }
}

/// <summary>A requirement of a field.</summary>
[ApiType]
public sealed partial class FieldSelectorRequirement
{
    /// <summary>The field.</summary>
    [Field(1), Required]
    public string Key { get; set; } = "";

    /// <summary>How it is compared: In, NotIn, Exists or DoesNotExist.</summary>
    [Field(2), Required]
    public string Operator { get; set; } = "";

    /// <summary>What it is compared with: some for In and NotIn, none for the others.</summary>
    [Field(3), ListType("atomic")]
    public List<string>? Values { get; set; }
}

/// <summary>How a label is compared.</summary>
public static class LabelSelectorOperator
{
    public const string In = "In";
    public const string NotIn = "NotIn";
    public const string Exists = "Exists";
    public const string DoesNotExist = "DoesNotExist";
}

/// <summary>How a field is compared.</summary>
public static class FieldSelectorOperator
{
    public const string In = "In";
    public const string NotIn = "NotIn";
    public const string Exists = "Exists";
    public const string DoesNotExist = "DoesNotExist";
}
