using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>
/// /statusz and /flagz: what the server is and with what flags it was started, for people as text and for programs as Statusz and Flagz of config.k8s.io
/// (apiserver, pkg/server/statusz and flagz).
/// </summary>
internal sealed class StatusPages(Server server)
{
    private const string Group = "config.k8s.io";
    private const string Component = "apiserver";
    private static readonly string[] NotForDebugging = ["/api", "/apis", "/openid", "/openapi", "/.well-known"];

    private readonly DateTimeOffset _started = server.Clock.GetUtcNow();

    public ApiResponse Flags(ApiRequest request) => Answer(request, "Flagz", _ =>
    {
        var flags = new JsonObject();
        foreach (var (name, value) in Ordered()) flags[name] = value;
        return new JsonObject { ["flags"] = flags };
    }, () =>
    {
        var text = Header("flagz");
        foreach (var (name, value) in Ordered()) text.Append(name).Append('=').Append(value).Append('\n');
        return text.ToString();
    });

    private IEnumerable<KeyValuePair<string, string>> Ordered() => server.Options.Flags.OrderBy(f => f.Key, StringComparer.Ordinal);

    public ApiResponse Status(ApiRequest request, IEnumerable<string> paths)
    {
        var folders = paths.Select(p => "/" + p.Split('/', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("")).Where(p => p.Length > 1 && !NotForDebugging.Contains(p)).Distinct().Order(StringComparer.Ordinal).ToList();
        var up = server.Clock.GetUtcNow() - _started;
        return Answer(request, "Statusz", _ => new JsonObject
        {
            ["startTime"] = GoTime.Format(_started), ["uptimeSeconds"] = (long)up.TotalSeconds, ["goVersion"] = "", ["binaryVersion"] = "1.36.0", ["emulationVersion"] = "1.36",
            ["paths"] = new JsonArray([.. folders.Select(p => (JsonNode)p)]),
        }, () => Header("statusz").Append(CultureInfo.InvariantCulture, $"""

            Started: {_started.ToString("ddd MMM d HH:mm:ss", CultureInfo.InvariantCulture)} UTC {_started.Year}
            Up: {(long)up.TotalHours} hr {up.Minutes:00} min {up.Seconds:00} sec
            Go version: 
            Binary version: 1.36.0
            Emulation version: 1.36
            Paths: {string.Join(' ', folders)}

            """).ToString());
    }

    private static StringBuilder Header(string page) => new StringBuilder(1024).Append(CultureInfo.InvariantCulture, $"""

        {Component} {page}
        Warning: This endpoint is not meant to be machine parseable, has no formatting compatibility guarantees and is for debugging purposes only.

        """);

    private static ApiResponse Answer(ApiRequest request, string kind, Func<string, JsonObject> fields, Func<string> text)
    {
        var accept = request.Header("Accept");
        if (string.IsNullOrWhiteSpace(accept)) return ApiResponse.Text(text());
        foreach (var clause in accept.Split(','))
        {
            var parts = clause.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0] is "text/plain" or "text/*" or "*/*") return ApiResponse.Text(text());
            if (parts[0] is not ("application/json" or "application/yaml") || !parts.Contains($"as={kind}") || !parts.Contains($"g={Group}")) continue;
            if (parts.FirstOrDefault(p => p is "v=v1alpha1" or "v=v1beta1") is { } version) return Structured(kind, version[2..], fields, parts[0] == "application/yaml");
        }
        return ApiResponse.Of(ApiStatus.NotAcceptable("only the following media types are accepted: application/json, application/yaml, text/plain"));
    }

    private static ApiResponse Structured(string kind, string version, Func<string, JsonObject> fields, bool isYaml)
    {
        var obj = fields(version);
        obj.Insert(0, "kind", kind);
        obj.Insert(1, "apiVersion", $"{Group}/{version}");
        obj.Insert(2, "metadata", new JsonObject { ["name"] = Component });
        var json = RemoteDocuments.Bytes(obj);
        var response = isYaml ? new ApiResponse { ContentType = "application/yaml", Body = new BytesBody(System.Text.Encoding.UTF8.GetBytes(Yaml.Write(json))) } : ApiResponse.Json(json);
        if (version == "v1alpha1") response.Headers.Add(new("Warning", $"299 - \"This version of the {kind.ToLowerInvariant()} endpoint is deprecated. Please use a newer version.\""));
        return response;
    }
}
