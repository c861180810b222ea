using Coracle.Schema;

namespace Coracle.Kinds.Batch.V1;

/// <summary>How far a job is.</summary>
[ApiType]
public sealed partial class JobStatus
{
    /// <summary>How the job does. Complete or Failed mark its end.</summary>
    [Field(1), ListType("atomic"), Patch("merge", MergeKey = "type")]
    public List<JobCondition>? Conditions { get; set; }

    /// <summary>When the job was taken up, or resumed.</summary>
    [Field(2)]
    public DateTimeOffset? StartTime { get; set; }

    /// <summary>When the job succeeded.</summary>
    [Field(3)]
    public DateTimeOffset? CompletionTime { get; set; }

    /// <summary>Pods that have not ended.</summary>
    [Field(4)]
    public int Active { get; set; }

    /// <summary>Pods that succeeded.</summary>
    [Field(5)]
    public int Succeeded { get; set; }

    /// <summary>Pods that failed.</summary>
    [Field(6)]
    public int Failed { get; set; }

    /// <summary>Pods that are being deleted but have not ended.</summary>
    [Field(11)]
    public int? Terminating { get; set; }

    /// <summary>Indexes that succeeded, as numbers and ranges: "1,3-5,7".</summary>
    [Field(7)]
    public string CompletedIndexes { get; set; } = "";

    /// <summary>Indexes that failed, as numbers and ranges.</summary>
    [Field(10)]
    public string? FailedIndexes { get; set; }

    /// <summary>Pods that have ended but are not in the counters yet.</summary>
    [Field(8)]
    public UncountedTerminatedPods? UncountedTerminatedPods { get; set; }

    /// <summary>Pods that are ready.</summary>
    [Field(9)]
    public int? Ready { get; set; }
}

/// <summary>One aspect of how a job does.</summary>
[ApiType]
public sealed partial class JobCondition
{
    /// <summary>The aspect: Complete, Failed, Suspended, FailureTarget or SuccessCriteriaMet.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>True, False or Unknown.</summary>
    [Field(2), Required]
    public string Status { get; set; } = "";

    /// <summary>When the condition was last looked at.</summary>
    [Field(3, Always = true)]
    public DateTimeOffset? LastProbeTime { get; set; }

    /// <summary>When the status last changed from one value to another.</summary>
    [Field(4, Always = true)]
    public DateTimeOffset? LastTransitionTime { get; set; }

    /// <summary>One word in CamelCase that says why, for programs.</summary>
    [Field(5)]
    public string Reason { get; set; } = "";

    /// <summary>What is going on, in words for people.</summary>
    [Field(6)]
    public string Message { get; set; } = "";
}

/// <summary>Pods that have ended but are not in the counters yet. Makes the count exact when a controller is interrupted.</summary>
[ApiType]
public sealed partial class UncountedTerminatedPods
{
    /// <summary>UIDs of those that succeeded.</summary>
    [Field(1), ListType("set")]
    public List<string>? Succeeded { get; set; }

    /// <summary>UIDs of those that failed.</summary>
    [Field(2), ListType("set")]
    public List<string>? Failed { get; set; }
}

/// <summary>Aspects of how a job does.</summary>
public static class JobConditionType
{
    public const string Suspended = "Suspended";
    public const string Complete = "Complete";
    public const string Failed = "Failed";
    public const string FailureTarget = "FailureTarget";
    public const string SuccessCriteriaMet = "SuccessCriteriaMet";
}
