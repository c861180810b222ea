using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Authorization.V1;

/// <summary>What a question about access must say (upstream: apis/authorization/validation).</summary>
internal static class AccessReviewValidation
{
    private const string Together = "may not specified at the same time as requirements";
    private static readonly FieldPath Spec = FieldPath.Of("spec");

    /// <summary>One of the two is asked about.</summary>
    internal static void Subject(ResourceAttributes? resource, NonResourceAttributes? other, FieldErrors errors)
    {
        if (resource is not null && other is not null)
            errors.Invalid(Spec / "nonResourceAttributes", Checks.Shown(other), "cannot be specified in combination with resourceAttributes");
        if (resource is null && other is null)
            errors.Invalid(Spec / "resourceAttributes", null, "exactly one of nonResourceAttributes or resourceAttributes must be specified");
    }

    internal static void User(SubjectAccessReviewSpec spec, FieldErrors errors)
    {
        if (spec.User.Length == 0 && spec.Groups is not { Count: > 0 }) errors.Invalid(Spec / "user", "", "at least one of user or group must be specified");
    }

    internal static void Selectors(ResourceAttributes? resource, FieldErrors errors)
    {
        var path = Spec / "resourceAttributes";
        if (resource?.FieldSelector is { } fields)
        {
            Form(fields.RawSelector, fields.Requirements?.Count ?? 0, path / "fieldSelector", errors);
            for (var i = 0; i < (fields.Requirements?.Count ?? 0); i++)
            {
                var (requirement, at) = (fields.Requirements![i], (path / "fieldSelector" / "requirements")[i]);
                errors.RequiredText(at / "key", requirement.Key, "must be specified");
                Values(requirement.Operator, requirement.Values?.Count ?? 0, at, errors);
            }
        }
        if (resource?.LabelSelector is not { } labels) return;
        Form(labels.RawSelector, labels.Requirements?.Count ?? 0, path / "labelSelector", errors);
        for (var i = 0; i < (labels.Requirements?.Count ?? 0); i++) Label(labels.Requirements![i], (path / "labelSelector" / "requirements")[i], errors);
    }

    internal static void NoMetadata(ObjectMeta metadata, bool mayHaveNamespace, FieldErrors errors)
    {
        var rest = metadata.DeepCopy();
        rest.ManagedFields = null;
        if (mayHaveNamespace) rest.Namespace = "";
        if (!rest.IsZero) errors.Invalid(FieldPath.Of("metadata"), Checks.Shown(metadata), mayHaveNamespace ? "must be empty except for namespace" : "must be empty");
    }

    private static void Form(string raw, int requirements, FieldPath path, FieldErrors errors)
    {
        if (raw.Length > 0 && requirements > 0) errors.Invalid(path / "rawSelector", raw, Together);
        if (raw.Length == 0 && requirements == 0) errors.Required(path / "requirements", $"when {path} is specified, requirements or rawSelector is required");
    }

    private static void Label(LabelSelectorRequirement requirement, FieldPath path, FieldErrors errors)
    {
        Values(requirement.Operator, requirement.Values?.Count ?? 0, path, errors);
        errors.QualifiedName(path / "key", requirement.Key);
        for (var i = 0; i < (requirement.Values?.Count ?? 0); i++)
            errors.Problems((path / "values")[i], requirement.Values![i], NameRules.LabelValue(requirement.Values[i]));
    }

    // Operators that are not known here may be known to who asks.
    private static void Values(string operation, int count, FieldPath path, FieldErrors errors)
    {
        if (operation is "In" or "NotIn" && count == 0) errors.Required(path / "values", "must be specified when `operator` is 'In' or 'NotIn'");
        if (operation is "Exists" or "DoesNotExist" && count > 0) errors.Forbidden(path / "values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    }
}

/// <summary>Questions about a user's access.</summary>
public sealed class SubjectAccessReviewRules : KindRules<SubjectAccessReview>
{
    public override void Validate(SubjectAccessReview obj, FieldErrors errors)
    {
        AccessReviewValidation.Subject(obj.Spec.ResourceAttributes, obj.Spec.NonResourceAttributes, errors);
        AccessReviewValidation.User(obj.Spec, errors);
        AccessReviewValidation.Selectors(obj.Spec.ResourceAttributes, errors);
        AccessReviewValidation.NoMetadata(obj.Metadata, mayHaveNamespace: false, errors);
    }
}

/// <summary>Questions about one's own access.</summary>
public sealed class SelfSubjectAccessReviewRules : KindRules<SelfSubjectAccessReview>
{
    public override void Validate(SelfSubjectAccessReview obj, FieldErrors errors)
    {
        AccessReviewValidation.Subject(obj.Spec.ResourceAttributes, obj.Spec.NonResourceAttributes, errors);
        AccessReviewValidation.Selectors(obj.Spec.ResourceAttributes, errors);
        AccessReviewValidation.NoMetadata(obj.Metadata, mayHaveNamespace: false, errors);
    }
}

/// <summary>Questions about a user's access in the namespace in which they are asked.</summary>
public sealed class LocalSubjectAccessReviewRules : KindRules<LocalSubjectAccessReview>
{
    public override void Validate(LocalSubjectAccessReview obj, FieldErrors errors)
    {
        var (spec, path) = (obj.Spec, FieldPath.Of("spec"));
        AccessReviewValidation.Subject(spec.ResourceAttributes, spec.NonResourceAttributes, errors);
        AccessReviewValidation.User(spec, errors);
        AccessReviewValidation.Selectors(spec.ResourceAttributes, errors);
        AccessReviewValidation.NoMetadata(obj.Metadata, mayHaveNamespace: true, errors);
        if (spec.ResourceAttributes is { } resource && resource.Namespace != obj.Metadata.Namespace)
            errors.Invalid(path / "resourceAttributes" / "namespace", resource.Namespace, "must match metadata.namespace");
        if (spec.NonResourceAttributes is { } other) errors.Invalid(path / "nonResourceAttributes", Checks.Shown(other), "disallowed on this kind of request");
    }
}
