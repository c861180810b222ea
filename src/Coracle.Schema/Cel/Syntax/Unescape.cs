using System.Globalization;
using System.Text;

namespace Coracle.Schema.Cel;

/// <summary>The value of a string or bytes literal.</summary>
internal static class Unescape
{
    /// <summary>Text; null and an error when an escape names no code point.</summary>
    public static string? Text(ReadOnlySpan<char> literal, out string? error)
    {
        error = null;
        var body = Body(literal, out var raw);
        if (raw || !body.Contains('\\')) return Newlines(body);
        var result = new StringBuilder(body.Length);
        for (var i = 0; i < body.Length;)
        {
            if (body[i] != '\\')
            {
                if (body[i] == '\r')
                {
                    result.Append('\n');
                    i += i + 1 < body.Length && body[i + 1] == '\n' ? 2 : 1;
                    continue;
                }
                result.Append(body[i++]);
                continue;
            }
            var code = Escape(body, ref i, out _);
            if (!Rune.IsValid((int)Math.Min(code, int.MaxValue)))
            {
                error = "invalid unicode code point";
                return null;
            }
            result.Append(new Rune((int)code).ToString());
        }
        return result.ToString();
    }

    /// <summary>Bytes: text in UTF-8, and what hexadecimal and octal escapes name as single bytes.</summary>
    public static byte[]? Bytes(ReadOnlySpan<char> literal, out string? error)
    {
        error = null;
        var body = Body(literal, out var raw);
        if (raw || !body.Contains('\\')) return Encoding.UTF8.GetBytes(Newlines(body));
        var result = new List<byte>(body.Length);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < body.Length;)
        {
            if (body[i] != '\\')
            {
                Rune.DecodeFromUtf16(body[i..], out var rune, out var used);
                if (rune.Value == '\r' && i + 1 < body.Length && body[i + 1] == '\n') i++;
                result.AddRange(utf8[..(rune.Value == '\r' ? new Rune('\n') : rune).EncodeToUtf8(utf8)]);
                i += used;
                continue;
            }
            var code = Escape(body, ref i, out var single);
            if (single) result.Add((byte)code);
            else if (Rune.IsValid((int)Math.Min(code, int.MaxValue))) result.AddRange(utf8[..new Rune((int)code).EncodeToUtf8(utf8)]);
            else
            {
                error = "invalid unicode code point";
                return null;
            }
        }
        return [.. result];
    }

    private static ReadOnlySpan<char> Body(ReadOnlySpan<char> literal, out bool raw)
    {
        if (literal[0] is 'b' or 'B') literal = literal[1..];
        raw = literal[0] is 'r' or 'R';
        if (raw) literal = literal[1..];
        var quotes = literal.Length >= 6 && literal[1] == literal[0] && literal[2] == literal[0] ? 3 : 1;
        return literal[quotes..^quotes];
    }

    /// <summary>A line end of any kind is a line feed.</summary>
    private static string Newlines(ReadOnlySpan<char> body) =>
        body.Contains('\r') ? body.ToString().Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n') : body.ToString();

    private static long Escape(ReadOnlySpan<char> body, ref int i, out bool single)
    {
        single = false;
        var c = body[i + 1];
        i += 2;
        switch (c)
        {
            case 'a': return 7;
            case 'b': return 8;
            case 'f': return 12;
            case 'n': return 10;
            case 'r': return 13;
            case 't': return 9;
            case 'v': return 11;
            case 'x' or 'X': single = true; return Hex(body, ref i, 2);
            case 'u': return Hex(body, ref i, 4);
            case 'U': return Hex(body, ref i, 8);
            case >= '0' and <= '3':
                single = true;
                var value = ((c - '0') * 8 + (body[i] - '0')) * 8 + (body[i + 1] - '0');
                i += 2;
                return value;
            default: return c;
        }
    }

    private static long Hex(ReadOnlySpan<char> body, ref int i, int digits)
    {
        var value = long.Parse(body.Slice(i, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        i += digits;
        return value;
    }
}
