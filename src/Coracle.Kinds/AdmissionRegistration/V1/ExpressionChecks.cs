using Coracle.Schema;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>Expressions of admission as they are written: whether they are expressions at all, of the type that their place demands.</summary>
internal static class ExpressionChecks
{
    /// <summary>A condition: boolean, over object, oldObject, request, authorizer and maybe params.</summary>
    internal static void Condition(string expression, bool hasParams, FieldPath path, FieldErrors errors) =>
        Report(new AdmissionExpressions(hasParams).Compile(expression, ExpressionPlace.Condition), path, errors);

    internal static void Report(AdmissionExpression compiled, FieldPath path, FieldErrors errors)
    {
        if (compiled.Error is { } error) errors.Invalid(path, compiled.Text, error);
    }
}
