using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Replication controllers beyond their schema.</summary>
public sealed class ReplicationControllerRules : KindRules<ReplicationController>
{
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    /// <summary>What is not said of labels follows from the template.</summary>
    public override void Default(JsonObject obj)
    {
        if (obj.Child("spec") is not { } spec || spec.Child("template") is not { } template) return;
        PodDefaults.Template(template);
        if (template.Child("metadata").Child("labels") is not { Count: > 0 } labels) return;
        if (!spec.HasAny("selector")) spec["selector"] = labels.DeepClone();
        var metadata = obj.ChildOrNew("metadata");
        if (!metadata.HasAny("labels")) metadata["labels"] = labels.DeepClone();
    }

    /// <summary>The oldest clients expect that the pods stay.</summary>
    public override string DefaultPropagation => "Orphan";

    public override void Validate(ReplicationController obj, FieldErrors errors)
    {
        var spec = obj.Spec;
        errors.NonNegative(SpecPath / "minReadySeconds", spec.MinReadySeconds);
        if (spec.Selector is not { Count: > 0 }) errors.Required(SpecPath / "selector");
        errors.NonNegative(SpecPath / "replicas", spec.Replicas);
        if (spec.Template is null)
        {
            errors.Required(SpecPath / "template");
            return;
        }
        var labels = spec.Template.Metadata.Labels ?? [];
        if (spec.Selector?.All(s => labels.GetValueOrDefault(s.Key) == s.Value) == false)
            errors.Invalid(SpecPath / "template" / "metadata" / "labels", Checks.Shown(spec.Template.Metadata.Labels), "`selector` does not match template `labels`");
        Workloads.Template(spec.Template, null, "ReplicationController", SpecPath / "template", errors);
    }

    public override void ValidateUpdate(ReplicationController obj, ReplicationController old, string subresource, FieldErrors errors)
    {
        if (subresource == "status") Counts(obj.Status, errors);
        else Validate(obj, errors);
    }

    public override void Warn(ReplicationController obj, ReplicationController? old, List<string> warnings)
    {
        if (old is null) PodWarnings.Name(obj.Metadata.Name, warnings);
        if (obj.Spec.Template is { } template && (old is null || obj.Metadata.Generation != old.Metadata.Generation))
            PodWarnings.Template(template, SpecPath / "template", warnings);
    }

    private static void Counts(ReplicationControllerStatus status, FieldErrors errors)
    {
        var path = FieldPath.Of("status");
        errors.NonNegative(path / "replicas", status.Replicas);
        errors.NonNegative(path / "fullyLabeledReplicas", status.FullyLabeledReplicas);
        errors.NonNegative(path / "readyReplicas", status.ReadyReplicas);
        errors.NonNegative(path / "availableReplicas", status.AvailableReplicas);
        errors.NonNegative(path / "observedGeneration", status.ObservedGeneration);
        Workloads.NotAbove(errors, path / "fullyLabeledReplicas", status.FullyLabeledReplicas, status.Replicas, "status.replicas");
        Workloads.NotAbove(errors, path / "readyReplicas", status.ReadyReplicas, status.Replicas, "status.replicas");
        Workloads.NotAbove(errors, path / "availableReplicas", status.AvailableReplicas, status.Replicas, "status.replicas");
        Workloads.NotAbove(errors, path / "availableReplicas", status.AvailableReplicas, status.ReadyReplicas, "readyReplicas");
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Number("Desired", "Pods wanted."),
        CommonColumns.Number("Current", "Pods that exist."),
        CommonColumns.Number("Ready", "Pods that are ready."),
        CommonColumns.Age,
        CommonColumns.Containers,
        CommonColumns.Images,
        CommonColumns.Selector,
    ];

    public override IReadOnlyList<object?> Cells(ReplicationController obj, DateTimeOffset now) =>
    [
        obj.Metadata.Name,
        (long)(obj.Spec.Replicas ?? 0),
        (long)obj.Status.Replicas,
        (long)obj.Status.ReadyReplicas,
        Cell.Age(obj.Metadata, now),
        Cell.Names(obj.Spec.Template?.Spec ?? new()),
        Cell.Images(obj.Spec.Template?.Spec ?? new()),
        LabelSelectorText.Labels(obj.Spec.Selector),
    ];
}
