using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.FlowControl.V1;

/// <summary>A share of the requests that the server works on at once.</summary>
[Kind("flowcontrol.apiserver.k8s.io/v1", "PriorityLevelConfiguration", "prioritylevelconfigurations", Namespaced = false, Status = true,
    Generation = true, Rules = typeof(PriorityLevelConfigurationRules))]
public sealed partial class PriorityLevelConfiguration
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>How large the share is, and what happens beyond it.</summary>
    [Field(2)]
    public PriorityLevelConfigurationSpec Spec { get; set; } = new();

    /// <summary>How the level does.</summary>
    [Field(3)]
    public PriorityLevelConfigurationStatus Status { get; set; } = new();
}

/// <summary>How requests of a priority level are limited.</summary>
[ApiType]
[Union("type", "exempt=Exempt", "limited=Limited")]
public sealed partial class PriorityLevelConfigurationSpec
{
    /// <summary>Exempt from all limits, or Limited.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>The limits. For Limited alone.</summary>
    [Field(2)]
    public LimitedPriorityLevelConfiguration? Limited { get; set; }

    /// <summary>What an exempt level leaves to others. For Exempt alone.</summary>
    [Field(3)]
    public ExemptPriorityLevelConfiguration? Exempt { get; set; }
}

/// <summary>How large a level's share is, how much of it others may use, and what happens beyond it.</summary>
[ApiType]
public sealed partial class LimitedPriorityLevelConfiguration
{
    /// <summary>The level's part of all seats, in relation to the parts of all levels. 30 unless given.</summary>
    [Field(1, Always = true), Default(30)]
    public int? NominalConcurrencyShares { get; set; }

    /// <summary>What happens to requests beyond the limit.</summary>
    [Field(2)]
    public LimitResponse LimitResponse { get; set; } = new();

    /// <summary>How much of its seats the level lends, in percent of them. None unless given.</summary>
    [Field(3), Default(0)]
    public int? LendablePercent { get; set; }

    /// <summary>How many seats the level borrows at most, in percent of its own; without a limit when absent.</summary>
    [Field(4)]
    public int? BorrowingLimitPercent { get; set; }
}

/// <summary>What an exempt level leaves to others.</summary>
[ApiType]
public sealed partial class ExemptPriorityLevelConfiguration
{
    /// <summary>The part of all seats that is set aside for the level, in relation to the parts of all levels. None unless given.</summary>
    [Field(1), Default(0)]
    public int? NominalConcurrencyShares { get; set; }

    /// <summary>How much of those seats the level lends, in percent of them. None unless given.</summary>
    [Field(2), Default(0)]
    public int? LendablePercent { get; set; }
}

/// <summary>What happens to requests beyond the limit.</summary>
[ApiType]
[Union("type", "queuing=Queuing")]
public sealed partial class LimitResponse
{
    /// <summary>Queue, so that they wait, or Reject.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>The queues. For Queue alone.</summary>
    [Field(2)]
    public QueuingConfiguration? Queuing { get; set; }
}

/// <summary>The queues of a level.</summary>
[ApiType]
public sealed partial class QueuingConfiguration
{
    /// <summary>How many queues; 64 unless given.</summary>
    [Field(1, Always = true), Default(64)]
    public int Queues { get; set; }

    /// <summary>Among how many of them a flow chooses; 8 unless given.</summary>
    [Field(2, Always = true), Default(8)]
    public int HandSize { get; set; }

    /// <summary>How many requests may wait in one queue; 50 unless given.</summary>
    [Field(3, Always = true), Default(50)]
    public int QueueLengthLimit { get; set; }
}

/// <summary>How a priority level does.</summary>
[ApiType]
public sealed partial class PriorityLevelConfigurationStatus
{
    /// <summary>Its aspects.</summary>
    [Field(1), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<PriorityLevelConfigurationCondition>? Conditions { get; set; }
}

/// <summary>One aspect of how a priority level does.</summary>
[ApiType]
public sealed partial class PriorityLevelConfigurationCondition
{
    /// <summary>The aspect.</summary>
    [Field(1)]
    public string Type { get; set; } = "";

    /// <summary>True, False or Unknown.</summary>
    [Field(2)]
    public string Status { get; set; } = "";

    /// <summary>When the status last changed from one value to another.</summary>
    [Field(3, Always = true)]
    public DateTimeOffset? LastTransitionTime { get; set; }

    /// <summary>One word in CamelCase that says why, for programs.</summary>
    [Field(4)]
    public string Reason { get; set; } = "";

    /// <summary>What is going on, in words for people.</summary>
    [Field(5)]
    public string Message { get; set; } = "";
}

/// <summary>Whether a priority level has limits.</summary>
public static class PriorityLevelEnablement
{
    public const string Exempt = "Exempt";
    public const string Limited = "Limited";
}

/// <summary>What happens to requests beyond the limit.</summary>
public static class LimitResponseType
{
    public const string Queue = "Queue";
    public const string Reject = "Reject";
}
