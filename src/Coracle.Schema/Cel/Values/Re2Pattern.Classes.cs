using System.Globalization;
using System.Text;

namespace Coracle.Schema.Cel;

/// <summary>Characters in brackets.</summary>
internal sealed partial class Re2Pattern
{
    private void Class()
    {
        var start = at++;
        var made = new StringBuilder("[");
        if (Peek() == '^')
        {
            made.Append('^');
            at++;
        }
        var first = true;
        while (at < pattern.Length && (Peek() != ']' || first))
        {
            first = false;
            if (!Member(start, made)) return;
        }
        if (at >= pattern.Length)
        {
            Fail("missing closing ]", pattern[start..]);
            return;
        }
        Atom(made.Append(']').ToString());
        at++;
    }

    private bool Member(int start, StringBuilder made)
    {
        if (Peek() == '[' && Peek(1) == ':' && pattern.IndexOf(":]", at + 2, StringComparison.Ordinal) is > 0 and var close)
        {
            var name = pattern[(at + 2)..close];
            var text = pattern[at..(close + 2)];
            at = close + 2;
            if (Posix(name.TrimStart('^')) is not { } set || (name.StartsWith('^') && made.Length > 0))
            {
                Fail("invalid character class range", text);
                return false;
            }
            made.Append(set);
            return true;
        }
        if (Peek() == '\\' && Peek(1) is 'd' or 's' or 'w' && Peek() == '\\')
        {
            made.Append(Perl(Peek(1)));
            at += 2;
            return true;
        }
        if (Peek() == '\\' && Peek(1) is 'D' or 'S' or 'W' && Peek() == '\\')
        {
            made.Append(Peek(1) switch { 'D' => "\\u0000-/:-\\uffff", 'S' => "\\u0000-\\u0008\\u000b\\u000e-\\u001f!-\\uffff", _ => "\\u0000-/:-@\\[-\\^`{-\\uffff" });
            at += 2;
            return true;
        }
        if (Peek() == '\\' && Peek(1) is 'p' or 'P' && Peek() == '\\')
        {
            if (Property() is not { } property) return false;
            made.Append(property);
            return true;
        }
        return Range(start, made);
    }

    private bool Range(int start, StringBuilder made)
    {
        var from = at;
        if (ClassCharacter(start) is not { } low) return false;
        if (Peek() != '-' || Peek(1) == ']' || at + 1 >= pattern.Length)
        {
            made.Append(low);
            return true;
        }
        at++;
        if (ClassCharacter(start) is not { } high) return false;
        if (CodeOf(low) > CodeOf(high))
        {
            Fail("invalid character class range", pattern[from..at]);
            return false;
        }
        made.Append(low).Append('-').Append(high);
        return true;
    }

    private static int CodeOf(string escaped) => escaped.Length switch
    {
        1 => escaped[0],
        2 => escaped[1] switch { 'a' => 7, 'f' => 12, 't' => 9, 'n' => 10, 'r' => 13, 'v' => 11, var c => c },
        6 => int.Parse(escaped.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
        _ => 0x10000,
    };

    private string? ClassCharacter(int start)
    {
        var from = at;
        if (at >= pattern.Length)
        {
            Fail("missing closing ]", pattern[start..]);
            return null;
        }
        if (Peek() != '\\')
        {
            var c = pattern[at++];
            return c is '[' or ']' or '^' or '-' or '\\' ? "\\" + c : c.ToString();
        }
        if (at + 1 >= pattern.Length)
        {
            Fail("trailing backslash at end of expression", "");
            return null;
        }
        if (Character() is { } value) return value;
        Fail("invalid escape sequence", pattern[from..Math.Min(from + 2, pattern.Length)]);
        return null;
    }

    private static string? Posix(string name) => name switch
    {
        "alnum" => "0-9A-Za-z",
        "alpha" => "A-Za-z",
        "ascii" => "\\u0000-\\u007f",
        "blank" => "\\t ",
        "cntrl" => "\\u0000-\\u001f\\u007f",
        "digit" => "0-9",
        "graph" => "!-~",
        "lower" => "a-z",
        "print" => " -~",
        "punct" => "!-/:-@\\[-`{-~",
        "space" => "\\t\\n\\v\\f\\r ",
        "upper" => "A-Z",
        "word" => "0-9A-Za-z_",
        "xdigit" => "0-9A-Fa-f",
        _ => null,
    };
}
