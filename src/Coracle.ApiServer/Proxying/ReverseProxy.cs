using System.IO.Compression;
using System.Text;

namespace Coracle.ApiServer;

/// <summary>
/// Passes a request on to another server and its answer back: headers of the connection stay here, links and redirects stay behind the proxy, and a connection that is
/// switched to another protocol is joined to its other half (apimachinery, util/proxy/upgradeaware.go and transport.go).
/// </summary>
internal static class ReverseProxy
{
    /// <summary>Pages are held as a whole while their links are rewritten.</summary>
    private const int PageBytesMax = 16 * 1024 * 1024;

    /// <summary>1. A path that must end in a slash. 2. What is asked of the other server. 3. Its answer, or why there is none. 4. The answer as our client gets it.</summary>
    public static async ValueTask<ApiResponse> ForwardAsync(BackendTransport transport, ApiRequest request, ProxyTarget target, CancellationToken cancel)
    {
        var isUpgrade = ForwardedHeaders.IsUpgrade(request);
        var path = !isUpgrade && !target.Path.EndsWith('/') && request.Path.EndsWith('/') ? target.Path + "/" : target.Path;
        if (path.Length == 0 && !isUpgrade && request.Method is ("GET" or "HEAD")) return ToFolder(request);      // 1
        var body = isUpgrade ? (Stream?)null : await request.OpenBodyAsync(cancel);
        if (body.Failed) return target.Refuse(body.Error);
        var prefix = request.Path.EndsWith(path, StringComparison.Ordinal) ? request.Path[..^path.Length] : request.Path;
        var call = Call(request, target, path, prefix, body.Value, isUpgrade);                                                       // 2
        BackendAnswer answer;
        try
        {
            answer = await transport.SendAsync(call, cancel);                                                                        // 3
        }
        catch (BackendException e)
        {
            return target.Refuse(isUpgrade ? ApiStatus.Unclassified($"error dialing backend: {e.Message}") : ApiStatus.Unavailable($"error trying to reach service: {e.Message}"));
        }
        if (isUpgrade) return Upgraded(answer, target);                                                                              // 4
        try
        {
            return await Answered(request, answer, new LinkRewriting(prefix, call.Authority, request.Header("Host") ?? ""), cancel);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            // A page that ends too soon, or is not packed as it says.
            answer.Content.Dispose();
            return target.Refuse(ApiStatus.Unavailable($"error trying to reach service: {e.Message}"));
        }
    }

    private static BackendCall Call(ApiRequest request, ProxyTarget target, string path, string prefix, Stream? body, bool isUpgrade)
    {
        var headers = ForwardedHeaders.Of(request, isUpgrade);
        headers.AddRange(target.Headers);
        if (!isUpgrade) headers.Add(new("X-Forwarded-Uri", GoPath.Join(prefix, path)));
        var escaped = GoPath.Escape(path.Length == 0 ? "/" : path);
        return new BackendCall
        {
            Method = request.Method, Scheme = target.Scheme, Place = target.Place, Target = target.Query.Length == 0 ? escaped : $"{escaped}?{target.Query}",
            Host = target.KeepsHost ? request.Header("Host") ?? "" : "", Headers = headers, Body = body, IsUpgrade = isUpgrade, Trust = target.Trust,
        };
    }

    // Links that a page has relative to its folder would else be looked for one folder too high.
    private static ApiResponse ToFolder(ApiRequest request)
    {
        var response = new ApiResponse { Status = 301, ContentType = "" };
        response.Headers.Add(new("Location", GoPath.Escape(request.Path) + "/" + (request.Query.Length > 0 ? "?" + request.Query : "")));
        return response;
    }

    private static ApiResponse Upgraded(BackendAnswer answer, ProxyTarget target)
    {
        if (answer.Status is not 101 and < 400)
        {
            answer.Content.Dispose();
            return target.Refuse(ApiStatus.Unclassified($"invalid upgrade response: status code {answer.Status}"));
        }
        ApiBody body = answer.Status == 101 ? new UpgradeBody((client, stop) => Joined.Run(client, answer.Content, stop)) : new ProxiedBody(answer.Content);
        return Response(answer, body, answer.Header("Content-Type"));
    }

    private static async ValueTask<ApiResponse> Answered(ApiRequest request, BackendAnswer answer, LinkRewriting links, CancellationToken cancel)
    {
        var type = answer.Header("Content-Type");
        if (answer.Header("Location") is { Length: > 0 } location)
        {
            var moved = Response(answer, new ProxiedBody(answer.Content), type);
            moved.Headers.RemoveAll(h => h.Key.Equals("Location", StringComparison.OrdinalIgnoreCase));
            moved.Headers.Add(new("Location", links.Rewrite(location)));
            return moved;
        }
        var isPage = request.Method != "HEAD" && type.Split(';')[0].Trim() == "text/html" && answer.Header("Content-Encoding") is ("" or "gzip" or "deflate");
        if (!isPage) return Response(answer, new ProxiedBody(answer.Content), type);
        if (await ReadPage(answer, cancel) is not { } page) return ApiResponse.Of(ApiStatus.Internal($"a page is longer than {PageBytesMax} bytes, so that its links cannot be rewritten"));
        var rewritten = Response(answer, new BytesBody(Encoding.Latin1.GetBytes(HtmlLinks.Rewrite(page, links.Rewrite))), type);
        rewritten.Headers.RemoveAll(h => h.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) || h.Key.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase));
        return rewritten;
    }

    // Every byte a character, so that what is no UTF-8 passes as it is: all that matters is ASCII.
    private static async ValueTask<string?> ReadPage(BackendAnswer answer, CancellationToken cancel)
    {
        await using var content = answer.Header("Content-Encoding") switch
        {
            "gzip" => new GZipStream(answer.Content, CompressionMode.Decompress),
            "deflate" => new DeflateStream(answer.Content, CompressionMode.Decompress),
            _ => answer.Content,
        };
        using var page = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await content.ReadAsync(buffer, cancel)) > 0;)
        {
            page.Write(buffer, 0, read);
            if (page.Length > PageBytesMax) return null;
        }
        return Encoding.Latin1.GetString(page.GetBuffer(), 0, (int)page.Length);
    }

    private static ApiResponse Response(BackendAnswer answer, ApiBody body, string type)
    {
        var response = new ApiResponse { Status = answer.Status, ContentType = type, Body = body };
        response.Headers.AddRange(ForwardedHeaders.Of(answer));
        return response;
    }
}
