using Coracle.Kinds.AdmissionRegistration.V1;
using Coracle.Schema.Cel;

namespace Coracle.ApiServer;

/// <summary>What an expression gave, or what went wrong, in upstream's words.</summary>
internal readonly record struct PolicyValue(CelValue Value, string? Error);

/// <summary>The expressions of a policy over one request with one set of parameters: variables are evaluated once, when first named, and all together may cost only so much.</summary>
/// <param name="input">The request.</param>
/// <param name="parameter">The object that tunes the policy; null where there is none.</param>
/// <param name="variables">The policy's variables.</param>
/// <param name="budget">What all may cost.</param>
internal sealed class PolicyRun(PolicyInput input, CelValue parameter, IReadOnlyList<(string Name, AdmissionExpression Expression)> variables, long budget)
{
    private const string OutOfBudget = "validation failed due to running out of cost budget, no further validation rules will be run";

    private readonly Dictionary<string, CelValue> _known = new(StringComparer.Ordinal);
    private long _left = budget;

    /// <summary>Nothing more can be asked: the budget is used up.</summary>
    public bool IsSpent => _left < 0;

    public PolicyValue Evaluate(AdmissionExpression expression)
    {
        if (expression.Program is not { } program) return new(CelValue.Null, $"compilation error: {expression.Error}");
        if (_left < 0) return new(CelValue.Null, OutOfBudget);
        var result = program.Evaluate(input.For(program, More), Math.Min(CelLimits.PerCall, Math.Max(_left, 0)));
        _left -= result.Cost;
        if (_left < 0) return new(CelValue.Null, OutOfBudget);
        return result.IsError ? new(CelValue.Null, $"expression '{expression.Text}' resulted in error: {result.Error}") : new(result.Value, null);
    }

    private CelValue More(string name) => name switch
    {
        "params" => parameter,
        "variables" => CelValue.Map(new Variables(this)),
        _ => CelValue.Error($"no such attribute(s): {name}"),
    };

    private CelValue? Variable(string name)
    {
        if (_known.TryGetValue(name, out var known)) return known;
        foreach (var (variable, expression) in variables)
        {
            if (variable != name) continue;
            // What a variable costs is paid by whoever names it first.
            var value = Evaluate(expression);
            return _known[name] = value.Error is { } error ? CelValue.Error($"composited variable \"{name}\" fails to evaluate: {error}") : value.Value;
        }
        return null;
    }

    private sealed class Variables(PolicyRun run) : CelMap
    {
        public override int Count => 0;
        public override IEnumerable<KeyValuePair<CelValue, CelValue>> Entries() => [];

        public override bool TryGet(CelValue key, out CelValue value)
        {
            var found = key.Kind == CelKind.String ? run.Variable(key.AsString) : null;
            value = found ?? default;
            return found is not null;
        }
    }
}
