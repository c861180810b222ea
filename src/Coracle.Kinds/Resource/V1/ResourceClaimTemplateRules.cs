using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Resource.V1;

/// <summary>Templates of claims beyond their schema (upstream: apis/resource/validation, ValidateResourceClaimTemplate).</summary>
public sealed class ResourceClaimTemplateRules : KindRules<ResourceClaimTemplate>
{
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    public override void Default(JsonObject obj) => ClaimSpecChecks.Default(obj.Child("spec").Child("spec"));

    public override void Validate(ResourceClaimTemplate obj, FieldErrors errors)
    {
        var (metadata, path) = (obj.Spec.Metadata, SpecPath / "metadata");
        errors.Annotations(path / "annotations", metadata.Annotations);
        errors.Labels(path / "labels", metadata.Labels);
        ClaimSpecChecks.Check(obj.Spec.Spec.Devices, SpecPath / "spec" / "devices", errors);
    }

    public override void ValidateUpdate(ResourceClaimTemplate obj, ResourceClaimTemplate old, string subresource, FieldErrors errors)
    {
        if (!obj.Spec.ContentEquals(old.Spec)) errors.Invalid(SpecPath, Checks.Shown(obj.Spec), Checks.Immutable);
    }

    public override IReadOnlyList<TableColumn> Columns { get; } = [CommonColumns.Name, CommonColumns.Age];

    public override IReadOnlyList<object?> Cells(ResourceClaimTemplate obj, DateTimeOffset now) => [obj.Metadata.Name, Cell.Age(obj.Metadata, now)];
}
