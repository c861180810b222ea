using Coracle.Kinds.Meta.V1;

namespace Coracle.Kinds.Rbac.V1;

/// <summary>What an aggregated cluster role consists of.</summary>
public static class ClusterRoleAggregation
{
    /// <summary>
    /// The rules of all cluster roles that the role's selectors pick, each once: selector by selector, roles by name, as upstream's aggregation controller.
    /// </summary>
    public static List<PolicyRule> RulesFor(ClusterRole role, IEnumerable<ClusterRole> all)
    {
        var rules = new List<PolicyRule>();
        var sorted = all.Where(other => other.Metadata.Name != role.Metadata.Name).OrderBy(other => other.Metadata.Name, StringComparer.Ordinal).ToList();
        foreach (var selector in role.AggregationRule?.ClusterRoleSelectors ?? [])
            foreach (var other in sorted.Where(other => Selects(selector, other.Metadata.Labels ?? [])))
                foreach (var rule in other.Rules ?? [])
                    if (!rules.Any(existing => SameRule(existing, rule)))
                        rules.Add(rule);
        return rules;
    }

    public static bool SameRule(PolicyRule a, PolicyRule b) =>
        Same(a.Verbs, b.Verbs) && Same(a.ApiGroups, b.ApiGroups) && Same(a.Resources, b.Resources)
        && Same(a.ResourceNames, b.ResourceNames) && Same(a.NonResourceURLs, b.NonResourceURLs);

    /// <summary>Whether a label selector picks an object; an empty one picks all.</summary>
    public static bool Selects(LabelSelector selector, IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (key, value) in selector.MatchLabels ?? [])
            if (!labels.TryGetValue(key, out var actual) || actual != value)
                return false;
        return (selector.MatchExpressions ?? []).All(requirement => Satisfies(requirement, labels));
    }

    private static bool Satisfies(LabelSelectorRequirement requirement, IReadOnlyDictionary<string, string> labels)
    {
        var value = labels.GetValueOrDefault(requirement.Key);
        return requirement.Operator switch
        {
            LabelSelectorOperator.In => value is not null && requirement.Values?.Contains(value) == true,
            LabelSelectorOperator.NotIn => value is null || requirement.Values?.Contains(value) != true,
            LabelSelectorOperator.Exists => value is not null,
            LabelSelectorOperator.DoesNotExist => value is null,
            _ => false,
        };
    }

    private static bool Same(List<string>? a, List<string>? b) => (a ?? []).SequenceEqual(b ?? []);
}
