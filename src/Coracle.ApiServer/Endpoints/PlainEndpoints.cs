using StringBuilder = System.Text.StringBuilder;
using Coracle.ApiServer.Access;

namespace Coracle.ApiServer;

/// <summary>Paths that are no resources: health, version, metrics, discovery and the published schema.</summary>
internal sealed class PlainEndpoints(Server server)
{
    private readonly Discovery _discovery = new(server);
    private readonly OpenApi.OpenApiEndpoint _openApi = new(server);
    private readonly StatusPages _pages = new(server);

    public ApiResponse Handle(ApiRequest request, RequestInfo info)
    {
        if (request.Method is not ("GET" or "HEAD")) return ApiResponse.Of(ApiStatus.MethodNotAllowed);
        var path = request.Path.Length > 1 ? request.Path.TrimEnd('/') : request.Path;
        return path switch
        {
            "/healthz" or "/livez" => Health("livez", request, []),
            "/readyz" => Health("readyz", request, server.Options.ReadyChecks),
            "/flagz" when server.Features.IsEnabled(FeatureGates.ComponentFlagz) => _pages.Flags(request),
            "/statusz" when server.Features.IsEnabled(FeatureGates.ComponentStatusz) => _pages.Status(request, Discovery.PlainPaths(server)),
            "/version" => ApiResponse.Json(VersionInfo.Json),
            "/metrics" => new ApiResponse { ContentType = "text/plain; version=0.0.4; charset=utf-8", Body = new BytesBody(System.Text.Encoding.UTF8.GetBytes(server.RenderMetrics())) },
            _ => _openApi.Handle(request, path) ?? _discovery.Handle(request, path) ?? ApiResponse.Of(ApiStatus.UnknownPath),
        };
    }

    private static ApiResponse Health(string name, ApiRequest request, IEnumerable<KeyValuePair<string, Func<string?>>> checks)
    {
        var text = new StringBuilder("[+]ping ok\n");
        var failed = new List<string>();
        foreach (var (check, probe) in checks)
        {
            if (probe() is { } problem)
            {
                failed.Add($"{check}: {problem}");
                text.Append("[-]").Append(check).Append(" failed: reason withheld\n");
            }
            else text.Append("[+]").Append(check).Append(" ok\n");
        }
        if (failed.Count > 0) return ApiResponse.Text(text.Append(name).Append(" check failed\n").ToString(), 500);
        var verbose = QueryText.First(request.Query, "verbose") is not null;
        return ApiResponse.Text(verbose ? text.Append(name).Append(" check passed\n").ToString() : "ok");
    }
}
