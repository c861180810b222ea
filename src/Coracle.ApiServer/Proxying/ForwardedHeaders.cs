using Coracle.ApiServer.Access;

namespace Coracle.ApiServer;

/// <summary>Which headers pass a proxy, and which it adds (upstream: net/http/httputil's ReverseProxy, and what authentication takes away before).</summary>
internal static class ForwardedHeaders
{
    /// <summary>They are about one connection, not about the request.</summary>
    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Proxy-Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    // Others must not allow in our name what we do not.
    private static readonly HashSet<string> Cors = new(StringComparer.OrdinalIgnoreCase)
    {
        "Access-Control-Allow-Credentials", "Access-Control-Allow-Headers", "Access-Control-Allow-Methods", "Access-Control-Allow-Origin",
    };

    private const string TokenProtocol = "base64url.bearer.authorization.k8s.io.";

    /// <summary>The client's, without its credentials and what was for us alone.</summary>
    public static List<KeyValuePair<string, string>> Of(ApiRequest request, bool isUpgrade)
    {
        var all = request.Headers.Where(h => h.Key.Length > 0 && h.Key[0] != ':').ToList();
        var named = Named(all);
        var passed = new List<KeyValuePair<string, string>>(all.Count + 4);
        foreach (var (name, value) in all)
        {
            if (IsCredential(name) || name.Equals("Host", StringComparison.OrdinalIgnoreCase) || name.Equals("X-Forwarded-For", StringComparison.OrdinalIgnoreCase)) continue;
            if ((HopByHop.Contains(name) || named.Contains(name)) && !(isUpgrade && IsOfUpgrade(name))) continue;
            if (!name.Equals("Sec-WebSocket-Protocol", StringComparison.OrdinalIgnoreCase)) passed.Add(new(name, value));
            else if (WithoutToken(value) is { Length: > 0 } protocols) passed.Add(new(name, protocols));
        }
        // Callers in this process say these apart.
        foreach (var name in (ReadOnlySpan<string>)["Accept", "Content-Type", "User-Agent"])
            if (request.Header(name) is { Length: > 0 } value && !passed.Exists(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase))) passed.Add(new(name, value));
        if (request.RemoteAddress.Length > 0)
            passed.Add(new("X-Forwarded-For", string.Join(", ", all.Where(h => h.Key.Equals("X-Forwarded-For", StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).Append(request.RemoteAddress))));
        return passed;
    }

    /// <summary>The other server's, as the client gets them; the content type apart.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(BackendAnswer answer)
    {
        var isUpgrade = answer.Status == 101;
        var named = Named(answer.Headers);
        return answer.Headers.Where(h => !Cors.Contains(h.Key) && !h.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)
            && (!HopByHop.Contains(h.Key) && !named.Contains(h.Key) || isUpgrade && IsOfUpgrade(h.Key)));
    }

    private static HashSet<string> Named(IEnumerable<KeyValuePair<string, string>> headers) =>
        headers.Where(h => h.Key.Equals("Connection", StringComparison.OrdinalIgnoreCase)).SelectMany(h => h.Value.Split(',', StringSplitOptions.TrimEntries)).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static bool IsOfUpgrade(string name) => name.Equals("Connection", StringComparison.OrdinalIgnoreCase) || name.Equals("Upgrade", StringComparison.OrdinalIgnoreCase);

    private static bool IsCredential(string name) => name.Equals("Authorization", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith(Impersonation.HeaderPrefix, StringComparison.OrdinalIgnoreCase) || FrontProxyAuthentication.HeaderPrefixes.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase));

    private static string WithoutToken(string protocols) =>
        protocols.Contains(TokenProtocol, StringComparison.Ordinal) ? string.Join(", ", protocols.Split(',', StringSplitOptions.TrimEntries).Where(p => !p.StartsWith(TokenProtocol, StringComparison.Ordinal))) : protocols;

    /// <summary>Whether a request asks to switch its connection to another protocol.</summary>
    public static bool IsUpgrade(ApiRequest request) =>
        request.HeaderValues("Connection").Any(value => value.Contains("upgrade", StringComparison.OrdinalIgnoreCase));

    /// <summary>What we say of a user to a server that believes the front proxy (client-go, transport: SetAuthProxyHeaders).</summary>
    public static IEnumerable<KeyValuePair<string, string>> OfUser(User user)
    {
        yield return new("X-Remote-User", user.Name);
        if (user.Uid.Length > 0) yield return new("X-Remote-Uid", user.Uid);
        foreach (var group in user.Groups) yield return new("X-Remote-Group", group);
        foreach (var (key, values) in user.Extra)
            foreach (var value in values) yield return new($"X-Remote-Extra-{EscapeKey(key)}", value);
    }

    // What may not stand in a header's name is percent-encoded, and so is the percent sign.
    private static string EscapeKey(string key)
    {
        var text = new System.Text.StringBuilder(key.Length);
        foreach (var b in System.Text.Encoding.UTF8.GetBytes(key))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b < 0x80 && "!#$&'*+-.^_`|~".Contains((char)b, StringComparison.Ordinal)) text.Append((char)b);
            else text.Append('%').Append(b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture).ToUpperInvariant());
        }
        return text.ToString();
    }
}
