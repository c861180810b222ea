using Coracle.Schema;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>The expressions of one policy, each checked with the variables before it.</summary>
internal sealed class PolicyExpressions(bool hasParams, IReadOnlyList<Variable> variables)
{
    internal bool HasParams => hasParams;

    internal void Variables(FieldPath path, FieldErrors errors)
    {
        for (var i = 0; i < variables.Count; i++) PolicyValidation.Variable(variables[i], path[i], errors);
    }

    internal void Boolean(string expression, FieldPath path, FieldErrors errors) => _ = (expression, path, errors);
    internal void Message(string expression, FieldPath path, FieldErrors errors) => _ = (expression, path, errors);
    internal void TextOrNull(string expression, FieldPath path, FieldErrors errors) => _ = (expression, path, errors);
    internal void Mutation(string expression, FieldPath path, FieldErrors errors) => _ = (expression, path, errors);
}
