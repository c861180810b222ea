using Coracle.Schema;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>The expressions of one policy, each checked with the variables before it.</summary>
internal sealed class PolicyExpressions(bool hasParams, IReadOnlyList<Variable> variables)
{
    private readonly AdmissionExpressions _expressions = new(hasParams);

    internal void Variables(FieldPath path, FieldErrors errors)
    {
        for (var i = 0; i < variables.Count; i++)
        {
            PolicyValidation.Variable(variables[i], path[i], errors);
            if (variables[i].Expression.Trim().Length > 0)
                ExpressionChecks.Report(_expressions.Variable(variables[i].Name, variables[i].Expression), path[i] / "expression", errors);
        }
    }

    internal void Boolean(string expression, FieldPath path, FieldErrors errors) => Check(expression, ExpressionPlace.Validation, path, errors);
    internal void Message(string expression, FieldPath path, FieldErrors errors) => Check(expression, ExpressionPlace.Message, path, errors);
    internal void TextOrNull(string expression, FieldPath path, FieldErrors errors) => Check(expression, ExpressionPlace.Audit, path, errors);

    internal void Mutation(string type, string expression, FieldPath path, FieldErrors errors) =>
        Check(expression, type == PatchType.JSONPatch ? ExpressionPlace.JsonPatch : ExpressionPlace.ApplyConfiguration, path, errors);

    private void Check(string expression, ExpressionPlace place, FieldPath path, FieldErrors errors) => ExpressionChecks.Report(_expressions.Compile(expression, place), path, errors);
}
