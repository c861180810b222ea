using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>Policies that mutate, beyond their schema.</summary>
public sealed class MutatingAdmissionPolicyRules : KindRules<MutatingAdmissionPolicy>
{
    public override void Default(JsonObject obj) => AdmissionDefaults.Match(obj.Child("spec").Child("matchConstraints"));

    public override IReadOnlyList<TableColumn> Columns { get; } =
        [CommonColumns.Name, CommonColumns.Number("Mutations", "Changes that the policy makes."), PolicyTable.ParamKind, CommonColumns.Age];

    public override IReadOnlyList<object?> Cells(MutatingAdmissionPolicy obj, DateTimeOffset now) =>
        [obj.Metadata.Name, (long)(obj.Spec.Mutations?.Count ?? 0), PolicyTable.Kind(obj.Spec.ParamKind), Cell.Age(obj.Metadata, now)];

    public override void Validate(MutatingAdmissionPolicy obj, FieldErrors errors) => Check(obj.Spec, null, errors);

    public override void ValidateUpdate(MutatingAdmissionPolicy obj, MutatingAdmissionPolicy old, string subresource, FieldErrors errors) => Check(obj.Spec, old.Spec, errors);

    private static void Check(MutatingAdmissionPolicySpec spec, MutatingAdmissionPolicySpec? old, FieldErrors errors)
    {
        var path = FieldPath.Of("spec");
        var checks = new PolicyExpressions(spec.ParamKind is not null, spec.Variables ?? []);
        RuleValidation.FailurePolicy(spec.FailurePolicy, path / "failurePolicy", errors);
        PolicyValidation.ParamKind(spec.ParamKind, path / "paramKind", errors);
        RuleValidation.Constraints(spec.MatchConstraints, path / "matchConstraints", errors);
        if (old is null || !SameConditions(spec, old)) RuleValidation.Conditions(spec.MatchConditions, spec.ParamKind is not null, path / "matchConditions", errors);
        checks.Variables(path / "variables", errors);
        if (spec.Mutations is not { Count: > 0 }) errors.Required(path / "mutations", "mutations must contain at least one item");
        for (var i = 0; i < (spec.Mutations?.Count ?? 0); i++) One(spec.Mutations![i], checks, (path / "mutations")[i], errors);
        if (spec.ReinvocationPolicy.Length == 0) errors.Required(path / "reinvocationPolicy");
        else errors.OneOf(path / "reinvocationPolicy", spec.ReinvocationPolicy, RuleValidation.ReinvocationPolicies);
    }

    private static bool SameConditions(MutatingAdmissionPolicySpec now, MutatingAdmissionPolicySpec old) =>
        (now.ParamKind?.ContentEquals(old.ParamKind) ?? old.ParamKind is null) && (now.MatchConditions?.Count ?? 0) == (old.MatchConditions?.Count ?? 0)
        && (now.MatchConditions ?? []).Zip(old.MatchConditions ?? []).All(pair => pair.First.ContentEquals(pair.Second));

    private static void One(Mutation mutation, PolicyExpressions checks, FieldPath path, FieldErrors errors)
    {
        switch (mutation.PatchType)
        {
            case "": errors.Required(path / "patchType"); break;
            case PatchType.JSONPatch:
                Form("jsonPatch", mutation.JsonPatch?.Expression, PatchType.JSONPatch, checks, path, errors);
                if (mutation.ApplyConfiguration is not null) errors.Invalid(path / "applyConfiguration", "{applyConfiguration}", "must not be specified when patchType is JSONPatch");
                break;
            case PatchType.ApplyConfiguration:
                Form("applyConfiguration", mutation.ApplyConfiguration?.Expression, PatchType.ApplyConfiguration, checks, path, errors);
                if (mutation.JsonPatch is not null) errors.Invalid(path / "jsonPatch", "{jsonPatch}", "must not be specified when patchType is ApplyConfiguration");
                break;
            default: errors.NotSupported(path / "patchType", mutation.PatchType, [PatchType.ApplyConfiguration, PatchType.JSONPatch]); break;
        }
    }

    private static void Form(string field, string? expression, string type, PolicyExpressions checks, FieldPath path, FieldErrors errors)
    {
        if (expression is null) errors.Required(path / field, $"must be specified when patchType is {type}");
        else if (expression.Trim().Length == 0) errors.Required(path / field / "expression", "expression is not specified");
        else checks.Mutation(type, expression, path / field / "expression", errors);
    }
}

/// <summary>Bindings of policies that mutate, beyond their schema.</summary>
public sealed class MutatingAdmissionPolicyBindingRules : KindRules<MutatingAdmissionPolicyBinding>
{
    public override void Default(JsonObject obj) => AdmissionDefaults.Match(obj.Child("spec").Child("matchResources"));

    public override IReadOnlyList<TableColumn> Columns => PolicyTable.BindingColumns;

    public override IReadOnlyList<object?> Cells(MutatingAdmissionPolicyBinding obj, DateTimeOffset now) =>
        PolicyTable.BindingCells(obj.Metadata, obj.Spec.PolicyName, obj.Spec.ParamRef, now);

    public override void Validate(MutatingAdmissionPolicyBinding obj, FieldErrors errors) =>
        PolicyValidation.Binding(obj.Spec.PolicyName, obj.Spec.ParamRef, obj.Spec.MatchResources, errors);

    public override void ValidateUpdate(MutatingAdmissionPolicyBinding obj, MutatingAdmissionPolicyBinding old, string subresource, FieldErrors errors) => Validate(obj, errors);
}
