using System.Text;

namespace Coracle.ApiServer.Access;

/// <summary>One term of a field selector: "field=value", or "field!=value" when negated.</summary>
public readonly record struct FieldRequirement(string Field, string Value, bool Negated)
{
    /// <summary>
    /// Reads a field selector as upstream's fields.ParseSelector: terms between commas, "=", "==" or "!=", backslash before a comma, an equals sign or
    /// a backslash that belongs to the value. The terms come sorted by their text, as upstream's do.
    /// </summary>
    /// <returns>False when the text is no selector; <paramref name="error"/> then says why, in upstream's words.</returns>
    public static bool TryParse(string selector, out IReadOnlyList<FieldRequirement> terms, out string error)
    {
        error = "";
        terms = [];
        var texts = Split(selector);
        texts.Sort(StringComparer.Ordinal);
        var found = new List<FieldRequirement>(texts.Count);
        foreach (var text in texts)
        {
            if (text.Length == 0)
                continue;
            if (!TryParseTerm(text, out var term, out error))
            {
                if (error.Length == 0)
                    error = $"invalid selector: '{selector}'; can't understand '{text}'";
                return false;
            }
            found.Add(term);
        }
        terms = found;
        return true;
    }

    /// <summary>The value that the terms demand of a field, or null when they demand none.</summary>
    public static string? ExactValue(IReadOnlyList<FieldRequirement> terms, string field)
    {
        for (var i = 0; i < terms.Count; i++)
            if (!terms[i].Negated && terms[i].Field == field)
                return terms[i].Value;
        return null;
    }

    private static List<string> Split(string selector)
    {
        var texts = new List<string>(1);
        int start = 0;
        for (var i = 0; i < selector.Length; i++)
        {
            if (selector[i] == '\\')
                i++;
            else if (selector[i] == ',')
            {
                texts.Add(selector[start..i]);
                start = i + 1;
            }
        }
        texts.Add(selector[start..]);
        return texts;
    }

    private static bool TryParseTerm(string text, out FieldRequirement term, out string error)
    {
        term = default;
        error = "";
        int at = text.IndexOf('=');
        if (at < 0)
            return false;
        bool negated = at > 0 && text[at - 1] == '!';
        int valueAt = !negated && at + 1 < text.Length && text[at + 1] == '=' ? at + 2 : at + 1;
        if (!TryUnescape(text[valueAt..], out var value, out error))
            return false;
        term = new FieldRequirement(text[..(negated ? at - 1 : at)], value, negated);
        return true;
    }

    private static bool TryUnescape(string text, out string value, out string error)
    {
        value = text;
        error = "";
        if (text.AsSpan().IndexOfAny('\\', ',', '=') < 0)
            return true;
        var builder = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is ',' or '=')
                error = $"invalid field selector: unescaped character in value: {(int)c}";
            else if (c == '\\' && i + 1 == text.Length)
                error = "invalid field selector: invalid escape sequence: \\";
            else if (c == '\\' && text[i + 1] is not ('\\' or ',' or '='))
                error = $"invalid field selector: invalid escape sequence: \\{text[i + 1]}";
            else
                builder.Append(c == '\\' ? text[++i] : c);
            if (error.Length > 0)
                return false;
        }
        value = builder.ToString();
        return true;
    }
}
