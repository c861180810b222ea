using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

/// <summary>Conditions of any kind's status (upstream: apimachinery, apis/meta/v1/validation, ValidateConditions).</summary>
internal static class ConditionValidation
{
    private const int ReasonMax = 1024;
    private const int MessageMax = 32 * 1024;

    internal static void Check(List<Condition> conditions, FieldPath path, FieldErrors errors)
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < conditions.Count; i++)
        {
            if (!seen.Add(conditions[i].Type)) errors.Duplicate(path[i] / "type", conditions[i].Type);
            One(conditions[i], path[i], errors);
        }
    }

    private static void One(Condition condition, FieldPath path, FieldErrors errors)
    {
        errors.QualifiedName(path / "type", condition.Type);
        errors.OneOf(path / "status", condition.Status, "False", "True", "Unknown");
        if (condition.ObservedGeneration < 0) errors.Invalid(path / "observedGeneration", condition.ObservedGeneration, "must be greater than or equal to zero");
        if (condition.LastTransitionTime is null) errors.Required(path / "lastTransitionTime", "must be set");
        if (condition.Reason.Length == 0) errors.Required(path / "reason", "must be set");
        else
        {
            if (!IsReason(condition.Reason))
                errors.Invalid(path / "reason", condition.Reason,
                    "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' "
                    + "(e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')");
            if (condition.Reason.Length > ReasonMax) errors.TooLong(path / "reason", ReasonMax);
        }
        if (condition.Message.Length > MessageMax) errors.TooLong(path / "message", MessageMax);
    }

    private static bool IsReason(string reason) =>
        char.IsAsciiLetter(reason[0]) && reason.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or ',' or ':') && reason[^1] is not (',' or ':');
}
