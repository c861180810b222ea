using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>Policies that validate, beyond their schema.</summary>
public sealed partial class ValidatingAdmissionPolicyRules : KindRules<ValidatingAdmissionPolicy>
{
    public override void Default(JsonObject obj) => AdmissionDefaults.Match(obj.Child("spec").Child("matchConstraints"));

    public override IReadOnlyList<TableColumn> Columns { get; } =
        [CommonColumns.Name, CommonColumns.Number("Validations", "Rules of the policy."), PolicyTable.ParamKind, CommonColumns.Age];

    public override IReadOnlyList<object?> Cells(ValidatingAdmissionPolicy obj, DateTimeOffset now) =>
        [obj.Metadata.Name, (long)(obj.Spec.Validations?.Count ?? 0), PolicyTable.Kind(obj.Spec.ParamKind), Cell.Age(obj.Metadata, now)];
}

/// <summary>Bindings of policies that validate, beyond their schema.</summary>
public sealed class ValidatingAdmissionPolicyBindingRules : KindRules<ValidatingAdmissionPolicyBinding>
{
    private static readonly string[] Actions = ["Audit", "Deny", "Warn"];

    public override void Default(JsonObject obj) => AdmissionDefaults.Match(obj.Child("spec").Child("matchResources"));

    public override IReadOnlyList<TableColumn> Columns => PolicyTable.BindingColumns;

    public override IReadOnlyList<object?> Cells(ValidatingAdmissionPolicyBinding obj, DateTimeOffset now) =>
        PolicyTable.BindingCells(obj.Metadata, obj.Spec.PolicyName, obj.Spec.ParamRef, now);

    public override void Validate(ValidatingAdmissionPolicyBinding obj, FieldErrors errors)
    {
        PolicyValidation.Binding(obj.Spec.PolicyName, obj.Spec.ParamRef, obj.Spec.MatchResources, errors);
        CheckActions(obj.Spec.ValidationActions ?? [], FieldPath.Of("spec") / "validationActions", errors);
    }

    public override void ValidateUpdate(ValidatingAdmissionPolicyBinding obj, ValidatingAdmissionPolicyBinding old, string subresource, FieldErrors errors) => Validate(obj, errors);

    private static void CheckActions(List<string> actions, FieldPath path, FieldErrors errors)
    {
        for (var i = 0; i < actions.Count; i++)
        {
            if (!Actions.Contains(actions[i])) errors.NotSupported(path[i], actions[i], Actions);
            if (actions.IndexOf(actions[i]) < i) errors.Duplicate(path[i], actions[i]);
        }
        if (actions.Contains(ValidationAction.Deny) && actions.Contains(ValidationAction.Warn))
            errors.Invalid(path, Checks.Shown(actions),
                "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)");
        if (actions.Count == 0) errors.Required(path, "at least one validation action is required");
    }
}
