using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Coordination.V1;

/// <summary>Leases beyond their schema.</summary>
public sealed partial class LeaseRules : KindRules<Lease>
{
    public override IReadOnlyList<TableColumn> Columns { get; } =
        [CommonColumns.Name, CommonColumns.Text("Holder", "Who holds the lease."), CommonColumns.Age];

    public override IReadOnlyList<object?> Cells(Lease obj, DateTimeOffset now) =>
        [obj.Metadata.Name, obj.Spec.HolderIdentity ?? "", Cell.Age(obj.Metadata, now)];
}
