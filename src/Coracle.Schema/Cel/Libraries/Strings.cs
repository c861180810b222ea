using System.Globalization;
using System.Text;
using T = Coracle.Schema.Cel.CelType;

namespace Coracle.Schema.Cel;

/// <summary>cel-go's string functions, version 2. Positions count code points.</summary>
internal static class Strings
{
    public static CelLibrary Library { get; } = new("cel.lib.ext.strings",
        new("charAt", CelOverload.Member("string_char_at_int", [T.String, T.Int], T.String, CharAt)),
        new("indexOf",
            CelOverload.Member("string_index_of_string", [T.String, T.String], T.Int, (s, t) => IndexOf(s.AsString, t.AsString, 0)),
            CelOverload.Member("string_index_of_string_int", [T.String, T.String, T.Int], T.Int, a => IndexOf(a[0].AsString, a[1].AsString, a[2].AsInt))),
        new("lastIndexOf",
            CelOverload.Member("string_last_index_of_string", [T.String, T.String], T.Int, (s, t) => LastIndexOf(s.AsString, t.AsString, null)),
            CelOverload.Member("string_last_index_of_string_int", [T.String, T.String, T.Int], T.Int, a => LastIndexOf(a[0].AsString, a[1].AsString, a[2].AsInt))),
        new("lowerAscii", CelOverload.Member("string_lower_ascii", [T.String], T.String, s => CelValue.String(Ascii(s.AsString, char.IsAsciiLetterUpper, c => (char)(c | 0x20))))),
        new("upperAscii", CelOverload.Member("string_upper_ascii", [T.String], T.String, s => CelValue.String(Ascii(s.AsString, char.IsAsciiLetterLower, c => (char)(c & ~0x20))))),
        new("replace",
            CelOverload.Member("string_replace_string_string", [T.String, T.String, T.String], T.String, a => Replaced(a[0].AsString, a[1].AsString, a[2].AsString, -1)),
            CelOverload.Member("string_replace_string_string_int", [T.String, T.String, T.String, T.Int], T.String, a => Replaced(a[0].AsString, a[1].AsString, a[2].AsString, a[3].AsInt))),
        new("split",
            CelOverload.Member("string_split_string", [T.String, T.String], T.List(T.String), (s, t) => Split(s.AsString, t.AsString, -1)),
            CelOverload.Member("string_split_string_int", [T.String, T.String, T.Int], T.List(T.String), a => Split(a[0].AsString, a[1].AsString, a[2].AsInt))),
        new("substring",
            CelOverload.Member("string_substring_int", [T.String, T.Int], T.String, (s, from) => Substring(s.AsString, from.AsInt, null)),
            CelOverload.Member("string_substring_int_int", [T.String, T.Int, T.Int], T.String, a => Substring(a[0].AsString, a[1].AsInt, a[2].AsInt))),
        new("trim", CelOverload.Member("string_trim", [T.String], T.String, s => CelValue.String(s.AsString.Trim(Space)))),
        new("format", CelOverload.Member("string_format", [T.String, T.List(T.Dyn)], T.String, (s, args) => Formatting.Format(s.AsString, args.AsList))),
        new("strings.quote", CelOverload.Function("strings_quote", [T.String], T.String, s => CelValue.String(Quote(s.AsString)))),
        new("join",
            CelOverload.Member("list_join", [T.List(T.String)], T.String, l => Join(l.AsList, "")),
            CelOverload.Member("list_join_string", [T.List(T.String), T.String], T.String, (l, s) => Join(l.AsList, s.AsString))));

    private static readonly char[] Space = [.. "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"];

    private static CelValue OutOfRange(long index) => CelValue.Error(string.Create(CultureInfo.InvariantCulture, $"index out of range: {index}"));

    private static int[] Runes(string text) => [.. text.EnumerateRunes().Select(r => r.Value)];

    private static string Text(ReadOnlySpan<int> runes)
    {
        var text = new StringBuilder(runes.Length);
        foreach (var rune in runes) text.Append(new Rune(rune).ToString());
        return text.ToString();
    }

    private static CelValue CharAt(CelValue text, CelValue index)
    {
        var runes = Runes(text.AsString);
        if (index.AsInt < 0 || index.AsInt > runes.Length) return OutOfRange(index.AsInt);
        return CelValue.String(index.AsInt == runes.Length ? "" : Text(runes.AsSpan((int)index.AsInt, 1)));
    }

