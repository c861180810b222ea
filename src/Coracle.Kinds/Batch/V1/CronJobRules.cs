using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Batch.V1;

/// <summary>Cron jobs beyond their schema.</summary>
public sealed partial class CronJobRules : KindRules<CronJob>
{
    public override void Default(JsonObject obj) =>
        PodDefaults.Template(obj.ChildOrNew("spec").ChildOrNew("jobTemplate").ChildOrNew("spec").ChildOrNew("template"));

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Schedule", "When jobs are made, as a cron expression."),
        CommonColumns.Text("Timezone", "The time zone in which the schedule is meant."),
        new("Suspend", "boolean", "", "Whether the making of jobs is paused."),
        CommonColumns.Number("Active", "Jobs that run now."),
        CommonColumns.Text("Last Schedule", "Time since a job was last made."),
        CommonColumns.Age,
        CommonColumns.Containers,
        CommonColumns.Images,
        CommonColumns.Selector,
    ];

    public override IReadOnlyList<object?> Cells(CronJob obj, DateTimeOffset now)
    {
        var job = obj.Spec.JobTemplate.Spec;
        return
        [
            obj.Metadata.Name,
            obj.Spec.Schedule,
            obj.Spec.TimeZone ?? "<none>",
            obj.Spec.Suspend switch { true => "True", false => "False", null => "<unset>" },
            (long)(obj.Status.Active?.Count ?? 0),
            obj.Status.LastScheduleTime is { } last ? HumanDuration.Of(now - last) : "<none>",
            Cell.Age(obj.Metadata, now),
            Cell.Names(job.Template.Spec),
            Cell.Images(job.Template.Spec),
            Cell.Selector(job.Selector),
        ];
    }
}
