using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Storage.V1;

/// <summary>Classes of volumes' attributes beyond their schema (upstream: apis/storage/validation, ValidateVolumeAttributesClass).</summary>
public sealed class VolumeAttributesClassRules : KindRules<VolumeAttributesClass>
{
    /// <summary>Marks the class of claims that name none.</summary>
    private const string DefaultMark = "volumeattributesclass.alpha.kubernetes.io/is-default-class";

    public override void Validate(VolumeAttributesClass obj, FieldErrors errors)
    {
        StorageChecks.Provisioner(obj.DriverName, FieldPath.Of("driverName"), errors);
        StorageChecks.Parameters(obj.Parameters, mayBeEmpty: false, FieldPath.Of("parameters"), errors);
    }

    public override void ValidateUpdate(VolumeAttributesClass obj, VolumeAttributesClass old, string subresource, FieldErrors errors)
    {
        if (obj.DriverName != old.DriverName) errors.Forbidden(FieldPath.Of("driverName"), "updates to driverName are forbidden.");
        if (!StorageChecks.Same(obj.Parameters, old.Parameters)) errors.Forbidden(FieldPath.Of("parameters"), "updates to parameters are forbidden.");
        Validate(obj, errors);
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("DriverName", "The driver that knows the attributes."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(VolumeAttributesClass obj, DateTimeOffset now) =>
    [
        obj.Metadata.Annotations?.GetValueOrDefault(DefaultMark) == "true" ? obj.Metadata.Name + " (default)" : obj.Metadata.Name,
        obj.DriverName,
        Cell.Age(obj.Metadata, now),
    ];
}
