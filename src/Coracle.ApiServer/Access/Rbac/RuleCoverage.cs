using System.Text;
using Coracle.Kinds.Rbac.V1;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>Compares what rules grant: upstream's component-helpers/auth/rbac/validation.</summary>
public static class RuleCoverage
{
    /// <summary>What the wanted rules grant that the held ones do not, in pieces of one verb, one resource and one name. Empty when all is covered.</summary>
    public static List<PolicyRule> Missing(IReadOnlyList<PolicyRule> held, IReadOnlyList<PolicyRule> wanted) =>
        [.. wanted.SelectMany(Pieces).Where(piece => !held.Any(rule => Covers(rule, piece)))];

    /// <summary>Joins pieces of the same group, resource and name into one rule with all their verbs.</summary>
    public static List<PolicyRule> Compact(IReadOnlyList<PolicyRule> pieces)
    {
        var compact = new List<PolicyRule>();
        var simple = new Dictionary<(string Group, string Resource, string? Name), PolicyRule>();
        foreach (var piece in pieces)
        {
            if (piece.ResourceNames?.Count > 1 || piece.NonResourceURLs?.Count > 0 || piece.ApiGroups?.Count != 1 || piece.Resources?.Count != 1)
                compact.Add(piece);
            else if (simple.TryGetValue((piece.ApiGroups[0], piece.Resources[0], piece.ResourceNames?.FirstOrDefault()), out var rule))
                rule.Verbs!.AddRange(piece.Verbs ?? []);
            else
                compact.Add(simple[(piece.ApiGroups[0], piece.Resources[0], piece.ResourceNames?.FirstOrDefault())] = new PolicyRule
                {
                    ApiGroups = piece.ApiGroups, Resources = piece.Resources, ResourceNames = piece.ResourceNames, Verbs = [.. piece.Verbs ?? []],
                });
        }
        return compact;
    }

    /// <summary>A rule as error messages show it: <c>{APIGroups:[""], Resources:["pods"], Verbs:["get"]}</c>.</summary>
    public static string Describe(PolicyRule rule)
    {
        var parts = new List<string>(5);
        Add("APIGroups", rule.ApiGroups);
        Add("Resources", rule.Resources);
        Add("NonResourceURLs", rule.NonResourceURLs);
        Add("ResourceNames", rule.ResourceNames);
        Add("Verbs", rule.Verbs);
        return $"{{{string.Join(", ", parts)}}}";

        void Add(string name, List<string>? values)
        {
            if (values?.Count > 0)
                parts.Add($"{name}:{QuoteList(values)}");
        }
    }

    /// <summary>A list of strings as Go's %q: <c>["a" "b"]</c>.</summary>
    public static string QuoteList(IReadOnlyList<string> values)
    {
        var builder = new StringBuilder("[");
        for (var i = 0; i < values.Count; i++)
            builder.Append(i > 0 ? " " : "").Append(GoText.Quote(values[i]));
        return builder.Append(']').ToString();
    }

    private static IEnumerable<PolicyRule> Pieces(PolicyRule rule)
    {
        foreach (var group in rule.ApiGroups ?? [])
            foreach (var resource in rule.Resources ?? [])
                foreach (var verb in rule.Verbs ?? [])
                    if (rule.ResourceNames?.Count > 0)
                        foreach (var name in rule.ResourceNames)
                            yield return new PolicyRule { ApiGroups = [group], Resources = [resource], Verbs = [verb], ResourceNames = [name] };
                    else
                        yield return new PolicyRule { ApiGroups = [group], Resources = [resource], Verbs = [verb] };
        // Paths combine with verbs alone.
        foreach (var path in rule.NonResourceURLs ?? [])
            foreach (var verb in rule.Verbs ?? [])
                yield return new PolicyRule { NonResourceURLs = [path], Verbs = [verb] };
    }

    private static bool Covers(PolicyRule owner, PolicyRule piece) =>
        HasAllOrStar(owner.Verbs, piece.Verbs)
        && HasAllOrStar(owner.ApiGroups, piece.ApiGroups)
        && (HasAllOrStar(owner.Resources, piece.Resources) || (piece.Resources ?? []).All(resource => CoversSubresource(owner.Resources, resource)))
        && (piece.NonResourceURLs ?? []).All(path => owner.NonResourceURLs?.Any(pattern => CoversPath(pattern, path)) == true)
        && (owner.ResourceNames is not { Count: > 0 } || (piece.ResourceNames?.Count > 0 && piece.ResourceNames.All(owner.ResourceNames.Contains)));

    private static bool HasAllOrStar(List<string>? set, List<string>? wanted) =>
        set?.Contains("*") == true || (wanted ?? []).All(value => set?.Contains(value) == true);

    private static bool CoversSubresource(List<string>? set, string resource)
    {
        if (set?.Contains(resource) == true)
            return true;
        var slash = resource.IndexOf('/');
        return slash >= 0 && set?.Contains(string.Concat("*", resource.AsSpan(slash))) == true;
    }

    private static bool CoversPath(string owner, string path) =>
        owner == path || (owner.EndsWith('*') && path.AsSpan().StartsWith(owner.AsSpan().TrimEnd('*'), StringComparison.Ordinal));
}
