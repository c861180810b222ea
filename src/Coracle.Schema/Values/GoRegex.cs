using System.Text;
using System.Text.RegularExpressions;

namespace Coracle.Schema;

/// <summary>Regular expressions in RE2's syntax, matched in linear time.</summary>
public static class GoRegex
{
    /// <summary>The expression; or what is wrong with it.</summary>
    public static Regex? Compile(string pattern, out string? error)
    {
        error = null;
        try
        {
            return new Regex(Translate(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            error = $"error parsing regexp: {Reason(e, pattern)}";
            return null;
        }
    }

    private static string Reason(Exception e, string pattern) => e is RegexParseException parse
        ? parse.Error switch
        {
            RegexParseError.UnterminatedBracket => $"missing closing ]: `{Tail(pattern, '[')}`",
            RegexParseError.InsufficientClosingParentheses => $"missing closing ): `{pattern}`",
            RegexParseError.InsufficientOpeningParentheses => $"unexpected ): `{pattern}`",
            RegexParseError.QuantifierAfterNothing => $"missing argument to repetition operator: `{pattern[Math.Clamp(parse.Offset - 1, 0, pattern.Length - 1)]}`",
            RegexParseError.UnescapedEndingBackslash => "trailing backslash at end of expression: ``",
            RegexParseError.ReversedCharacterRange => $"invalid character class range: `{pattern}`",
            RegexParseError.InvalidGroupingConstruct => $"invalid or unsupported Perl syntax: `{Tail(pattern, '(')}`",
            _ => $"invalid escape sequence: `{pattern}`",
        }
        : $"invalid or unsupported Perl syntax: `{Tail(pattern, '(')}`";

    private static string Tail(string pattern, char from) => pattern.LastIndexOf(from) is >= 0 and var at ? pattern[at..] : pattern;

    // What the two syntaxes write alike but mean differently, or write differently.
    private static string Translate(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 16);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                i++;
                if (pattern[i] == 'Q' && !inClass) i = Literal(pattern, i + 1, text) - 1;
                else if (pattern[i] == 'x' && i + 1 < pattern.Length && pattern[i + 1] == '{') i = CodePoint(pattern, i + 2, text);
                else if (pattern[i] is 'p' or 'P' && i + 1 < pattern.Length && pattern[i + 1] != '{') text.Append('\\').Append(pattern[i]).Append('{').Append(pattern[++i]).Append('}');
                else text.Append(Escape(pattern[i], inClass));
                continue;
            }
            if (inClass)
            {
                if (c == '[' && i + 1 < pattern.Length && pattern[i + 1] == ':' && pattern.IndexOf(":]", i, StringComparison.Ordinal) is > 0 and var end)
                {
                    text.Append(Posix(pattern[(i + 2)..end]));
                    i = end + 1;
                    continue;
                }
                if (c == ']') inClass = false;
                else if (c == '[') text.Append('\\');
                text.Append(c);
                continue;
            }
            switch (c)
            {
                case '[':
                    inClass = true;
                    text.Append(c);
                    if (i + 1 < pattern.Length && pattern[i + 1] == '^') text.Append(pattern[++i]);
                    if (i + 1 < pattern.Length && pattern[i + 1] == ']')
                    {
                        text.Append("\\]");
                        i++;
                    }
                    break;
                case '(' when pattern.AsSpan(i).StartsWith("(?P<"): text.Append("(?<"); i += 3; break;
                case '(' when pattern.AsSpan(i).StartsWith("(?=") || pattern.AsSpan(i).StartsWith("(?!") || pattern.AsSpan(i).StartsWith("(?>"):
                    throw new NotSupportedException(pattern);
                // Not before a line break at the end.
                case '$': text.Append("\\z"); break;
                default: text.Append(c); break;
            }
        }
        return text.ToString();
    }

    private static int Literal(string pattern, int start, StringBuilder text)
    {
        var end = pattern.IndexOf("\\E", start, StringComparison.Ordinal);
        text.Append(Regex.Escape(end < 0 ? pattern[start..] : pattern[start..end]));
        return end < 0 ? pattern.Length : end + 2;
    }

    private static int CodePoint(string pattern, int start, StringBuilder text)
    {
        var end = pattern.IndexOf('}', start);
        if (end < 0 || !int.TryParse(pattern.AsSpan(start, end - start), System.Globalization.NumberStyles.HexNumber, null, out var rune) || !Rune.IsValid(rune))
            throw new ArgumentException(pattern);
        foreach (var unit in new Rune(rune).ToString()) text.Append("\\u").Append(((int)unit).ToString("X4", System.Globalization.CultureInfo.InvariantCulture));
        return end;
    }

    // Digits, words and spaces are those of ASCII.
    private static string Escape(char c, bool inClass) => c switch
    {
        'd' => inClass ? "0-9" : "[0-9]",
        'D' when !inClass => "[^0-9]",
        'w' => inClass ? "0-9A-Za-z_" : "[0-9A-Za-z_]",
        'W' when !inClass => "[^0-9A-Za-z_]",
        's' => inClass ? "\\t\\n\\f\\r " : "[\\t\\n\\f\\r ]",
        'S' when !inClass => "[^\\t\\n\\f\\r ]",
        'z' => "\\z",
        'Z' => throw new ArgumentException("\\Z"),
        >= '1' and <= '9' => throw new NotSupportedException("\\" + c),
        _ => "\\" + c,
    };

    private static string Posix(string name)
    {
        var negated = name.StartsWith('^');
        var set = (negated ? name[1..] : name) switch
        {
            "alnum" => "0-9A-Za-z",
            "alpha" => "A-Za-z",
            "ascii" => "\\x00-\\x7F",
            "blank" => "\\t ",
            "cntrl" => "\\x00-\\x1F\\x7F",
            "digit" => "0-9",
            "graph" => "!-~",
            "lower" => "a-z",
            "print" => " -~",
            "punct" => "!-/:-@\\[-`{-~",
            "space" => "\\t\\n\\v\\f\\r ",
            "upper" => "A-Z",
            "word" => "0-9A-Za-z_",
            "xdigit" => "0-9A-Fa-f",
            _ => throw new ArgumentException(name),
        };
        return negated ? throw new NotSupportedException(name) : set;
    }
}
