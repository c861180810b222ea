using System.Globalization;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>A pod's nodeSelector and required node affinity, ready to be matched (component-helpers, nodeaffinity.RequiredNodeAffinity).</summary>
public sealed class NodeMatch(Pod pod)
{
    private readonly Dictionary<string, string>? labels = pod.Spec.NodeSelector is { Count: > 0 } selector ? selector : null;
    private readonly List<NodeSelectorTerm>? terms = pod.Spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution is { } required ? required.NodeSelectorTerms ?? [] : null;

    /// <summary>Nothing is asked for: every node matches.</summary>
    public bool IsEverything => labels is null && terms is null;

    public bool Matches(Node node)
    {
        if (labels is not null)
        {
            if (node.Metadata.Labels is not { } has) return false;
            foreach (var (key, value) in labels)
                if (!has.TryGetValue(key, out var actual) || actual != value) return false;
        }
        return terms is null || MatchesAny(terms, node);
    }

    /// <summary>The nodes named, when every term names some by metadata.name (as those of DaemonSets do); null otherwise.</summary>
    public HashSet<string>? Named()
    {
        if (terms is null || terms.Count == 0) return null;
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var term in terms)
        {
            HashSet<string>? named = null;
            foreach (var field in term.MatchFields ?? [])
            {
                if (field.Key != "metadata.name" || field.Operator != NodeSelectorOperator.In) continue;
                if (named is null) named = new(field.Values ?? [], StringComparer.Ordinal);
                else named.IntersectWith(field.Values ?? []);
            }
            if (named is null) return null;
            all.UnionWith(named);
        }
        return all;
    }

    private static bool MatchesAny(List<NodeSelectorTerm> terms, Node node)
    {
        foreach (var term in terms)
            if (Matches(term, node)) return true;
        return false;
    }

    /// <summary>All requirements of the term hold. A term without any matches nothing.</summary>
    public static bool Matches(NodeSelectorTerm term, Node node)
    {
        if (term.MatchExpressions is not { Count: > 0 } && term.MatchFields is not { Count: > 0 }) return false;
        foreach (var expression in term.MatchExpressions ?? [])
        {
            string? value = null;
            node.Metadata.Labels?.TryGetValue(expression.Key, out value);
            if (!Holds(expression, value)) return false;
        }
        foreach (var field in term.MatchFields ?? [])
            if (field.Key != "metadata.name" || !Holds(field, node.Metadata.Name)) return false;
        return true;
    }

    private static bool Holds(NodeSelectorRequirement requirement, string? value) => requirement.Operator switch
    {
        NodeSelectorOperator.In => value is not null && requirement.Values is { } values && values.Contains(value),
        NodeSelectorOperator.NotIn => value is null || requirement.Values is not { } values || !values.Contains(value),
        NodeSelectorOperator.Exists => value is not null,
        NodeSelectorOperator.DoesNotExist => value is null,
        NodeSelectorOperator.Gt => Compare(requirement, value) is > 0,
        NodeSelectorOperator.Lt => Compare(requirement, value) is < 0,
        _ => false,
    };

    private static int? Compare(NodeSelectorRequirement requirement, string? value) =>
        requirement.Values is [var bound] && Number(value, out var actual) && Number(bound, out var than) ? actual.CompareTo(than) : null;

    private static bool Number(string? text, out long number) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
