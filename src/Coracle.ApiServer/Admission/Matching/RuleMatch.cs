using Coracle.Kinds.AdmissionRegistration.V1;

namespace Coracle.ApiServer;

/// <summary>Whether a rule is about a request (upstream: apiserver, admission/plugin/webhook/predicates/rules).</summary>
internal static class RuleMatch
{
    public static bool Matches(IResourceRule rule, in AdmissionTarget target) =>
        InScope(rule.Scope, target) && Has(rule.Operations, target.Operation) && Has(rule.ApiGroups, target.Resource.Kind.Group)
        && Has(rule.ApiVersions, target.Resource.Kind.Version) && OfResource(rule.Resources, target.Resource.Kind.Plural, target.Subresource);

    /// <summary>
    /// The resource by which a rule matches: the request's own, else, under the policy "Equivalent", another version or group of the same objects. Earlier rules
    /// first. Null when none does.
    /// </summary>
    public static Resource? Find(IReadOnlyList<IResourceRule> rules, bool equivalent, in AdmissionTarget target, ResourceTable all)
    {
        for (var i = 0; i < rules.Count; i++)
            if (Matches(rules[i], target)) return target.Resource;
        return equivalent && all.HasEquivalents(target.Resource) ? FindEquivalent(rules, target, all) : null;
    }

    private static Resource? FindEquivalent(IReadOnlyList<IResourceRule> rules, in AdmissionTarget target, ResourceTable all)
    {
        foreach (var rule in rules)
            foreach (var other in all.Equivalents(target.Resource))
                if (Matches(rule, target with { Resource = other })) return other;
        return null;
    }

    private static bool Has(List<string>? items, string wanted)
    {
        foreach (var item in items ?? [])
            if (item == "*" || item == wanted) return true;
        return false;
    }

    // A namespace is outside of namespaces, although requests about it name one.
    private static bool InScope(string? scope, in AdmissionTarget target) => scope switch
    {
        null or "*" => true,
        "Namespaced" => !target.IsNamespace && target.Namespace.Length > 0,
        "Cluster" => target.IsNamespace || target.Namespace.Length == 0,
        _ => false,
    };

    private static bool OfResource(List<string>? patterns, string resource, string subresource)
    {
        foreach (var pattern in patterns ?? [])
        {
            var slash = pattern.IndexOf('/', StringComparison.Ordinal);
            var name = slash < 0 ? pattern.AsSpan() : pattern.AsSpan(0, slash);
            var sub = slash < 0 ? [] : pattern.AsSpan(slash + 1);
            if ((name is "*" || name.SequenceEqual(resource)) && (sub is "*" || sub.SequenceEqual(subresource))) return true;
        }
        return false;
    }
}
