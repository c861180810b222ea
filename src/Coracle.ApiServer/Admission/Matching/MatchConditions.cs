using Coracle.Kinds.AdmissionRegistration.V1;
using Coracle.Schema.Cel;

namespace Coracle.ApiServer;

/// <summary>Conditions in CEL that a request must fulfil (upstream: admission/plugin/webhook/matchconditions).</summary>
internal sealed class MatchConditions
{
    private static readonly MatchConditions None = new([], false);

    private readonly AdmissionExpression[] _conditions;
    private readonly bool _ignoresFailure;

    private MatchConditions(AdmissionExpression[] conditions, bool ignoresFailure) => (_conditions, _ignoresFailure) = (conditions, ignoresFailure);

    public static MatchConditions Of(List<MatchCondition>? conditions, string? failurePolicy, bool hasParams)
    {
        if (conditions is not { Count: > 0 }) return None;
        var expressions = new AdmissionExpressions(hasParams);
        return new([.. conditions.Select(c => expressions.Compile(c.Expression.Trim(), ExpressionPlace.Condition))], failurePolicy == FailurePolicyType.Ignore);
    }

    public bool IsEmpty => _conditions.Length == 0;

    /// <summary>
    /// Whether all hold. One that does not decides, whatever goes wrong with others; where none says no but something went wrong, that is told, or taken for a no
    /// under the failure policy "Ignore".
    /// </summary>
    public bool Hold(PolicyInput input, CelValue parameter, out string? error)
    {
        error = null;
        if (IsEmpty) return true;
        var run = new PolicyRun(input, parameter, [], CelLimits.MatchConditionsBudget);
        var errors = new List<string>();
        foreach (var condition in _conditions)
        {
            var value = run.Evaluate(condition);
            if (value.Error is { } wrong) errors.Add(wrong);
            else if (!value.Value.IsTrue) return false;
            if (run.IsSpent) break;
        }
        if (errors.Count == 0) return true;
        if (!_ignoresFailure) error = errors.Count == 1 ? errors[0] : $"[{string.Join(", ", errors.Distinct())}]";
        return false;
    }
}