    private static CelValue IndexOf(string text, string part, long from)
    {
        if (part.Length == 0) return CelValue.Int(from);
        if (from < 0) return OutOfRange(from);
        var runes = Runes(text);
        if (from >= runes.Length) return CelValue.Int(-1);
        var found = runes.AsSpan((int)from).IndexOf(Runes(part));
        return CelValue.Int(found < 0 ? -1 : found + from);
    }

    private static CelValue LastIndexOf(string text, string part, long? from)
    {
        var runes = Runes(text);
        if (part.Length == 0) return CelValue.Int(from ?? runes.Length);
        if (from < 0) return OutOfRange(from.Value);
        if (from >= runes.Length) return CelValue.Int(-1);
        var sought = Runes(part);
        var end = Math.Min(from is { } last ? (int)last + sought.Length : runes.Length, runes.Length);
        return CelValue.Int(runes.AsSpan(0, end).LastIndexOf(sought));
    }

    private static string Ascii(string text, Func<char, bool> is_, Func<char, char> to) =>
        string.Create(text.Length, (text, is_, to), static (span, state) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = state.is_(state.text[i]) ? state.to(state.text[i]) : state.text[i];
        });

    /// <summary>What a short expression could make of long strings is bounded: upstream reckons with the text alone.</summary>
    private const long MaxReplaced = 100_000_000;

    private static CelValue Replaced(string text, string old, string with, long limit)
    {
        var times = old.Length == 0 ? text.Length + 1L : text.Length / old.Length;
        if (limit >= 0) times = Math.Min(times, limit);
        return text.Length + times * with.Length > MaxReplaced ? CelValue.Error("replace: the result would be too large") : CelValue.String(Replace(text, old, with, limit));
    }

    private static string Replace(string text, string old, string with, long limit)
    {
        if (limit < 0 && old.Length > 0) return text.Replace(old, with, StringComparison.Ordinal);
        if (limit == 0) return text;
        var result = new StringBuilder();
        var at = 0;
        for (long done = 0; limit < 0 || done < limit; done++)
        {
            int next;
            if (old.Length == 0)
            {
                // Go puts the new text before each character, and at the end.
                if (done > 0)
                {
                    if (at >= text.Length) break;
                    var width = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
                    result.Append(text, at, width);
                    at += width;
                }
                result.Append(with);
                continue;
            }
            next = text.IndexOf(old, at, StringComparison.Ordinal);
            if (next < 0) break;
            result.Append(text, at, next - at).Append(with);
            at = next + old.Length;
        }
        return result.Append(text, at, text.Length - at).ToString();
    }

    private static CelValue Split(string text, string separator, long limit)
    {
        if (limit == 0) return CelValue.List(CelArray.Empty);
        string[] parts;
        if (separator.Length == 0)
        {
            var runes = Runes(text);
            var count = limit < 0 ? runes.Length : (int)Math.Min(limit, runes.Length);
            parts = new string[count];
            for (var i = 0; i < count; i++) parts[i] = Text(i == count - 1 ? runes.AsSpan(i) : runes.AsSpan(i, 1));
        }
        else parts = limit < 0 ? text.Split(separator) : text.Split(separator, (int)Math.Min(limit, int.MaxValue));
        return CelValue.List(new CelArray(Array.ConvertAll(parts, CelValue.String)));
    }

    private static CelValue Substring(string text, long start, long? end)
    {
        var runes = Runes(text);
        if (start > end) return CelValue.Error(string.Create(CultureInfo.InvariantCulture, $"invalid substring range. start: {start}, end: {end}"));
        if (start < 0 || start > runes.Length) return OutOfRange(start);
        if (end < 0 || end > runes.Length) return OutOfRange(end.Value);
        return CelValue.String(Text(runes.AsSpan((int)start, (int)((end ?? runes.Length) - start))));
    }

    private static CelValue Join(CelList list, string separator)
    {
        var result = new StringBuilder();
        for (var i = 0; i < list.Count; i++)
        {
            var item = list[i];
            if (item.IsError) return item;
            if (item.Kind != CelKind.String) return CelValue.Error($"join: invalid input: {item}");
            if (i > 0) result.Append(separator);
            result.Append(item.AsString);
        }
        return CelValue.String(result.ToString());
    }

    private static string Quote(string text)
    {
        var result = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
            result.Append(c switch
            {
                '\a' => "\\a", '\b' => "\\b", '\f' => "\\f", '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", '\v' => "\\v", '\\' => "\\\\", '"' => "\\\"",
                _ => c.ToString(),
            });
        return result.Append('"').ToString();
    }
}
