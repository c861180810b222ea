using System.Text;

namespace Coracle.Schema;

/// <summary>One condition on one field: equal to a value, or not.</summary>
public readonly record struct FieldRequirement(string Field, bool Negated, string Value)
{
    public override string ToString() => Field + (Negated ? "!=" : "=") + FieldQuery.Escape(Value);
}

/// <summary>
/// A query over fields, "metadata.name=x,status.phase!=Running": all of its requirements must hold (apimachinery, fields.Selector). Which fields may
/// be named is the kind's to say. A value may hold the characters \ , = behind a backslash. Immutable.
/// </summary>
public sealed class FieldQuery
{
    private readonly FieldRequirement[] requirements;

    private FieldQuery(FieldRequirement[] requirements) => this.requirements = requirements;

    /// <summary>Matches any object.</summary>
    public static FieldQuery Everything { get; } = new([]);

    public IReadOnlyList<FieldRequirement> Requirements => requirements;
    public bool IsEverything => requirements.Length == 0;

    /// <summary>Reads a query; otherwise <paramref name="error"/> is upstream's message.</summary>
    public static bool TryParse(string text, out FieldQuery query, out string? error)
    {
        query = Everything;
        error = null;
        var terms = Terms(text);
        terms.Sort(StringComparer.Ordinal);
        var list = new List<FieldRequirement>(terms.Count);
        foreach (var term in terms)
        {
            if (term.Length == 0) continue;
            var at = term.AsSpan().IndexOf('=');
            var not = term.IndexOf("!=", StringComparison.Ordinal);
            if (at < 0) error = $"invalid selector: '{text}'; can't understand '{term}'";
            var negated = not >= 0 && not < at;
            var field = negated ? not : at;
            if (error is not null || !TryUnescape(term[(at < 0 ? 0 : ValueStart(term, at, negated))..], out var value, out error)) return false;
            list.Add(new(term[..field], negated, value));
        }
        if (list.Count > 0) query = new([.. list]);
        return true;
    }

    /// <summary>Reads a query. Throws <see cref="FormatException"/> with upstream's message when the text is none.</summary>
    public static FieldQuery Parse(string text) => TryParse(text, out var query, out var error) ? query : throw new FormatException(error);

    public static FieldQuery Of(params IEnumerable<FieldRequirement> requirements) => new([.. requirements]);

    /// <summary>Whether all requirements hold; <paramref name="value"/> gives a field's value, empty when absent.</summary>
    public bool Matches<TState>(TState state, Func<TState, string, string?> value) where TState : allows ref struct
    {
        foreach (var requirement in requirements)
            if ((value(state, requirement.Field) ?? "") == requirement.Value == requirement.Negated)
                return false;
        return true;
    }

    /// <summary>The value that a field must have for a match, or null.</summary>
    public string? ExactMatch(string field)
    {
        foreach (var requirement in requirements)
            if (!requirement.Negated && requirement.Field == field)
                return requirement.Value;
        return null;
    }

    /// <summary>The query without the requirements on one field (which a caller answered by other means).</summary>
    public FieldQuery Without(string field) => new([.. requirements.Where(r => r.Field != field)]);

    /// <summary>The canonical text, sorted.</summary>
    public override string ToString() => string.Join(',', requirements);

    /// <summary>A value as it stands in a query.</summary>
    public static string Escape(string value) => value.AsSpan().IndexOfAny('\\', ',', '=') < 0
        ? value
        : value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace("=", "\\=", StringComparison.Ordinal);

    private static int ValueStart(string term, int equals, bool negated) =>
        !negated && equals + 1 < term.Length && term[equals + 1] == '=' ? equals + 2 : equals + 1;

    /// <summary>Splits at commas that have no backslash before them.</summary>
    private static List<string> Terms(string text)
    {
        var terms = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == ',')
            {
                terms.Add(text[start..i]);
                start = i + 1;
            }
        }
        terms.Add(text[start..]);
        return terms;
    }

    private static bool TryUnescape(string text, out string value, out string? error)
    {
        value = text;
        error = null;
        if (text.AsSpan().IndexOfAny('\\', ',', '=') < 0) return true;
        var builder = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is ',' or '=')
            {
                error = $"invalid field selector: unescaped character in value: {(int)c}";
                return false;
            }
            if (c == '\\')
            {
                i++;
                if (i == text.Length || text[i] is not ('\\' or ',' or '='))
                {
                    error = "invalid field selector: invalid escape sequence: \\" + (i == text.Length ? "" : Rune.GetRuneAt(text, i).ToString());
                    return false;
                }
                c = text[i];
            }
            builder.Append(c);
        }
        value = builder.ToString();
        return true;
    }
}
