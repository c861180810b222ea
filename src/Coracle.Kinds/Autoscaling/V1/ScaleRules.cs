using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Autoscaling.V1;

/// <summary>Scales beyond their schema.</summary>
public sealed partial class ScaleRules : KindRules<Scale>
{
    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Number("Desired", "Instances wanted."),
        CommonColumns.Number("Available", "Instances that exist."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(Scale obj, DateTimeOffset now) =>
        [obj.Metadata.Name, (long)obj.Spec.Replicas, (long)obj.Status.Replicas, Cell.Age(obj.Metadata, now)];
}
