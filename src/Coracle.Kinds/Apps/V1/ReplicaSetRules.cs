using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Apps.V1;

/// <summary>Replica sets beyond their schema.</summary>
public sealed partial class ReplicaSetRules : KindRules<ReplicaSet>
{
    public override void Default(JsonObject obj) => PodDefaults.Template(obj.ChildOrNew("spec").ChildOrNew("template"));

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

    public override IReadOnlyList<object?> Cells(ReplicaSet obj, DateTimeOffset now) =>
    [
        obj.Metadata.Name,
        (long)(obj.Spec.Replicas ?? 0),
        (long)obj.Status.Replicas,
        (long)obj.Status.ReadyReplicas,
        Cell.Age(obj.Metadata, now),
        Cell.Names(obj.Spec.Template.Spec),
        Cell.Images(obj.Spec.Template.Spec),
        Cell.Selector(obj.Spec.Selector),
    ];
}
