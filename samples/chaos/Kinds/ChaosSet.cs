using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Samples.Chaos.Kinds;

/// <summary>Several acts of chaos, some of them at a time.</summary>
[Kind("chaos.coracle.dev/v1", "ChaosSet", "chaossets", ShortNames = ["cset"], Categories = ["chaos"], Status = true, Generation = true)]
[Column("Acts", "integer", ".spec.acts")]
[Column("Done", "integer", ".status.done")]
[Column("Struck", "integer", ".status.struck")]
[Column("Age", "date", ".metadata.creationTimestamp")]
public sealed partial class ChaosSet
{
    /// <summary>Name and labels.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>How many acts, and which.</summary>
    [Field(2), Required]
    public ChaosSetSpec Spec { get; set; } = new();

    /// <summary>How far it is.</summary>
    [Field(3, OmitZero = true)]
    public ChaosSetStatus Status { get; set; } = new();
}

/// <summary>How many acts there are, and which.</summary>
[ApiType, Rule("self.parallelism <= self.acts", Message = "there cannot be more acts at a time than there are", FieldPath = ".parallelism")]
public sealed partial class ChaosSetSpec
{
    /// <summary>How many acts there are.</summary>
    [Field(1), Default(1), Range(Min = 1, Max = 100)]
    public int? Acts { get; set; }

    /// <summary>How many are under way at a time.</summary>
    [Field(2), Default(1), Range(Min = 1, Max = 100)]
    public int? Parallelism { get; set; }

    /// <summary>What each of them does.</summary>
    [Field(3), Required]
    public ChaosSpec Template { get; set; } = new();
}

/// <summary>How far a set is.</summary>
[ApiType]
public sealed partial class ChaosSetStatus
{
    /// <summary>Acts that are under way.</summary>
    [Field(1)]
    public int Active { get; set; }

    /// <summary>Acts that are done.</summary>
    [Field(2)]
    public int Done { get; set; }

    /// <summary>Pods that all acts together have deleted.</summary>
    [Field(3)]
    public int Struck { get; set; }

    /// <summary>Complete, once all acts are done.</summary>
    [Field(4), ListType("map", "type")]
    public List<Condition>? Conditions { get; set; }
}
