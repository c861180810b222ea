using Coracle.Kinds.Printing;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Storage.V1;

/// <summary>Room for volumes beyond its schema (upstream: apis/storage/validation, ValidateCSIStorageCapacity).</summary>
public sealed class CSIStorageCapacityRules : KindRules<CSIStorageCapacity>
{
    public override void Validate(CSIStorageCapacity obj, FieldErrors errors)
    {
        errors.Selector(FieldPath.Of("nodeTopology"), obj.NodeTopology);
        errors.Subdomain(FieldPath.Of("storageClassName"), obj.StorageClassName);
        if (obj.Capacity is { } capacity && capacity < default(Quantity)) errors.Invalid(FieldPath.Of("capacity"), capacity, Checks.NotNegative);
    }

    public override void ValidateUpdate(CSIStorageCapacity obj, CSIStorageCapacity old, string subresource, FieldErrors errors)
    {
        Validate(obj, errors);
        if (obj.NodeTopology is { } topology ? !topology.ContentEquals(old.NodeTopology) : old.NodeTopology is not null)
            errors.Invalid(FieldPath.Of("nodeTopology"), Checks.Shown(obj.NodeTopology), Checks.Immutable);
        if (obj.StorageClassName != old.StorageClassName) errors.Invalid(FieldPath.Of("storageClassName"), obj.StorageClassName, Checks.Immutable);
    }

    public override void Warn(CSIStorageCapacity obj, CSIStorageCapacity? old, List<string> warnings)
    {
        var path = FieldPath.Of("nodeTopology");
        for (var i = 0; i < (obj.NodeTopology?.MatchExpressions?.Count ?? 0); i++)
            if (PodWarnings.OldNodeLabel(obj.NodeTopology!.MatchExpressions![i].Key) is { } message)
                warnings.Add($"{(path / "matchExpressions")[i] / "key"}: {obj.NodeTopology.MatchExpressions[i].Key} is {message}");
        foreach (var key in (obj.NodeTopology?.MatchLabels ?? []).Keys)
            if (PodWarnings.OldNodeLabel(key) is { } message) warnings.Add($"{path / "matchLabels" / key}: {message}");
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("StorageClassName", "The storage class."),
        CommonColumns.Text("Capacity", "How much room there is."),
    ];

    public override IReadOnlyList<object?> Cells(CSIStorageCapacity obj, DateTimeOffset now) =>
        [obj.Metadata.Name, obj.StorageClassName, obj.Capacity?.ToString() ?? "<unset>"];
}
