using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Apps.V1;

/// <summary>Past states are there, are numbered, and stay as they are (upstream: apis/apps/validation, ValidateControllerRevision).</summary>
public sealed partial class ControllerRevisionRules
{
    public override void Validate(ControllerRevision obj, FieldErrors errors)
    {
        if (obj.Data is null) errors.Required(FieldPath.Of("data"), "data is mandatory");
        errors.NonNegative(FieldPath.Of("revision"), obj.Revision);
    }

    public override void ValidateUpdate(ControllerRevision obj, ControllerRevision old, string subresource, FieldErrors errors)
    {
        Validate(obj, errors);
        if (!(obj.Data?.Equals(old.Data) ?? old.Data is null)) errors.Invalid(FieldPath.Of("data"), obj.Data?.ToString(), Checks.Immutable);
    }
}
