using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Batch.V1;

/// <summary>Jobs beyond their schema. Their defaults stand here because the template of a cron job, of the same type, does not get them.</summary>
public sealed partial class JobRules : KindRules<Job>
{
    /// <summary>As it was before there was a choice, and only of this version.</summary>
    public override string DefaultPropagation => "Orphan";

    public override string? OrphaningWarning => "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning";

    public override void Default(JsonObject obj)
    {
        var spec = obj.ChildOrNew("spec");
        var template = spec.ChildOrNew("template");
        PodDefaults.Template(template);

        if (!spec.IsSet("parallelism")) spec.ValueOr("completions", 1);
        spec.ValueOr("parallelism", 1);
        spec.ValueOr("backoffLimit", spec.IsSet("backoffLimitPerIndex") ? int.MaxValue : 6);
        spec.ValueOr("completionMode", CompletionMode.NonIndexed);
        spec.ValueOr("suspend", false);
        var replacement = spec.IsSet("podFailurePolicy") ? PodReplacementPolicy.Failed : PodReplacementPolicy.TerminatingOrFailed;
        spec.ValueOr("podReplacementPolicy", replacement);
        spec.ValueOr("manualSelector", false);

        var metadata = obj.ChildOrNew("metadata");
        if (!metadata.HasAny("labels") && template.Child("metadata").Child("labels") is { } labels) metadata["labels"] = labels.DeepClone();
    }

    /// <summary>
    /// Gives the job's pods labels that no other job's have, and the job the selector for them, unless the user chose both (upstream: pkg/registry/batch/job,
    /// generateSelector). What the user set stays: where it disagrees, validation says so.
    /// </summary>
    public override void PrepareForCreate(JsonObject obj)
    {
        var spec = obj.ChildOrNew("spec");
        if (spec["manualSelector"] is JsonValue manual && manual.TryGetValue<bool>(out var chosen) && chosen) return;
        var metadata = obj.ChildOrNew("metadata");
        var (name, uid) = ((string?)metadata["name"] ?? "", (string?)metadata["uid"] ?? "");
        var labels = spec.ChildOrNew("template").ChildOrNew("metadata").ChildOrNew("labels");
        labels.ValueOr(LegacyNameLabel, name);
        labels.ValueOr(NameLabel, name);
        labels.ValueOr(LegacyControllerUidLabel, uid);
        labels.ValueOr(ControllerUidLabel, uid);
        spec.ChildOrNew("selector").ChildOrNew("matchLabels").ValueOr(ControllerUidLabel, uid);
    }

    private const string NameLabel = "batch.kubernetes.io/job-name";
    private const string ControllerUidLabel = "batch.kubernetes.io/controller-uid";
    private const string LegacyNameLabel = "job-name";
    private const string LegacyControllerUidLabel = "controller-uid";

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Status", "The job's state in one word."),
        CommonColumns.Text("Completions", "Pods that succeeded, of those that must."),
        CommonColumns.Text("Duration", "Time from start to end, or to now."),
        CommonColumns.Age,
        CommonColumns.Containers,
        CommonColumns.Images,
        CommonColumns.Selector,
    ];

    public override IReadOnlyList<object?> Cells(Job obj, DateTimeOffset now) =>
    [
        obj.Metadata.Name,
        Status(obj),
        Completions(obj),
        obj.Status.StartTime is { } start ? HumanDuration.Of((obj.Status.CompletionTime ?? now) - start) : "",
        Cell.Age(obj.Metadata, now),
        Cell.Names(obj.Spec.Template.Spec),
        Cell.Images(obj.Spec.Template.Spec),
        Cell.Selector(obj.Spec.Selector),
    ];

    private static string Completions(Job job)
    {
        if (job.Spec.Completions is { } wanted) return $"{job.Status.Succeeded}/{wanted}";
        return job.Spec.Parallelism > 1 ? $"{job.Status.Succeeded}/1 of {job.Spec.Parallelism}" : $"{job.Status.Succeeded}/1";
    }

    private static string Status(Job job)
    {
        bool Is(string type) => job.Status.Conditions?.Find(c => c.Type == type)?.Status == ConditionStatus.True;
        if (Is(JobConditionType.Complete)) return "Complete";
        if (Is(JobConditionType.Failed)) return "Failed";
        if (job.Metadata.DeletionTimestamp is not null) return "Terminating";
        if (Is(JobConditionType.Suspended)) return "Suspended";
        return Is(JobConditionType.FailureTarget) ? "FailureTarget" : "Running";
    }
}
