using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Coracle.Schema.Cel;

/// <summary>
/// Regular expressions in RE2's syntax (Go's regexp), run by .NET's engine without backtracking: in time linear in the text, as upstream.
/// </summary>
/// <remarks>
/// What is refused is refused with Go's words. Where the engines differ: <c>.</c> and negated classes count surrogates singly beyond U+FFFF; <c>\b</c>
/// and <c>(?i)</c> know all of Unicode, where Go's know ASCII words and simple folding; of <c>\p{...}</c> general categories are known, and of
/// scripts Greek, Cyrillic, Latin, Han, Hiragana and Katakana by their main ranges.
/// </remarks>
public sealed class GoRegex
{
    private const int Remembered = 256;
    private static readonly Dictionary<string, GoRegex> Compiled = new(StringComparer.Ordinal);
    private readonly Regex regex;

    private GoRegex(Regex regex) => this.regex = regex;

    public bool IsMatch(string text) => regex.IsMatch(text);

    /// <summary>The first match, or null.</summary>
    public string? Find(string text) => regex.Match(text) is { Success: true } match ? match.Value : null;

    /// <summary>The matches, no more than <paramref name="limit"/> unless that is negative.</summary>
    public IEnumerable<string> FindAll(string text, long limit = -1)
    {
        var ended = -1;
        foreach (var match in regex.EnumerateMatches(text).ToList())
        {
            if (limit-- == 0) yield break;
            // Go takes no empty match right behind another.
            if (match.Length == 0 && match.Index == ended)
            {
                limit++;
                continue;
            }
            ended = match.Index + match.Length;
            yield return text.Substring(match.Index, match.Length);
        }
    }

    /// <summary>Reads a pattern; otherwise <paramref name="error"/> is Go's message ("error parsing regexp: ...").</summary>
    public static bool TryCompile(string pattern, out GoRegex? regex, out string? error)
    {
        lock (Compiled)
            if (Compiled.TryGetValue(pattern, out regex))
            {
                error = null;
                return true;
            }
        regex = null;
        if (!new Re2Pattern(pattern).TryTranslate(out var translated, out error)) return false;
        try
        {
            regex = new(new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or InsufficientExecutionStackException)
        {
            error = $"error parsing regexp: expression is not supported: `{pattern}`";
            return false;
        }
        lock (Compiled)
        {
            if (Compiled.Count >= Remembered) Compiled.Clear();
            Compiled[pattern] = regex;
        }
        return true;
    }
}

file static class Matches
{
    public static List<(int Index, int Length)> ToList(this Regex.ValueMatchEnumerator matches)
    {
        var list = new List<(int, int)>();
        foreach (var match in matches) list.Add((match.Index, match.Length));
        return list;
    }
}

/// <summary>One pattern on its way from RE2's syntax to .NET's.</summary>
internal sealed class Re2Pattern(string pattern)
{
    private const int MaxRepeat = 1000, MaxNesting = 1000;
    private readonly StringBuilder result = new(pattern.Length + 16);
    private readonly Stack<(int Start, bool Multiline, bool Ungreedy, long Repeats)> groups = new();
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private int at;
    private bool multiline, ungreedy;
    private string? error;

    /// <summary>How often the counted repetitions of the last atom, and of the group so far, repeat what is innermost.</summary>
    private long atomRepeats = 1, groupRepeats = 1;

    /// <summary>Where what a repetition would repeat begins; -1 when there is nothing.</summary>
    private int repeatable = -1;
    private bool repeated;

    public bool TryTranslate(out string translated, out string? message)
    {
        while (at < pattern.Length && error is null) Next();
        if (error is null && groups.Count > 0) Fail("missing closing )", pattern);
        translated = result.ToString();
        message = error;
        return error is null;
    }

    private void Fail(string what, string where) => error ??= $"error parsing regexp: {what}: `{where}`";

    private char Peek(int ahead = 0) => at + ahead < pattern.Length ? pattern[at + ahead] : '\0';

    private void Atom(string text)
    {
        repeatable = at;
        repeated = false;
        atomRepeats = 1;
        result.Append(text);
    }

    private void Next()
    {
        var c = pattern[at];
        switch (c)
        {
            case '(': Open(); return;
            case ')': Close(); return;
            case '|':
                result.Append('|');
                repeatable = -1;
                at++;
                return;
            case '*' or '+' or '?': Repeat(1); return;
            case '{': Braces(); return;
            case '[': Class(); return;
            case '\\': Escape(); return;
            case '^': Atom(multiline ? "(?m:^)" : "\\A"); break;
            case '$': Atom(multiline ? "(?m:$)" : "\\z"); break;
            case '.': Atom("."); break;
            case '#' or ' ': Atom("\\" + c); break;
            case ']' or '}': Atom("\\" + c); break;
            default: Atom(c.ToString()); break;
        }
        at++;
    }

