using System.Text;

namespace Coracle.ApiServer.Access;

/// <summary>Reads single parameters from a query string without building a table of all. As Go's url.ParseQuery: a pair that is malformed is skipped.</summary>
public static class QueryText
{
    /// <summary>The first value of a parameter, decoded, or null when the query has none. A leading "?" is allowed.</summary>
    public static string? First(ReadOnlySpan<char> query, ReadOnlySpan<char> name)
    {
        if (query.Length > 0 && query[0] == '?')
            query = query[1..];
        while (query.Length > 0)
        {
            var end = query.IndexOf('&');
            var pair = end < 0 ? query : query[..end];
            query = end < 0 ? [] : query[(end + 1)..];
            if (Match(pair, name) is { } value)
                return value;
        }
        return null;
    }

    /// <summary>All values of a parameter, decoded, in their order.</summary>
    public static List<string> All(ReadOnlySpan<char> query, ReadOnlySpan<char> name)
    {
        var values = new List<string>();
        foreach (var range in query.Split('&'))
            if (Match(query[range], name) is { } value)
                values.Add(value);
        return values;
    }

    private static string? Match(ReadOnlySpan<char> pair, ReadOnlySpan<char> name)
    {
        var equals = pair.IndexOf('=');
        var key = equals < 0 ? pair : pair[..equals];
        if (key.SequenceEqual(name) || (key.IndexOfAny('%', '+') >= 0 && Decode(key) is { } decoded && name.SequenceEqual(decoded)))
            return pair.Contains(';') ? null : equals < 0 ? "" : Decode(pair[(equals + 1)..]);
        return null;
    }

    /// <summary>Decodes "+" and "%XX"; null when an escape is broken.</summary>
    private static string? Decode(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAny('%', '+') < 0)
            return text.ToString();
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var length = 0;
        while (text.Length > 0)
        {
            if (text[0] == '%')
            {
                if (text.Length < 3 || !char.IsAsciiHexDigit(text[1]) || !char.IsAsciiHexDigit(text[2]))
                    return null;
                bytes[length++] = (byte)(Convert.FromHexString(text.Slice(1, 2))[0]);
                text = text[3..];
                continue;
            }
            var run = text.IndexOfAny('%', '+');
            if (run == 0)
            {
                bytes[length++] = (byte)' ';
                text = text[1..];
                continue;
            }
            var plain = run < 0 ? text : text[..run];
            length += Encoding.UTF8.GetBytes(plain, bytes.AsSpan(length));
            text = text[plain.Length..];
        }
        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
