using System.Globalization;
using System.Text;

namespace Coracle.Schema.Cel;

/// <summary>A URL as Go's net/url takes it apart. Fields are decoded, but for the path, of which both forms are kept.</summary>
internal sealed class GoUrl
{
    public string Scheme { get; private set; } = "";
    public string User { get; private set; } = "";
    public string Host { get; private set; } = "";
    public string Path { get; private set; } = "";
    public string RawPath { get; private set; } = "";
    public string RawQuery { get; private set; } = "";
    public string Fragment { get; private set; } = "";
    private string opaque = "";

    public string Hostname => SplitHost().Host;
    public string Port => SplitHost().Port;

    /// <summary>The path as it was written, where that is a valid way to write it.</summary>
    public string EscapedPath
    {
        get
        {
            if (RawPath.Length > 0 && IsValidEncoding(RawPath) && TryUnescape(RawPath, false, out var decoded, out _) && decoded == Path) return RawPath;
            return Path == "*" ? "*" : Escape(Path);
        }
    }

    /// <summary>Reads an absolute URI or an absolute path, as clients send it; a fragment is no part of that. Otherwise Go's message.</summary>
    public static bool TryParseRequest(string text, out string? error)
    {
        error = Wrap(text, new GoUrl().Parse(text, viaRequest: true));
        return error is null;
    }

    public static bool TryParse(string text, out GoUrl url, out string? error)
    {
        url = new GoUrl();
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        var before = hash < 0 ? text : text[..hash];
        var wrong = url.Parse(before, viaRequest: false);
        if (wrong is null && hash >= 0)
        {
            if (TryUnescape(text[(hash + 1)..], false, out var fragment, out wrong)) url.Fragment = fragment;
        }
        error = Wrap(text, wrong);
        return error is null;
    }

    private static string? Wrap(string text, string? wrong) => wrong is null ? null : $"parse {GoText.Quote(text)}: {wrong}";

    private string? Parse(string text, bool viaRequest)
    {
        if (text.AsSpan().ContainsAnyInRange('\0', '\u001f') || text.Contains('\u007f', StringComparison.Ordinal)) return "net/url: invalid control character in URL";
        if (text.Length == 0 && viaRequest) return "empty url";
        if (text == "*")
        {
            Path = "*";
            return null;
        }
        if (SplitScheme(text, out var rest) is { } bad) return bad;
        if (rest.EndsWith('?') && rest.Count(c => c == '?') == 1) rest = rest[..^1];
        else if (rest.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark)
        {
            RawQuery = rest[(mark + 1)..];
            rest = rest[..mark];
        }
        if (!rest.StartsWith('/'))
        {
            if (Scheme.Length > 0)
            {
                opaque = rest;
                return null;
            }
            if (viaRequest) return "invalid URI for request";
            var segment = rest.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? rest[..slash] : rest;
            if (segment.Contains(':', StringComparison.Ordinal)) return "first path segment in URL cannot contain colon";
        }
        if ((Scheme.Length > 0 || (!viaRequest && !rest.StartsWith("///", StringComparison.Ordinal))) && rest.StartsWith("//", StringComparison.Ordinal))
        {
            var end = rest.IndexOf('/', 2);
            var authority = end < 0 ? rest[2..] : rest[2..end];
            rest = end < 0 ? "" : rest[end..];
            if (Authority(authority) is { } wrong) return wrong;
        }
        if (!TryUnescape(rest, false, out var path, out var error)) return error;
        Path = path;
        RawPath = rest == Escape(path) ? "" : rest;
        return null;
    }