    private void Open()
    {
        var start = at;
        if (groups.Count >= MaxNesting)
        {
            Fail("expression nests too deeply", pattern);
            return;
        }
        if (Peek(1) != '?')
        {
            Push(at);
            Atom("(");
            at++;
            repeatable = -1;
            return;
        }
        if (Peek(2) == 'P' && Peek(3) == '<' || Peek(2) == '<')
        {
            Named(start);
            return;
        }
        Flags(start);
    }

    private void Named(int start)
    {
        var open = pattern.IndexOf('<', at);
        var close = pattern.IndexOf('>', open);
        if (close < 0)
        {
            Fail("invalid named capture", pattern[start..]);
            return;
        }
        var name = pattern[(open + 1)..close];
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(WordCharacters))
        {
            Fail("invalid named capture", pattern[start..(close + 1)]);
            return;
        }
        if (!names.Add(name))
        {
            Fail("duplicate capture group name", name);
            return;
        }
        Push(start);
        Atom("(");
        at = close + 1;
        repeatable = -1;
    }

    private static readonly System.Buffers.SearchValues<char> WordCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    private void Flags(int start)
    {
        var on = new StringBuilder();
        var off = new StringBuilder();
        var (lines, lazy, negative, any) = (multiline, ungreedy, false, false);
        for (at += 2; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case 'i' or 's': (negative ? off : on).Append(pattern[at]); any = true; continue;
                case 'm': lines = !negative; any = true; continue;
                case 'U': lazy = !negative; any = true; continue;
                case '-' when !negative:
                    negative = true;
                    any = false;
                    continue;
                case ':' when !negative || any:
                    Push(start);
                    Atom($"(?{on}{(off.Length > 0 ? "-" + off : "")}:");
                    at++;
                    (multiline, ungreedy, repeatable) = (lines, lazy, -1);
                    return;
                case ')' when any:
                    if (on.Length + off.Length > 0) result.Append($"(?{on}{(off.Length > 0 ? "-" + off : "")})");
                    at++;
                    (multiline, ungreedy, repeatable) = (lines, lazy, -1);
                    return;
            }
            break;
        }
        Fail(at >= pattern.Length ? "missing argument to repetition operator" : "invalid or unsupported Perl syntax", pattern[start..Math.Min(at + 1, pattern.Length)]);
    }

    private void Push(int start)
    {
        groups.Push((start, multiline, ungreedy, groupRepeats));
        groupRepeats = 1;
    }

    private void Close()
    {
        if (groups.Count == 0)
        {
            Fail("unexpected )", pattern);
            return;
        }
        var inner = groupRepeats;
        (_, multiline, ungreedy, groupRepeats) = groups.Pop();
        Atom(")");
        atomRepeats = inner;
        groupRepeats = Math.Max(groupRepeats, inner);
        at++;
    }

    private void Repeat(int length)
    {
        var text = pattern.Substring(at, length);
        if (repeatable < 0)
        {
            Fail("missing argument to repetition operator", text);
            return;
        }
        if (repeated)
        {
            Fail("invalid nested repetition operator", pattern[repeatable..Math.Min(at + length, pattern.Length)]);
            return;
        }
        var start = at;
        at += length;
        var lazy = Peek() == '?';
        if (lazy) at++;
        result.Append(text);
        if (lazy != ungreedy) result.Append('?');
        repeated = true;
        repeatable = start;
    }

    private void Braces()
    {
        var close = pattern.IndexOf('}', at);
        var body = close < 0 ? "" : pattern[(at + 1)..close];
        var comma = body.IndexOf(',', StringComparison.Ordinal);
        var low = comma < 0 ? body : body[..comma];
        var high = comma < 0 ? low : body[(comma + 1)..];
        if (!IsNumber(low) || (high.Length > 0 && !IsNumber(high)))
        {
            Atom("\\{");
            at++;
            return;
        }
        var least = Count(low);
        var most = high.Length == 0 ? -1 : Count(high);
        var times = Math.Max(Math.Max(least, most), 1);
        if (least > MaxRepeat || most > MaxRepeat || (most >= 0 && most < least) || atomRepeats * times > MaxRepeat)
        {
            Fail("invalid repeat count", pattern[at..(close + 1)]);
            return;
        }
        var repeats = atomRepeats * times;
        Repeat(close + 1 - at);
        atomRepeats = repeats;
        groupRepeats = Math.Max(groupRepeats, repeats);
    }

    private static bool IsNumber(string text) => text.Length > 0 && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 && (text.Length == 1 || text[0] != '0');
    private static int Count(string text) => text.Length > 4 ? int.MaxValue : int.Parse(text, CultureInfo.InvariantCulture);

    private void Escape()
    {
        var start = at;
        if (at + 1 >= pattern.Length)
        {
            Fail("trailing backslash at end of expression", "");
            return;
        }
        var c = pattern[at + 1];
        switch (c)
        {
            case 'A': Atom("\\A"); break;
            case 'z': Atom("\\z"); break;
            case 'b': Atom("\\b"); break;
            case 'B': Atom("\\B"); break;
            case 'Q':
                Quoted();
                return;
            case 'd' or 'D' or 's' or 'S' or 'w' or 'W': Atom($"[{(char.IsUpper(c) ? "^" : "")}{Perl(char.ToLowerInvariant(c))}]"); break;
            case 'p' or 'P':
                if (Property() is { } property) Atom($"[{property}]");
                return;
            default:
                if (Character() is { } value) Atom(value);
                else Fail("invalid escape sequence", pattern[start..Math.Min(start + 2, pattern.Length)]);
                return;
        }
        at += 2;
    }

    private void Quoted()
    {
        var end = pattern.IndexOf("\\E", at + 2, StringComparison.Ordinal);
        var text = end < 0 ? pattern[(at + 2)..] : pattern[(at + 2)..end];
        foreach (var c in text) Atom(Regex.Escape(c.ToString()));
        at = end < 0 ? pattern.Length : end + 2;
    }

    private static string Perl(char c) => c switch { 'd' => "0-9", 's' => "\\t\\n\\f\\r ", _ => "0-9A-Za-z_" };

    /// <summary>An escaped character, as .NET takes it inside and outside of classes; null when it is none.</summary>
    private string? Character()
    {
        var c = pattern[at + 1];
        at += 2;
        switch (c)
        {
            case 'a' or 'f' or 't' or 'n' or 'r' or 'v': return "\\" + c;
            case 'x': return Hex();
            case >= '0' and <= '7':
                if (c != '0' && Peek() is < '0' or > '7') return null;
                var value = c - '0';
                for (var i = 1; i < 3 && Peek() is >= '0' and <= '7'; i++, at++) value = value * 8 + (Peek() - '0');
                return $"\\u{value:x4}";
            default: return c < 0x80 && !char.IsAsciiLetterOrDigit(c) ? Regex.Escape(c.ToString()) is { Length: 2 } escaped ? escaped : "\\" + c : null;
        }
    }

    private string? Hex()
    {
        var digits = "";
        if (Peek() == '{')
        {
            var close = pattern.IndexOf('}', at);
            if (close < 0) return null;
            digits = pattern[(at + 1)..close];
            at = close + 1;
        }
        else if (at + 2 <= pattern.Length)
        {
            digits = pattern.Substring(at, 2);
            at += 2;
        }
        if (digits.Length is 0 or > 6 || !int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value > 0x10ffff) return null;
        return value <= 0xffff ? $"\\u{value:x4}" : string.Concat(char.ConvertFromUtf32(value).Select(c => $"\\u{(int)c:x4}"));
    }

    /// <summary>What \p{...} names, for use within brackets.</summary>
    private string? Property()
    {
        var start = at;
        var negative = pattern[at + 1] == 'P';
        at += 2;
        var name = Peek() == '{' ? pattern[(at + 1)..Math.Max(at + 1, pattern.IndexOf('}', at))] : Peek().ToString();
        at += Peek() == '{' ? name.Length + 2 : 1;
        if (name.StartsWith('^'))
        {
            negative = !negative;
            name = name[1..];
        }
        if (name is "L" or "Lu" or "Ll" or "Lt" or "Lm" or "Lo" or "M" or "Mn" or "Mc" or "Me" or "N" or "Nd" or "Nl" or "No" or "P" or "Pc" or "Pd" or "Ps" or "Pe" or "Pi"
            or "Pf" or "Po" or "S" or "Sm" or "Sc" or "Sk" or "So" or "Z" or "Zs" or "Zl" or "Zp" or "C" or "Cc" or "Cf" or "Co") return $"\\{(negative ? 'P' : 'p')}{{{name}}}";
        var script = name switch
        {
            "Greek" => "\\u0370-\\u03ff\\u1f00-\\u1fff",
            "Cyrillic" => "\\u0400-\\u052f\\u1c80-\\u1c8f\\u2de0-\\u2dff\\ua640-\\ua69f",
            "Latin" => "A-Za-z\\u00aa\\u00ba\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02b8\\u1e00-\\u1eff",
            "Han" => "\\u2e80-\\u2fd5\\u3005\\u3007\\u3021-\\u3029\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufad9",
            "Hiragana" => "\\u3041-\\u3096\\u309d-\\u309f",
            "Katakana" => "\\u30a1-\\u30fa\\u30fd-\\u30ff\\u31f0-\\u31ff",
            _ => null,
        };
        if (script is not null && !negative) return script;
        Fail("invalid character class range", pattern[start..Math.Min(at, pattern.Length)]);
        return null;
    }

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
