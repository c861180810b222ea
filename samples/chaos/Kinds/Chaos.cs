using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Samples.Chaos.Kinds;

/// <summary>One act of chaos: some pods of its namespace are chosen, marked, and deleted a while later.</summary>
[Kind("chaos.coracle.dev/v1", "Chaos", "chaoses", Singular = "chaos", Categories = ["chaos"], Status = true, Generation = true, Selectable = ["status.phase"])]
[Column("Phase", "string", ".status.phase")]
[Column("Struck", "integer", ".status.struck")]
[Column("Age", "date", ".metadata.creationTimestamp")]
public sealed partial class Chaos
{
    /// <summary>Name and labels.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>Whom it strikes.</summary>
    [Field(2), Required]
    public ChaosSpec Spec { get; set; } = new();

    /// <summary>How far it is.</summary>
    [Field(3, OmitZero = true)]
    public ChaosStatus Status { get; set; } = new();
}

/// <summary>Whom an act of chaos strikes.</summary>
[ApiType, Rule("self == oldSelf", Message = "an act of chaos cannot be changed")]
public sealed partial class ChaosSpec
{
    /// <summary>The pods it may strike, by their labels; an empty selector means every pod of the namespace.</summary>
    [Field(1), Required]
    public LabelSelector Selector { get; set; } = new();

    /// <summary>How many of them it strikes.</summary>
    [Field(2), Default(1), Range(Min = 1, Max = 1000)]
    public int? Victims { get; set; }

    /// <summary>Seconds between marking a pod and deleting it.</summary>
    [Field(3), Default(10), Range(Min = 0, Max = 3600)]
    public int? DelaySeconds { get; set; }
}

/// <summary>How far an act of chaos is.</summary>
[ApiType]
public sealed partial class ChaosStatus
{
    /// <summary>Aiming while pods are marked, Done after that. Empty before.</summary>
    [Field(1), OneOf("", "Aiming", "Done")]
    public string Phase { get; set; } = "";

    /// <summary>When the pods are deleted.</summary>
    [Field(2)]
    public DateTimeOffset? StrikesAt { get; set; }

    /// <summary>Whom it strikes. Written before anything is done, and never changed, so that no restart adds to it.</summary>
    [Field(3), ListType("map", "uid")]
    public List<Victim>? Victims { get; set; }

    /// <summary>How many pods it has deleted.</summary>
    [Field(4)]
    public int Struck { get; set; }
}

/// <summary>A pod that is struck.</summary>
[ApiType]
public sealed partial class Victim
{
    /// <summary>The pod's name.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>The pod's uid: another pod of the same name is safe.</summary>
    [Field(2), Required]
    public string Uid { get; set; } = "";
}

/// <summary>What <see cref="ChaosStatus.Phase"/> may be.</summary>
public static class ChaosPhase
{
    public const string Aiming = "Aiming";
    public const string Done = "Done";
}
