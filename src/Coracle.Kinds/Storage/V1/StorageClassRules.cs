using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Storage.V1;

/// <summary>Storage classes beyond their schema.</summary>
public sealed partial class StorageClassRules : KindRules<StorageClass>
{
    /// <summary>Marks the class of claims that name none; the second is its older form.</summary>
    private static readonly string[] DefaultMarks = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Provisioner", "Who makes the volumes."),
        CommonColumns.Text("ReclaimPolicy", "What happens to a volume when its claim is deleted."),
        CommonColumns.Text("VolumeBindingMode", "When a claim gets its volume."),
        CommonColumns.Text("AllowVolumeExpansion", "Whether claims may ask for more room later."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(StorageClass obj, DateTimeOffset now) =>
    [
        IsDefault(obj) ? obj.Metadata.Name + " (default)" : obj.Metadata.Name,
        obj.Provisioner,
        obj.ReclaimPolicy ?? "Delete",
        obj.VolumeBindingMode ?? "<unset>",
        obj.AllowVolumeExpansion ?? false,
        Cell.Age(obj.Metadata, now),
    ];

    private static bool IsDefault(StorageClass obj) => DefaultMarks.Any(mark => obj.Metadata.Annotations?.GetValueOrDefault(mark) == "true");
}