    private string? SplitScheme(string text, out string rest)
    {
        rest = text;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsAsciiLetter(c)) continue;
            if (char.IsAsciiDigit(c) || c is '+' or '-' or '.')
            {
                if (i == 0) return null;
                continue;
            }
            if (c != ':') return null;
            if (i == 0) return "missing protocol scheme";
            Scheme = text[..i].ToLowerInvariant();
            rest = text[(i + 1)..];
            return null;
        }
        return null;
    }

    private string? Authority(string authority)
    {
        var at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            foreach (var c in authority.AsSpan(0, at))
                if (!char.IsAsciiLetterOrDigit(c) && !"-._:~!$&'()*+,;=%@".Contains(c, StringComparison.Ordinal))
                    return "net/url: invalid userinfo";
            if (!TryUnescape(authority[..at], false, out _, out var bad)) return bad;
            User = authority[..at];
        }
        return HostOf(authority[(at + 1)..]);
    }

    private string? HostOf(string host)
    {
        if (host.StartsWith('['))
        {
            var end = host.LastIndexOf(']');
            if (end < 0) return "missing ']' in host";
            if (!IsPort(host[(end + 1)..])) return $"invalid port {GoText.Quote(host[(end + 1)..])} after host";
        }
        else if (host.LastIndexOf(':') is >= 0 and var colon && !IsPort(host[colon..])) return $"invalid port {GoText.Quote(host[colon..])} after host";
        foreach (var c in host)
            if (c < 0x80 && !char.IsAsciiLetterOrDigit(c) && !"-_.~!$&'()*+,;=:[]<>\"%".Contains(c, StringComparison.Ordinal))
                return $"invalid character {GoText.Quote(c.ToString())} in host name";
        if (!TryUnescape(host, true, out var decoded, out var error)) return error;
        Host = decoded;
        return null;
    }

    private static bool IsPort(string text) => text.Length == 0 || (text[0] == ':' && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0);

    private (string Host, string Port) SplitHost()
    {
        var colon = Host.LastIndexOf(':');
        var (host, port) = colon >= 0 && IsPort(Host[colon..]) ? (Host[..colon], Host[(colon + 1)..]) : (Host, "");
        return host.StartsWith('[') && host.EndsWith(']') ? (host[1..^1], port) : (host, port);
    }

    /// <summary>Values by key, in the order of the keys' first mention. Pairs that cannot be read are left out.</summary>
    public IEnumerable<(string Key, List<string> Values)> Query()
    {
        var all = new List<(string Key, List<string> Values)>();
        foreach (var pair in RawQuery.Split('&'))
        {
            if (pair.Length == 0 || pair.Contains(';', StringComparison.Ordinal)) continue;
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (!TryUnescape((equals < 0 ? pair : pair[..equals]).Replace('+', ' '), false, out var key, out _)) continue;
            if (!TryUnescape(equals < 0 ? "" : pair[(equals + 1)..].Replace('+', ' '), false, out var value, out _)) continue;
            var known = all.FindIndex(e => e.Key == key);
            if (known >= 0) all[known].Values.Add(value);
            else all.Add((key, [value]));
        }
        return all;
    }

    private static bool TryUnescape(string text, bool host, out string decoded, out string? error)
    {
        error = null;
        decoded = text;
        if (!text.Contains('%', StringComparison.Ordinal)) return true;
        var bytes = new List<byte>(text.Length);
        var utf8 = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < utf8.Length; i++)
        {
            if (utf8[i] != '%')
            {
                bytes.Add(utf8[i]);
                continue;
            }
            var hex = i + 2 < utf8.Length && char.IsAsciiHexDigit((char)utf8[i + 1]) && char.IsAsciiHexDigit((char)utf8[i + 2]);
            var escape = Encoding.UTF8.GetString(utf8.AsSpan(i, Math.Min(3, utf8.Length - i)));
            if (!hex || (host && escape != "%25" && utf8[i + 1] < '8'))
            {
                error = $"invalid URL escape {GoText.Quote(escape)}";
                return false;
            }
            bytes.Add(byte.Parse(escape.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            i += 2;
        }
        decoded = Encoding.UTF8.GetString([.. bytes]);
        return true;
    }

    private static bool IsPathCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~' or '$' or '&' or '+' or ',' or '/' or ':' or ';' or '=' or '@';

    private static bool IsValidEncoding(string path) => path.All(c => IsPathCharacter(c) || c is '!' or '\'' or '(' or ')' or '*' or '[' or ']' or '%');

    private static string Escape(string path)
    {
        if (path.All(IsPathCharacter)) return path;
        var result = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(path))
            if (b < 0x80 && IsPathCharacter((char)b)) result.Append((char)b);
            else result.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        return result.ToString();
    }

    public override string ToString()
    {
        var result = new StringBuilder();
        if (Scheme.Length > 0) result.Append(Scheme).Append(':');
        if (opaque.Length > 0) result.Append(opaque);
        else
        {
            if (Scheme.Length > 0 || Host.Length > 0 || User.Length > 0)
            {
                if (Host.Length > 0 || Path.Length > 0 || User.Length > 0) result.Append("//");
                if (User.Length > 0) result.Append(User).Append('@');
                result.Append(Host);
            }
            result.Append(EscapedPath);
        }
        if (RawQuery.Length > 0) result.Append('?').Append(RawQuery);
        if (Fragment.Length > 0) result.Append('#').Append(Escape(Fragment));
        return result.ToString();
    }
}
