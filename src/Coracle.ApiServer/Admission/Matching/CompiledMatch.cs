using Coracle.Kinds.AdmissionRegistration.V1;

namespace Coracle.ApiServer;

/// <summary>Which requests a policy or its binding is about (upstream: admission/plugin/policy/matching).</summary>
internal sealed class CompiledMatch(MatchResources match)
{
    private readonly SelectorMatch _selectors = new(match.NamespaceSelector, match.ObjectSelector);
    private readonly IReadOnlyList<NamedRuleWithOperations> _rules = match.ResourceRules ?? [];
    private readonly IReadOnlyList<NamedRuleWithOperations> _excluded = match.ExcludeResourceRules ?? [];
    private readonly bool _equivalent = match.MatchPolicy == MatchPolicyType.Equivalent;

    /// <summary>The resource in the version and group that a rule names; null when the request is not meant; or why that cannot be said.</summary>
    public Result<Resource?> Find(AdmissionContext context, in AdmissionTarget target)
    {
        if (Find(_excluded, context, target) is not null) return (Resource?)null;
        var found = _rules.Count == 0 ? target.Resource : Find(_rules, context, target);
        if (found is null) return found;
        var selected = _selectors.Matches(context, target);
        if (selected.Failed) return selected.Error;
        return selected.Value ? found : (Resource?)null;
    }

    private Resource? Find(IReadOnlyList<NamedRuleWithOperations> rules, AdmissionContext context, in AdmissionTarget target)
    {
        for (var i = 0; i < rules.Count; i++)
            if (RuleMatch.Matches(rules[i], target) && IsNamed(rules[i], context)) return target.Resource;
        var all = context.Server.Resources;
        if (!_equivalent || rules.Count == 0 || !all.HasEquivalents(target.Resource)) return null;
        foreach (var rule in rules)
            foreach (var other in all.Equivalents(target.Resource))
                if (RuleMatch.Matches(rule, target with { Resource = other }) && IsNamed(rule, context)) return other;
        return null;
    }

    private static bool IsNamed(NamedRuleWithOperations rule, AdmissionContext context) => rule.ResourceNames is not { Count: > 0 } names || names.Contains(context.ObjectName);
}
