using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Batch.V1;

/// <summary>Jobs made on a schedule.</summary>
[Kind("batch/v1", "CronJob", "cronjobs", ShortNames = ["cj"], Categories = ["all"], Status = true, Generation = true,
    Rules = typeof(CronJobRules))]
public sealed partial class CronJob
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is to be made, and when.</summary>
    [Field(2), Required]
    public CronJobSpec Spec { get; set; } = new();

    /// <summary>What has been made.</summary>
    [Field(3)]
    public CronJobStatus Status { get; set; } = new();
}

/// <summary>Which jobs are made, and when.</summary>
[ApiType]
public sealed partial class CronJobSpec
{
    /// <summary>When, as a cron expression of five fields.</summary>
    [Field(1), Required]
    public string Schedule { get; set; } = "";

    /// <summary>The time zone in which the schedule is meant: Europe/Paris. That of the controller when absent.</summary>
    [Field(8)]
    public string? TimeZone { get; set; }

    /// <summary>By how many seconds a job may be late before it is left out.</summary>
    [Field(2)]
    public long? StartingDeadlineSeconds { get; set; }

    /// <summary>What to do when the last job still runs: Allow, Forbid (leave this one out) or Replace (end the last one).</summary>
    [Field(3), Default("Allow"), OneOf("Allow", "Forbid", "Replace")]
    public string ConcurrencyPolicy { get; set; } = "";

    /// <summary>No jobs are made while true.</summary>
    [Field(4), Default(false)]
    public bool? Suspend { get; set; }

    /// <summary>What the jobs look like.</summary>
    [Field(5), Required]
    public JobTemplateSpec JobTemplate { get; set; } = new();

    /// <summary>How many jobs that succeeded are kept. 3 unless given.</summary>
    [Field(6), Default(3)]
    public int? SuccessfulJobsHistoryLimit { get; set; }

    /// <summary>How many jobs that failed are kept. 1 unless given.</summary>
    [Field(7), Default(1)]
    public int? FailedJobsHistoryLimit { get; set; }
}

/// <summary>What jobs made from a template look like.</summary>
[ApiType]
public sealed partial class JobTemplateSpec
{
    /// <summary>Labels and annotations that the jobs get.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What the jobs are to do.</summary>
    [Field(2)]
    public JobSpec Spec { get; set; } = new();
}

/// <summary>What a cron job has made.</summary>
[ApiType]
public sealed partial class CronJobStatus
{
    /// <summary>Jobs that run now.</summary>
    [Field(1), ListType("atomic")]
    public List<ObjectReference>? Active { get; set; }

    /// <summary>When a job was last made.</summary>
    [Field(4)]
    public DateTimeOffset? LastScheduleTime { get; set; }

    /// <summary>When a job last succeeded.</summary>
    [Field(5)]
    public DateTimeOffset? LastSuccessfulTime { get; set; }
}

/// <summary>What to do when the last job still runs.</summary>
public static class ConcurrencyPolicy
{
    public const string Allow = "Allow";
    public const string Forbid = "Forbid";
    public const string Replace = "Replace";
}
