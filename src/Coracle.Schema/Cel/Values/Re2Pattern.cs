using System.Globalization;
using System.Text;

namespace Coracle.Schema.Cel;

/// <summary>One pattern on its way from RE2's syntax to .NET's.</summary>
internal sealed partial class Re2Pattern(string pattern)
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
}
