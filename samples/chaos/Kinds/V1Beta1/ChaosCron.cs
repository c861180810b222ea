using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Samples.Chaos.Kinds.V1Beta1;

/// <summary>Chaos on a schedule, as it was first: of one act, and of pods with one label.</summary>
[Kind("chaos.coracle.dev/v1beta1", "ChaosCron", "chaoscrons", ShortNames = ["ccron"], Categories = ["chaos"], Status = true, Generation = true)]
[Column("Schedule", "string", ".spec.schedule")]
[Column("Paused", "boolean", ".spec.paused")]
[Column("Age", "date", ".metadata.creationTimestamp")]
public sealed partial class ChaosCron
{
    /// <summary>Name and labels.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>When, and what.</summary>
    [Field(2), Required]
    public ChaosCronSpec Spec { get; set; } = new();

    /// <summary>What came of it so far.</summary>
    [Field(3, OmitZero = true)]
    public ChaosCronStatus Status { get; set; } = new();
}

/// <summary>When there is to be chaos, and whom it strikes.</summary>
[ApiType]
public sealed partial class ChaosCronSpec
{
    /// <summary>A cron expression of five fields, in UTC.</summary>
    [Field(1), Required, Range(Min = 9, Max = 200)]
    public string Schedule { get; set; } = "";

    /// <summary>Nothing is made while true.</summary>
    [Field(2)]
    public bool Paused { get; set; }

    /// <summary>The pods it may strike have this value of the label "app".</summary>
    [Field(3), Required]
    public string App { get; set; } = "";

    /// <summary>How many of them it strikes.</summary>
    [Field(4), Default(1), Range(Min = 1, Max = 1000)]
    public int? Victims { get; set; }
}

/// <summary>What came of a schedule so far.</summary>
[ApiType]
public sealed partial class ChaosCronStatus
{
    /// <summary>The newest time for which there was chaos, or was left out.</summary>
    [Field(1)]
    public DateTimeOffset? LastTime { get; set; }
}
