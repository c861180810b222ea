namespace Coracle.ApiServer;

/// <summary>
/// Links of a page behind a proxy, so that who follows them stays behind it: absolute paths on the same host get the path of the proxy before them (apimachinery,
/// util/proxy/transport.go).
/// </summary>
/// <param name="Prefix">The path of the proxy: "/api/v1/namespaces/default/pods/web/proxy".</param>
/// <param name="Backend">"10.0.0.5:80", where the page is.</param>
/// <param name="Asked">The Host header of the client.</param>
internal sealed record LinkRewriting(string Prefix, string Backend, string Asked)
{
    public string Rewrite(string link)
    {
        var (scheme, host, path, rest) = Split(link);
        var elsewhere = host.Length > 0 && host != Backend && host != Asked;
        if (elsewhere || scheme.Length > 0 && host.Length == 0 || !path.StartsWith('/')) return link;
        var origin = host == Asked && host.Length > 0 ? (scheme.Length > 0 ? scheme + ":" : "") + "//" + host : "";
        if (path.StartsWith(Prefix, StringComparison.Ordinal)) return origin + path + rest;
        return origin + GoPath.Join(Prefix, path) + rest;
    }

    // "http://host/path?query#fragment" in its parts; what has neither scheme nor host is all path.
    private static (string Scheme, string Host, string Path, string After) Split(string link)
    {
        var end = link.AsSpan().IndexOfAny('?', '#');
        var (head, rest) = end < 0 ? (link, "") : (link[..end], link[end..]);
        var scheme = "";
        var colon = head.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && head.AsSpan(0, colon).IndexOf('/') < 0) (scheme, head) = (head[..colon], head[(colon + 1)..]);
        if (!head.StartsWith("//", StringComparison.Ordinal)) return (scheme, "", head, rest);
        var slash = head.IndexOf('/', 2);
        return slash < 0 ? (scheme, head[2..], "", rest) : (scheme, head[2..slash], head[slash..], rest);
    }
}
