using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Templates of pods beyond their schema.</summary>
public sealed partial class PodTemplateRules : KindRules<PodTemplate>
{
    public override void Default(JsonObject obj) => PodDefaults.Template(obj.Child("template"));

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Containers with { Priority = 0 },
        CommonColumns.Images with { Priority = 0 },
        CommonColumns.Text("Pod Labels", "Labels that pods made from the template get."),
    ];

    public override IReadOnlyList<object?> Cells(PodTemplate obj, DateTimeOffset now) =>
    [
        obj.Metadata.Name,
        Cell.Names(obj.Template.Spec),
        Cell.Images(obj.Template.Spec),
        LabelSelectorText.Labels(obj.Template.Metadata.Labels),
    ];
}
