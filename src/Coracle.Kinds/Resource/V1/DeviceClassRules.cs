using Coracle.Kinds.Printing;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Resource.V1;

/// <summary>Classes of devices beyond their schema (upstream: apis/resource/validation, ValidateDeviceClass).</summary>
public sealed class DeviceClassRules : KindRules<DeviceClass>
{
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    public override void Validate(DeviceClass obj, FieldErrors errors)
    {
        DeviceChecks.Selectors(obj.Spec.Selectors, SpecPath / "selectors", errors);
        if (DeviceChecks.Fits(obj.Spec.Config?.Count, DeviceChecks.ConfigMax, SpecPath / "config", errors))
            for (var i = 0; i < (obj.Spec.Config?.Count ?? 0); i++) DeviceChecks.Configuration(obj.Spec.Config![i].Opaque, (SpecPath / "config")[i], errors);
        if (obj.Spec.ExtendedResourceName is { } name && !ResourceNames.IsExtended(name))
            errors.Invalid(SpecPath / "extendedResourceName", name, "must be a valid extended resource name");
    }

    public override void ValidateUpdate(DeviceClass obj, DeviceClass old, string subresource, FieldErrors errors) => Validate(obj, errors);

    public override IReadOnlyList<TableColumn> Columns { get; } = [CommonColumns.Name, CommonColumns.Age];

    public override IReadOnlyList<object?> Cells(DeviceClass obj, DateTimeOffset now) => [obj.Metadata.Name, Cell.Age(obj.Metadata, now)];
}
