using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Apps.V1;

/// <summary>Daemon sets beyond their schema.</summary>
public sealed partial class DaemonSetRules : KindRules<DaemonSet>
{
    private const string TemplateGeneration = "deprecated.daemonset.template.generation";

    public override void Default(JsonObject obj)
    {
        var spec = obj.ChildOrNew("spec");
        PodDefaults.Template(spec.ChildOrNew("template"));
        var strategy = spec.ChildOrNew("updateStrategy");
        if (strategy.Text("type") != UpdateStrategyType.RollingUpdate) return;
        var rolling = strategy.ChildOrNew("rollingUpdate");
        rolling.ValueOr("maxUnavailable", 1);
        rolling.ValueOr("maxSurge", 0);
    }

    /// <summary>The template's own generation, which was a field once, is kept in an annotation (upstream: registry/apps/daemonset).</summary>
    public override void PrepareForCreate(JsonObject obj)
    {
        var annotations = obj.ChildOrNew("metadata").ChildOrNew("annotations");
        annotations[TemplateGeneration] = Number(annotations) < 1 ? "1" : Number(annotations).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    public override void PrepareForUpdate(JsonObject obj, JsonObject old, string subresource)
    {
        var generation = Number(old.Child("metadata").Child("annotations"));
        var changed = subresource.Length == 0 && Change.Of(obj.Child("spec"), old.Child("spec"), "template");
        obj.ChildOrNew("metadata").ChildOrNew("annotations")[TemplateGeneration] =
            (changed ? generation + 1 : generation).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static long Number(JsonObject? annotations) =>
        long.TryParse(annotations.Text(TemplateGeneration), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 0;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Number("Desired", "Nodes that should run a pod of the set."),
        CommonColumns.Number("Current", "Nodes that run a pod of the set and should."),
        CommonColumns.Number("Ready", "Nodes whose pod is ready."),
        CommonColumns.Number("Up-to-date", "Nodes that run a pod made from the current template."),
        CommonColumns.Number("Available", "Nodes whose pod has been ready for long enough to count."),
        CommonColumns.Text("Node Selector", "Labels that a node must have to run a pod of the set."),
        CommonColumns.Age,
        CommonColumns.Containers,
        CommonColumns.Images,
        CommonColumns.Selector,
    ];

    public override IReadOnlyList<object?> Cells(DaemonSet obj, DateTimeOffset now) =>
    [
        obj.Metadata.Name,
        (long)obj.Status.DesiredNumberScheduled,
        (long)obj.Status.CurrentNumberScheduled,
        (long)obj.Status.NumberReady,
        (long)obj.Status.UpdatedNumberScheduled,
        (long)obj.Status.NumberAvailable,
        LabelSelectorText.Labels(obj.Spec.Template.Spec.NodeSelector),
        Cell.Age(obj.Metadata, now),
        Cell.Names(obj.Spec.Template.Spec),
        Cell.Images(obj.Spec.Template.Spec),
        LabelSelectorText.Format(obj.Spec.Selector) ?? "<invalid>",
    ];
}
