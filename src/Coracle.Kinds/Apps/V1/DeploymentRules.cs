using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Apps.V1;

/// <summary>Deployments beyond their schema.</summary>
public sealed partial class DeploymentRules : KindRules<Deployment>
{
    public override void Default(JsonObject obj)
    {
        var spec = obj.ChildOrNew("spec");
        PodDefaults.Template(spec.ChildOrNew("template"));
        var strategy = spec.ChildOrNew("strategy");
        if (strategy.Text("type") != DeploymentStrategyType.RollingUpdate) return;
        var rolling = strategy.ChildOrNew("rollingUpdate");
        rolling.ValueOr("maxUnavailable", "25%");
        rolling.ValueOr("maxSurge", "25%");
    }

    /// <summary>Annotations count as well: a deployment passes them on to its replica sets.</summary>
    public override bool? ChangesGeneration(JsonObject obj, JsonObject old) =>
        Change.Beside(obj, old, "status") || Change.Of(obj.Child("metadata"), old.Child("metadata"), "annotations");

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Ready", "Pods that are ready, of those wanted."),
        CommonColumns.Text("Up-to-date", "Pods made from the current template."),
        CommonColumns.Text("Available", "Pods that have been ready for long enough to count."),
        CommonColumns.Age,
        CommonColumns.Containers,
        CommonColumns.Images,
        CommonColumns.Selector,
    ];

    public override IReadOnlyList<object?> Cells(Deployment obj, DateTimeOffset now) =>
    [
        obj.Metadata.Name,
        $"{obj.Status.ReadyReplicas}/{obj.Spec.Replicas ?? 0}",
        (long)obj.Status.UpdatedReplicas,
        (long)obj.Status.AvailableReplicas,
        Cell.Age(obj.Metadata, now),
        Cell.Names(obj.Spec.Template.Spec),
        Cell.Images(obj.Spec.Template.Spec),
        LabelSelectorText.Format(obj.Spec.Selector) ?? "<invalid>",
    ];
}
