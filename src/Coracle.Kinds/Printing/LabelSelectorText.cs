using Coracle.Kinds.Meta.V1;

namespace Coracle.Kinds.Printing;

/// <summary>Labels and label selectors as one line of text, in the syntax that -l takes.</summary>
public static class LabelSelectorText
{
    /// <summary>"a=1,b in (x,y),!c", ordered by key. Null where the selector is not valid; empty for one that selects all, or nothing.</summary>
    public static string? Format(LabelSelector? selector)
    {
        if (selector is null) return "";
        var requirements = new List<(string Key, string Text)>();
        foreach (var (key, value) in selector.MatchLabels ?? [])
            requirements.Add((key, $"{key}={value}"));
        foreach (var expression in selector.MatchExpressions ?? [])
        {
            if (Requirement(expression) is not { } text) return null;
            requirements.Add((expression.Key, text));
        }
        return string.Join(',', requirements.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => r.Text));
    }

    /// <summary>"a=1,b=2", ordered by key; "&lt;none&gt;" without labels.</summary>
    public static string Labels(IReadOnlyDictionary<string, string>? labels) => labels is not { Count: > 0 }
        ? "<none>"
        : string.Join(',', labels.Select(l => $"{l.Key}={l.Value}").Order(StringComparer.Ordinal));

    private static string? Requirement(LabelSelectorRequirement requirement)
    {
        var values = requirement.Values ?? [];
        return requirement.Operator switch
        {
            LabelSelectorOperator.In when values.Count > 0 => $"{requirement.Key} in ({Join(values)})",
            LabelSelectorOperator.NotIn when values.Count > 0 => $"{requirement.Key} notin ({Join(values)})",
            LabelSelectorOperator.Exists when values.Count == 0 => requirement.Key,
            LabelSelectorOperator.DoesNotExist when values.Count == 0 => "!" + requirement.Key,
            _ => null,
        };
    }

    private static string Join(List<string> values) => string.Join(',', values.Order(StringComparer.Ordinal));
}
