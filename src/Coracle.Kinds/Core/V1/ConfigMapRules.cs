using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Config maps beyond their schema.</summary>
public sealed partial class ConfigMapRules : KindRules<ConfigMap>
{
    public override IReadOnlyList<TableColumn> Columns { get; } =
        [CommonColumns.Name, CommonColumns.Text("Data", "Number of keys, text and binary."), CommonColumns.Age];

    public override IReadOnlyList<object?> Cells(ConfigMap obj, DateTimeOffset now) =>
        [obj.Metadata.Name, (long)((obj.Data?.Count ?? 0) + (obj.BinaryData?.Count ?? 0)), Cell.Age(obj.Metadata, now)];
}
