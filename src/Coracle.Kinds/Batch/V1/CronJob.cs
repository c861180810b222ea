using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Batch.V1;

[Kind("batch/v1", "CronJob", "cronjobs", ShortNames = ["cj"], Categories = ["all"], Status = true, Generation = true, Rules = typeof(CronJobRules))]
public sealed partial class CronJob
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2), Required]
    public CronJobSpec Spec { get; set; } = new();

    [Field(3)]
    public CronJobStatus Status { get; set; } = new();
}

[ApiType]
public sealed partial class CronJobSpec
{
    [Field(1), Required]
    public string Schedule { get; set; } = "";

    [Field(8)]
    public string? TimeZone { get; set; }

    [Field(2)]
    public long? StartingDeadlineSeconds { get; set; }

    [Field(3), Default("Allow")]
    public string ConcurrencyPolicy { get; set; } = "";

    [Field(4), Default(false)]
    public bool? Suspend { get; set; }

    [Field(5), Required]
    public JobTemplateSpec JobTemplate { get; set; } = new();

    [Field(6), Default(3)]
    public int? SuccessfulJobsHistoryLimit { get; set; }

    [Field(7), Default(1)]
    public int? FailedJobsHistoryLimit { get; set; }
}

[ApiType]
public sealed partial class JobTemplateSpec
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2)]
    public JobSpec Spec { get; set; } = new();
}

[ApiType]
public sealed partial class CronJobStatus
{
    [Field(1), ListType("atomic")]
    public List<ObjectReference>? Active { get; set; }

    [Field(4)]
    public DateTimeOffset? LastScheduleTime { get; set; }

    [Field(5)]
    public DateTimeOffset? LastSuccessfulTime { get; set; }
}

public static class ConcurrencyPolicy
{
    public const string Allow = "Allow";
    public const string Forbid = "Forbid";
    public const string Replace = "Replace";
}
