using T = Coracle.Schema.Cel.CelType;

namespace Coracle.Schema.Cel;

internal sealed class UrlValue(GoUrl url) : CelObject
{
    public static readonly T UrlType = T.Struct("kubernetes.URL");

    public GoUrl Url => url;
    public override T Type => UrlType;
    public override bool SameAs(CelObject other) => other is UrlValue theirs && theirs.ToString() == ToString();
    public override string ToString() => url.ToString();
}

/// <summary><c>url("https://example.com:80/a?b=c").getHostname()</c></summary>
internal static class Urls
{
    private static readonly T Url = UrlValue.UrlType;

    public static CelLibrary Library { get; } = new("k8s.urls",
        new("url", CelOverload.Function("string_to_url", [T.String], Url, Parse)),
        new("getScheme", CelOverload.Member("url_get_scheme", [Url], T.String, u => CelValue.String(Of(u).Scheme))),
        new("getHost", CelOverload.Member("url_get_host", [Url], T.String, u => CelValue.String(Of(u).Host))),
        new("getHostname", CelOverload.Member("url_get_hostname", [Url], T.String, u => CelValue.String(Of(u).Hostname))),
        new("getPort", CelOverload.Member("url_get_port", [Url], T.String, u => CelValue.String(Of(u).Port))),
        new("getEscapedPath", CelOverload.Member("url_get_escaped_path", [Url], T.String, u => CelValue.String(Of(u).EscapedPath))),
        new("getQuery", CelOverload.Member("url_get_query", [Url], T.Map(T.String, T.List(T.String)), Query)),
        new("isURL", CelOverload.Function("is_url_string", [T.String], T.Bool, s => CelValue.Bool(GoUrl.TryParseRequest(s.AsString, out _)))))
    {
        Types = [Url],
    };

    private static GoUrl Of(CelValue value) => ((UrlValue)value.AsObject).Url;

    private static CelValue Parse(CelValue text) =>
        GoUrl.TryParseRequest(text.AsString, out var error) && GoUrl.TryParse(text.AsString, out var url, out error)
            ? CelValue.Object(new UrlValue(url))
            : CelValue.Error("URL parse error during conversion from string: " + error);

    private static CelValue Query(CelValue url)
    {
        var map = CelDictionary.New();
        foreach (var (key, values) in Of(url).Query()) map[CelValue.String(key)] = CelValue.List([.. values.Select(CelValue.String)]);
        return CelValue.Map(new CelDictionary(map));
    }
}
