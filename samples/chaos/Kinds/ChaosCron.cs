using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Samples.Chaos.Kinds;

/// <summary>Chaos on a schedule: at each of its times a chaos set is made.</summary>
[Kind("chaos.coracle.dev/v1", "ChaosCron", "chaoscrons", ShortNames = ["ccron"], Categories = ["chaos"], Status = true, Generation = true)]
[Column("Schedule", "string", ".spec.schedule")]
[Column("Suspend", "boolean", ".spec.suspend")]
[Column("Active", "integer", ".status.active")]
[Column("Last", "date", ".status.lastTime")]
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

/// <summary>When there is to be chaos, and what sort.</summary>
[ApiType]
public sealed partial class ChaosCronSpec
{
    /// <summary>A cron expression of five fields: minute, hour, day, month, day of the week.</summary>
    [Field(1), Required, Range(Min = 9, Max = 200)]
    public string Schedule { get; set; } = "";

    /// <summary>The time zone in which the schedule is meant. UTC unless given.</summary>
    [Field(2), Default("UTC")]
    public string TimeZone { get; set; } = "";

    /// <summary>Nothing is made while true.</summary>
    [Field(3)]
    public bool Suspend { get; set; }

    /// <summary>Whether a set is made while the last one is not done: Allow or Forbid.</summary>
    [Field(4), Default("Forbid"), OneOf("Allow", "Forbid")]
    public string Concurrency { get; set; } = "";

    /// <summary>How many sets that are done are kept.</summary>
    [Field(5), Default(3), Range(Min = 0, Max = 100)]
    public int? HistoryLimit { get; set; }

    /// <summary>The sets that are made.</summary>
    [Field(6), Required]
    public ChaosSetSpec Template { get; set; } = new();
}

/// <summary>What came of a schedule so far.</summary>
[ApiType]
public sealed partial class ChaosCronStatus
{
    /// <summary>The newest time for which a set was made, or left out.</summary>
    [Field(1)]
    public DateTimeOffset? LastTime { get; set; }

    /// <summary>How many sets are not done.</summary>
    [Field(2)]
    public int Active { get; set; }

    /// <summary>Valid says whether the schedule can be read.</summary>
    [Field(3), ListType("map", "type")]
    public List<Condition>? Conditions { get; set; }
}
