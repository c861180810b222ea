using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Batch.V1;

/// <summary>Pods that run to their end, until enough of them have succeeded.</summary>
[Kind("batch/v1", "Job", "jobs", Categories = ["all"], Status = true, Selectable = ["status.successful=status.succeeded"],
    Generation = true, Rules = typeof(JobRules))]
public sealed partial class Job
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is to be done.</summary>
    [Field(2)]
    public JobSpec Spec { get; set; } = new();

    /// <summary>How far it is.</summary>
    [Field(3)]
    public JobStatus Status { get; set; } = new();
}

/// <summary>What a job is to do.</summary>
[ApiType]
public sealed partial class JobSpec
{
    /// <summary>How many pods run at a time, at most. 1 unless given.</summary>
    [Field(1)]
    public int? Parallelism { get; set; }

    /// <summary>How many pods must succeed. Absent, with parallelism: the first success ends the job.</summary>
    [Field(2)]
    public int? Completions { get; set; }

    /// <summary>Seconds after the start at which the job is ended as failed.</summary>
    [Field(3)]
    public long? ActiveDeadlineSeconds { get; set; }

    /// <summary>What failures of certain kinds mean for the job.</summary>
    [Field(11)]
    public PodFailurePolicy? PodFailurePolicy { get; set; }

    /// <summary>When the job counts as done before all its pods have succeeded. For Indexed jobs.</summary>
    [Field(16)]
    public SuccessPolicy? SuccessPolicy { get; set; }

    /// <summary>After how many failures the job has failed. 6 unless given.</summary>
    [Field(7)]
    public int? BackoffLimit { get; set; }

    /// <summary>After how many failures one index has failed. For Indexed jobs whose pods are never restarted.</summary>
    [Field(12)]
    public int? BackoffLimitPerIndex { get; set; }

    /// <summary>After how many failed indexes the job has failed.</summary>
    [Field(13)]
    public int? MaxFailedIndexes { get; set; }

    /// <summary>Labels of the pods that belong to the job. Generated, unless manualSelector is set.</summary>
    [Field(4)]
    public LabelSelector? Selector { get; set; }

    /// <summary>The selector and the pods' labels are the user's own care.</summary>
    [Field(5)]
    public bool? ManualSelector { get; set; }

    /// <summary>What the pods look like. Their restartPolicy must be Never or OnFailure.</summary>
    [Field(6), Required]
    public PodTemplateSpec Template { get; set; } = new();

    /// <summary>Seconds after its end at which the job is deleted.</summary>
    [Field(8)]
    public int? TtlSecondsAfterFinished { get; set; }

    /// <summary>Whether pods are all alike (NonIndexed) or each index must succeed once (Indexed). Cannot be changed.</summary>
    [Field(9), OneOf("NonIndexed", "Indexed")]
    public string? CompletionMode { get; set; }

    /// <summary>True stops the job: its pods are deleted, and none are made. False lets it go on.</summary>
    [Field(10)]
    public bool? Suspend { get; set; }

    /// <summary>When a pod is replaced: once it is terminating (TerminatingOrFailed), or only when it has ended (Failed).</summary>
    [Field(14)]
    public string? PodReplacementPolicy { get; set; }

    /// <summary>The controller that runs the job; the built-in one when absent. Cannot be changed.</summary>
    [Field(15)]
    public string? ManagedBy { get; set; }
}

/// <summary>What counts as a job's success.</summary>
public static class CompletionMode
{
    public const string NonIndexed = "NonIndexed";
    public const string Indexed = "Indexed";
}

/// <summary>When a job's pod is replaced.</summary>
public static class PodReplacementPolicy
{
    public const string TerminatingOrFailed = "TerminatingOrFailed";
    public const string Failed = "Failed";
}
