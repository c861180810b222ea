using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Service accounts beyond their schema.</summary>
public sealed partial class ServiceAccountRules : KindRules<ServiceAccount>
{
    public override IReadOnlyList<TableColumn> Columns { get; } =
        [CommonColumns.Name, CommonColumns.Text("Secrets", "Number of secrets that pods of this account may mount."), CommonColumns.Age];

    public override IReadOnlyList<object?> Cells(ServiceAccount obj, DateTimeOffset now) =>
        [obj.Metadata.Name, (long)(obj.Secrets?.Count ?? 0), Cell.Age(obj.Metadata, now)];
}
