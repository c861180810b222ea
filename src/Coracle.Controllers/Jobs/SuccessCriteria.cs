using Coracle.Kinds.Batch.V1;

namespace Coracle.Controllers.Jobs;

/// <summary>Whether the indexes that succeeded suffice for an indexed job's success policy (upstream: success_policy.go).</summary>
public static class SuccessCriteria
{
    /// <summary>The message of the condition SuccessCriteriaMet; null when no rule is met.</summary>
    public static string? Met(SuccessPolicy? policy, int completions, IndexSet succeeded)
    {
        if (succeeded.Total == 0) return null;
        var rules = policy?.Rules ?? [];
        for (var i = 0; i < rules.Count; i++)
            if (IsMet(rules[i], completions, succeeded)) return $"Matched rules at index {i}";
        return null;
    }

    private static bool IsMet(SuccessPolicyRule rule, int completions, IndexSet succeeded)
    {
        if (rule.SucceededIndexes is null) return rule.SucceededCount is { } any && succeeded.Total >= any;
        var required = IndexSet.Parse(rule.SucceededIndexes, completions);
        return required.Total > 0 && required.CommonWith(succeeded) >= (rule.SucceededCount ?? required.Total);
    }
}
