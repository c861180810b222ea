using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Batch.V1;

[Kind("batch/v1", "Job", "jobs", Categories = ["all"], Status = true, Selectable = ["status.successful=status.succeeded"], Generation = true, Rules = typeof(JobRules))]
public sealed partial class Job
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2)]
    public JobSpec Spec { get; set; } = new();

    [Field(3)]
    public JobStatus Status { get; set; } = new();
}

[ApiType]
public sealed partial class JobSpec
{
    [Field(1)]
    public int? Parallelism { get; set; }

    [Field(2)]
    public int? Completions { get; set; }

    [Field(3)]
    public long? ActiveDeadlineSeconds { get; set; }

    [Field(11)]
    public PodFailurePolicy? PodFailurePolicy { get; set; }

    [Field(16)]
    public SuccessPolicy? SuccessPolicy { get; set; }

    [Field(7)]
    public int? BackoffLimit { get; set; }

    [Field(12)]
    public int? BackoffLimitPerIndex { get; set; }

    [Field(13)]
    public int? MaxFailedIndexes { get; set; }

    [Field(4)]
    public LabelSelector? Selector { get; set; }

    [Field(5)]
    public bool? ManualSelector { get; set; }

    [Field(6), Required]
    public PodTemplateSpec Template { get; set; } = new();

    [Field(8)]
    public int? TtlSecondsAfterFinished { get; set; }

    [Field(9)]
    public string? CompletionMode { get; set; }

    [Field(10)]
    public bool? Suspend { get; set; }

    [Field(14)]
    public string? PodReplacementPolicy { get; set; }

    [Field(15)]
    public string? ManagedBy { get; set; }
}

public static class CompletionMode
{
    public const string NonIndexed = "NonIndexed";
    public const string Indexed = "Indexed";
}

public static class PodReplacementPolicy
{
    public const string TerminatingOrFailed = "TerminatingOrFailed";
    public const string Failed = "Failed";
}
