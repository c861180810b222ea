using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

[ApiType]
public sealed partial class Condition
{
    [Field(1), Required]
    public string Type { get; set; } = "";

    [Field(2), Required]
    public string Status { get; set; } = "";

    [Field(3)]
    public long ObservedGeneration { get; set; }

    [Field(4), Required]
    public DateTimeOffset? LastTransitionTime { get; set; }

    [Field(5), Required]
    public string Reason { get; set; } = "";

    [Field(6), Required]
    public string Message { get; set; } = "";
}

public static class ConditionStatus
{
    public const string True = "True";
    public const string False = "False";
    public const string Unknown = "Unknown";
}
