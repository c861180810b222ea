using Coracle.Schema;
using Coracle.Schema.Cel;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>Where an expression of admission stands, which decides what it may name and what it must give.</summary>
public enum ExpressionPlace { Condition, Validation, Message, Audit, Variable, JsonPatch, ApplyConfiguration }

/// <summary>An expression ready to run, or why it is none.</summary>
public sealed record AdmissionExpression(string Text, CelProgram? Program, string? Error);

/// <summary>
/// The expressions of one policy, or the conditions of one webhook: what they may name, and their compilation (upstream: apiserver, admission/plugin/cel). Variables are
/// added one after the other, each seen by those after it.
/// </summary>
public sealed class AdmissionExpressions
{
    private readonly bool _hasParams;
    private readonly CelDeclaration? _object;
    private readonly CelDeclaration? _params;
    private readonly Dictionary<string, CelDeclaration> _variables = new(StringComparer.Ordinal);
    private readonly Dictionary<(bool Authorizer, bool Patches), CelEnvironment> _environments = [];

    /// <param name="hasParams">There is a variable "params".</param>
    /// <param name="obj">The type of the objects, where expressions are checked against one; anything otherwise.</param>
    /// <param name="parameter">The type of params, likewise.</param>
    public AdmissionExpressions(bool hasParams, CelDeclaration? obj = null, CelDeclaration? parameter = null) => (_hasParams, _object, _params) = (hasParams, obj, parameter);

    /// <summary>Compiles the expression of a variable and makes it known to the expressions after it.</summary>
    public AdmissionExpression Variable(string name, string expression)
    {
        var compiled = Compile(expression, ExpressionPlace.Variable);
        _variables[name] = CelDeclaration.Of(compiled.Program?.OutputType ?? CelType.Dyn);
        _environments.Clear();
        return compiled;
    }

    public AdmissionExpression Compile(string expression, ExpressionPlace place)
    {
        var compiled = CelProgram.Compile(expression, Environment(place));
        if (compiled.Program is not { } program) return new(expression, null, compiled.FailureText);
        return new(expression, WrongType(program.OutputType, place) is null ? program : null, WrongType(program.OutputType, place));
    }

    private static string? WrongType(CelType type, ExpressionPlace place)
    {
        switch (place)
        {
            case ExpressionPlace.Variable: return null;
            case ExpressionPlace.Audit:
                return type.Equals(CelType.String) || type.Equals(CelType.Null) ? null : $"must evaluate to one of [string null_type] but got {type}";
            default:
                var wanted = place switch
                {
                    ExpressionPlace.Message => CelType.String,
                    ExpressionPlace.JsonPatch => CelType.List(CelMutations.JsonPatchType),
                    ExpressionPlace.ApplyConfiguration => CelMutations.ObjectType,
                    _ => CelType.Bool,
                };
                return type.Equals(wanted) ? null : $"must evaluate to {wanted} but got {type}";
        }
    }

    private CelEnvironment Environment(ExpressionPlace place)
    {
        var (authorizer, patches) = (place != ExpressionPlace.Message, place is ExpressionPlace.JsonPatch or ExpressionPlace.ApplyConfiguration);
        if (_environments.TryGetValue((authorizer, patches), out var known)) return known;
        var environment = CelEnvironment.Kubernetes
            .WithVariable("object", _object ?? CelDeclaration.Dyn).WithVariable("oldObject", _object ?? CelDeclaration.Dyn)
            .WithVariable("namespaceObject", AdmissionTypes.Namespace).WithVariable("request", AdmissionTypes.Request);
        if (_hasParams) environment = environment.WithVariable("params", _params ?? CelDeclaration.Dyn);
        if (authorizer)
            environment = environment.WithVariable("authorizer", CelAuthorization.AuthorizerType).WithVariable("authorizer.requestResource", CelAuthorization.ResourceCheckType);
        if (_variables.Count > 0) environment = environment.WithVariable("variables", CelDeclaration.Object("kubernetes.variables", _variables));
        if (patches) environment = CelMutations.AddTo(environment);
        return _environments[(authorizer, patches)] = environment;
    }
}
