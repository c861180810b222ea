namespace Coracle.Sdk;

/// <summary>Reads the text form of label selectors (apimachinery, labels/selector.go).</summary>
internal static class SelectorText
{
    public static IReadOnlyList<Selector.Requirement> Parse(string text)
    {
        var list = new List<Selector.Requirement>();
        foreach (var part in Split(text)) list.Add(One(part.Trim(), text));
        return list;
    }

    // At commas outside of parentheses.
    private static IEnumerable<string> Split(string text)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '(') depth++;
            else if (text[i] == ')') depth--;
            else if (text[i] == ',' && depth == 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }
        yield return text[start..];
    }

    private static Selector.Requirement One(string part, string whole)
    {
        if (part.StartsWith('!')) return new(Checked(part[1..].Trim(), whole), "!", []);
        if (part.EndsWith(')')) return Set(part, whole);
        foreach (var (symbol, op) in Symbols)
        {
            var at = part.IndexOf(symbol, StringComparison.Ordinal);
            if (at > 0) return new(Checked(part[..at].Trim(), whole), op, [part[(at + symbol.Length)..].Trim()]);
        }
        return new(Checked(part, whole), "exists", []);
    }

    private static readonly (string Symbol, string Operator)[] Symbols = [("!=", "!="), ("==", "="), ("=", "="), (">", "gt"), ("<", "lt")];

    private static Selector.Requirement Set(string part, string whole)
    {
        var open = part.IndexOf('(', StringComparison.Ordinal);
        var words = part[..Math.Max(open, 0)].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not [var key, ("in" or "notin") and var op]) throw Bad(whole);
        return new(Checked(key, whole), op, part[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries));
    }

    private static string Checked(string key, string whole) => key.Length > 0 && !key.Contains(' ') ? key : throw Bad(whole);
    private static FormatException Bad(string whole) => new($"\"{whole}\" is no label selector");
}
