using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

/// <summary>One aspect of the state of an object.</summary>
[ApiType]
public sealed partial class Condition
{
    /// <summary>The aspect, in CamelCase or domain/CamelCase.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>True, False or Unknown.</summary>
    [Field(2), Required]
    public string Status { get; set; } = "";

    /// <summary>The generation of the object that this condition reflects.</summary>
    [Field(3)]
    public long ObservedGeneration { get; set; }

    /// <summary>When the status last changed from one value to another.</summary>
    [Field(4), Required]
    public DateTimeOffset? LastTransitionTime { get; set; }

    /// <summary>One word in CamelCase that says why, for programs.</summary>
    [Field(5), Required]
    public string Reason { get; set; } = "";

    /// <summary>What is going on, in words for people.</summary>
    [Field(6), Required]
    public string Message { get; set; } = "";
}

/// <summary>The status of conditions.</summary>
public static class ConditionStatus
{
    public const string True = "True";
    public const string False = "False";
    public const string Unknown = "Unknown";
}
