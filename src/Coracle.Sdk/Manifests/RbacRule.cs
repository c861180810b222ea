using Coracle.Kinds.Rbac.V1;

namespace Coracle.Sdk;

/// <summary>Something that a program must be allowed to do.</summary>
public sealed record RbacRule
{
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Resources by their plurals, or sub-resources.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];
    public IReadOnlyList<string> Verbs { get; init; } = [];

    /// <summary>Of objects of these names alone; none for all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Paths that are no resources.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>In this namespace alone; "" for the whole cluster.</summary>
    public string Namespace { get; init; } = "";

    public static RbacRule Of(string group, string resource, params ReadOnlySpan<string> verbs) => new() { Groups = [group], Resources = [resource], Verbs = [.. verbs] };

    /// <summary>What the attribute says; for generated code.</summary>
    public static RbacRule Of(RbacAttribute said) => said.Urls.Length > 0
        ? new() { Urls = said.Urls, Verbs = said.Verbs }
        : new() { Groups = [said.Group], Resources = [said.Resource], Verbs = said.Verbs, Names = said.Names, Namespace = said.Namespace };

    /// <summary>
    /// The same said in as few rules as controller-gen says it: verbs of one resource together, then resources with the same verbs, then groups with the same resources and verbs; all in order.
    /// </summary>
    internal static List<PolicyRule> Normal(IEnumerable<RbacRule> rules)
    {
        var single = rules.SelectMany(r => r.Resources.Count == 0 ? [r] : r.Resources.Select(resource => r with { Resources = [resource] }));
        var verbs = Joined(single, r => Text(r.Groups, r.Resources, r.Names, r.Urls), (a, b) => a with { Verbs = [.. a.Verbs, .. b.Verbs] });
        var resources = Joined(verbs, r => Text(r.Groups, r.Verbs, r.Names, r.Urls), (a, b) => a with { Resources = [.. a.Resources, .. b.Resources] });
        var groups = Joined(resources, r => Text(r.Resources, r.Verbs, r.Names, r.Urls), (a, b) => a with { Groups = [.. a.Groups, .. b.Groups] });
        var urls = Joined(groups, r => Text(r.Groups, r.Resources, r.Verbs, r.Names), (a, b) => a with { Urls = [.. a.Urls, .. b.Urls] });
        return [.. urls.OrderBy(r => Text(r.Groups, r.Resources, r.Names, r.Urls), StringComparer.Ordinal).Select(ToRule)];
    }

    private static IEnumerable<RbacRule> Joined(IEnumerable<RbacRule> rules, Func<RbacRule, string> key, Func<RbacRule, RbacRule, RbacRule> join) =>
        rules.Select(Sorted).GroupBy(key, StringComparer.Ordinal).Select(same => Sorted(same.Aggregate(join)));

    private static RbacRule Sorted(RbacRule rule) => rule with
    {
        Groups = InOrder(rule.Groups), Resources = InOrder(rule.Resources), Verbs = rule.Verbs.Contains("*") ? ["*"] : InOrder(rule.Verbs), Names = InOrder(rule.Names), Urls = InOrder(rule.Urls),
    };

    private static IReadOnlyList<string> InOrder(IReadOnlyList<string> values) => [.. values.Distinct().Order(StringComparer.Ordinal)];

    private static string Text(params ReadOnlySpan<IReadOnlyList<string>> parts)
    {
        var texts = new string[parts.Length];
        for (var i = 0; i < parts.Length; i++) texts[i] = string.Join('&', parts[i]);
        return string.Join(" + ", texts);
    }

    private static PolicyRule ToRule(RbacRule rule) => new()
    {
        ApiGroups = Some(rule.Groups), Resources = Some(rule.Resources), Verbs = [.. rule.Verbs], ResourceNames = Some(rule.Names), NonResourceURLs = Some(rule.Urls),
    };

    private static List<string>? Some(IReadOnlyList<string> values) => values.Count == 0 ? null : [.. values];
}
