using System.Globalization;
using Coracle.ApiServer.Access;

namespace Coracle.ApiServer.OpenApi;

/// <summary>
/// /openapi/v2 and /openapi/v3: the published schema, in JSON and in protobuf, to be cached by clients (upstream: kube-openapi, pkg/handler and pkg/handler3).
/// </summary>
internal sealed class OpenApiEndpoint(Server server)
{
    /// <summary>Smaller ones are not worth a client's unpacking.</summary>
    private const int GzipFromBytes = 1400;
    private const string V2Protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
    private const string V3Protobuf = "application/com.github.proto-openapi.spec.v3.v1.0+protobuf";

    private readonly Lock _lock = new();
    private ResourceTable? _madeFor;
    private IReadOnlyDictionary<string, PublishedApi>? _others;
    private Documents? _documents;

    /// <summary>Null for a path that is no such document.</summary>
    public ApiResponse? Handle(ApiRequest request, string path)
    {
        const string folder = "/openapi/v3/";
        if (path == "/openapi/v2") return Encoded(request, Documents().V2, V2Protobuf, "");
        if (path == "/openapi/v3") return Answer(request, Documents().V3Root, protobuf: null);
        if (!path.StartsWith(folder, StringComparison.Ordinal)) return null;
        var name = path[folder.Length..];
        return Documents().V3(name) is { } document ? Encoded(request, document, V3Protobuf, name) : null;
    }

    // They change only when definitions do, or what other servers publish.
    private Documents Documents()
    {
        lock (_lock)
        {
            var (table, aggregated) = (server.Resources, server.Aggregation.Current);
            if (_documents is not null && _madeFor == table && _others == aggregated.Published) return _documents;
            (_madeFor, _others) = (table, aggregated.Published);
            var remote = aggregated.Services.ByVersion;
            var here = table.All.Where(r => !remote.ContainsKey((r.Kind.Group, r.Kind.Version)));
            var api = new ServedApi([.. here.Select(r => r.PublishedKind)], server.Options.Subresources, server.Options.Endpoints.Keys);
            return _documents = new Documents(api, _documents, [.. aggregated.Published.Values]);
        }
    }

    private ApiResponse Encoded(ApiRequest request, PublishedDocument document, string protobuf, string name)
    {
        var deprecated = protobuf.Replace(".v1.0", "@v1.0", StringComparison.Ordinal);
        string[] served = ["application/json", protobuf, deprecated];
        if (AcceptClause.FirstOf(request.Header("Accept"), served) is not { } chosen) return new ApiResponse { Status = 406, Headers = { new("Vary", "Accept") } };
        var hash = QueryText.First(request.Query, "hash");
        if (!string.IsNullOrEmpty(hash) && name.Length > 0)
        {
            if (hash != document.Hash) return Moved(document, name);
            var response = Answer(request, document, chosen == served[0] ? null : protobuf);
            response.Headers.Add(new("Cache-Control", "public, immutable"));
            response.Headers.Add(new("Expires", server.Clock.GetUtcNow().AddYears(1).ToString("r", CultureInfo.InvariantCulture)));
            return response;
        }
        return Answer(request, document, chosen == served[0] ? null : protobuf);
    }

    private static ApiResponse Moved(PublishedDocument document, string name) => new()
    {
        Status = 301, ContentType = "text/html; charset=utf-8", Headers = { new("Location", OpenApi.Documents.V3Url(name, document.Hash)), new("Vary", "Accept") },
    };

    private static ApiResponse Answer(ApiRequest request, PublishedDocument document, string? protobuf)
    {
        var tag = $"\"{document.Hash}\"";
        List<KeyValuePair<string, string>> headers = [new("ETag", tag), new("Vary", "Accept")];
        if (Knows(request.Header("If-None-Match"), tag)) return With(new ApiResponse { Status = 304 }, headers);
        var packed = protobuf is null ? document.Json : document.Protobuf;
        var zipped = packed.Length >= GzipFromBytes && (request.Header("Accept-Encoding") ?? "").Contains("gzip", StringComparison.OrdinalIgnoreCase);
        headers.Add(new("Vary", "Accept-Encoding"));
        if (zipped) headers.Add(new("Content-Encoding", "gzip"));
        return With(new ApiResponse { ContentType = protobuf ?? "application/json", Body = new BytesBody(zipped ? packed.Gzip : packed.Unpack()) }, headers);
    }

    private static ApiResponse With(ApiResponse response, List<KeyValuePair<string, string>> headers)
    {
        response.Headers.AddRange(headers);
        return response;
    }

    /// <summary>Whether an If-None-Match names the tag; a weak mark on it does not matter.</summary>
    private static bool Knows(string? known, string tag) =>
        known is not null && known.Split(',', StringSplitOptions.TrimEntries).Any(one => one == "*" || one == tag || one.StartsWith("W/", StringComparison.Ordinal) && one[2..] == tag);
}
