using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>What is refused of policies that validate, and of what is said about them.</summary>
public sealed partial class ValidatingAdmissionPolicyRules
{
    private const int AnnotationsMax = 20;
    private const int AnnotationBytesMax = 5 * 1024;
    private static readonly string[] Reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge"];

    public override void Validate(ValidatingAdmissionPolicy obj, FieldErrors errors) => Check(obj, null, errors);

    public override void ValidateUpdate(ValidatingAdmissionPolicy obj, ValidatingAdmissionPolicy old, string subresource, FieldErrors errors)
    {
        if (subresource == "status") Status(obj.Status, FieldPath.Of("status"), errors);
        else Check(obj, old, errors);
    }

    private static void Check(ValidatingAdmissionPolicy obj, ValidatingAdmissionPolicy? old, FieldErrors errors)
    {
        var (spec, path) = (obj.Spec, FieldPath.Of("spec"));
        var checks = new PolicyExpressions(spec.ParamKind is not null, spec.Variables ?? []);
        RuleValidation.FailurePolicy(spec.FailurePolicy, path / "failurePolicy", errors);
        PolicyValidation.ParamKind(spec.ParamKind, path / "paramKind", errors);
        RuleValidation.Constraints(spec.MatchConstraints, path / "matchConstraints", errors);
        if (old is null || !SameConditions(spec, old.Spec)) RuleValidation.Conditions(spec.MatchConditions, spec.ParamKind is not null, path / "matchConditions", errors);
        checks.Variables(path / "variables", errors);
        if (spec.Validations is not { Count: > 0 } && spec.AuditAnnotations is not { Count: > 0 })
        {
            errors.Required(path / "validations", "validations or auditAnnotations must contain at least one item");
            errors.Required(path / "auditAnnotations", "validations or auditAnnotations must contain at least one item");
            return;
        }
        for (var i = 0; i < (spec.Validations?.Count ?? 0); i++) One(spec.Validations![i], checks, (path / "validations")[i], errors);
        Annotations(obj.Metadata.Name, spec.AuditAnnotations ?? [], checks, path / "auditAnnotations", errors);
    }

    private static bool SameConditions(ValidatingAdmissionPolicySpec now, ValidatingAdmissionPolicySpec old) =>
        (now.ParamKind?.ContentEquals(old.ParamKind) ?? old.ParamKind is null) && (now.MatchConditions?.Count ?? 0) == (old.MatchConditions?.Count ?? 0)
        && (now.MatchConditions ?? []).Zip(old.MatchConditions ?? []).All(pair => pair.First.ContentEquals(pair.Second));

    private static void One(Validation validation, PolicyExpressions checks, FieldPath path, FieldErrors errors)
    {
        if (validation.Expression.Trim().Length == 0) errors.Required(path / "expression", "expression is not specified");
        else checks.Boolean(validation.Expression, path / "expression", errors);
        if (validation.MessageExpression.Length > 0 && validation.MessageExpression.Trim().Length == 0)
            errors.Invalid(path / "messageExpression", validation.MessageExpression, "must be non-empty if specified");
        else if (validation.MessageExpression.Length > 0) checks.Message(validation.MessageExpression, path / "messageExpression", errors);
        var message = validation.Message.Trim();
        if (validation.Message.Length > 0 && message.Length == 0) errors.Invalid(path / "message", validation.Message, "message must be non-empty if specified");
        else if (message.AsSpan().ContainsAny('\n', '\r')) errors.Invalid(path / "message", validation.Message, "message must not contain line breaks");
        errors.OneOf(path / "reason", validation.Reason, Reasons);
    }

    private static void Annotations(string policy, List<AuditAnnotation> annotations, PolicyExpressions checks, FieldPath path, FieldErrors errors)
    {
        if (annotations.Count > AnnotationsMax) errors.Invalid(path, annotations.Count, $"must not have more than {AnnotationsMax} auditAnnotations");
        var keys = new HashSet<string>();
        for (var i = 0; i < annotations.Count; i++)
        {
            var (key, value) = (annotations[i].Key, annotations[i].ValueExpression.Trim());
            if (policy.Length > 0) errors.QualifiedName(path[i] / "key", $"{policy}/{key}");
            else errors.Invalid(path[i] / "key", key, "requires metadata.name be non-empty");
            if (value.Length == 0) errors.Required(path[i] / "valueExpression", "valueExpression is not specified");
            else if (value.Length > AnnotationBytesMax) errors.Required(path[i] / "valueExpression", $"must not exceed {AnnotationBytesMax} bytes in length");
            else checks.TextOrNull(value, path[i] / "valueExpression", errors);
            if (!keys.Add(key)) errors.Duplicate(path[i] / "key", key);
        }
    }

    private static void Status(ValidatingAdmissionPolicyStatus status, FieldPath path, FieldErrors errors)
    {
        var warnings = status.TypeChecking?.ExpressionWarnings ?? [];
        for (var i = 0; i < warnings.Count; i++)
        {
            var at = (path / "typeChecking" / "expressionWarnings")[i];
            if (warnings[i].Warning.Length == 0) errors.Required(at / "warning");
            if (warnings[i].FieldRef.Trim().Length == 0) errors.Required(at / "fieldRef");
        }
        ConditionValidation.Check(status.Conditions ?? [], path / "conditions", errors);
    }
}
