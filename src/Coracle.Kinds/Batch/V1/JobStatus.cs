using Coracle.Schema;

namespace Coracle.Kinds.Batch.V1;

[ApiType]
public sealed partial class JobStatus
{
    [Field(1), ListType("atomic"), Patch("merge", MergeKey = "type")]
    public List<JobCondition>? Conditions { get; set; }

    [Field(2)]
    public DateTimeOffset? StartTime { get; set; }

    [Field(3)]
    public DateTimeOffset? CompletionTime { get; set; }

    [Field(4)]
    public int Active { get; set; }

    [Field(5)]
    public int Succeeded { get; set; }

    [Field(6)]
    public int Failed { get; set; }

    [Field(11)]
    public int? Terminating { get; set; }

    [Field(7)]
    public string CompletedIndexes { get; set; } = "";

    [Field(10)]
    public string? FailedIndexes { get; set; }

    [Field(8)]
    public UncountedTerminatedPods? UncountedTerminatedPods { get; set; }

    [Field(9)]
    public int? Ready { get; set; }
}

[ApiType]
public sealed partial class JobCondition
{
    [Field(1), Required]
    public string Type { get; set; } = "";

    [Field(2), Required]
    public string Status { get; set; } = "";

    [Field(3, Always = true)]
    public DateTimeOffset? LastProbeTime { get; set; }

    [Field(4, Always = true)]
    public DateTimeOffset? LastTransitionTime { get; set; }

    [Field(5)]
    public string Reason { get; set; } = "";

    [Field(6)]
    public string Message { get; set; } = "";
}

[ApiType]
public sealed partial class UncountedTerminatedPods
{
    [Field(1), ListType("set")]
    public List<string>? Succeeded { get; set; }

    [Field(2), ListType("set")]
    public List<string>? Failed { get; set; }
}

public static class JobConditionType
{
    public const string Suspended = "Suspended";
    public const string Complete = "Complete";
    public const string Failed = "Failed";
    public const string FailureTarget = "FailureTarget";
    public const string SuccessCriteriaMet = "SuccessCriteriaMet";
}
