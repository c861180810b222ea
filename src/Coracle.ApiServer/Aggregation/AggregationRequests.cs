using System.Net;
using Coracle.ApiServer.Access;

namespace Coracle.ApiServer;

/// <summary>What the aggregator itself asks of the servers behind it.</summary>
public sealed class AggregationRequests(Server server)
{
    private const int CheckAttempts = 5;
    private const int DocumentBytesMax = 64 * 1024 * 1024;
    private static readonly TimeSpan CheckMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DocumentMax = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Whether the server behind a version answers where it must: null, or what is the matter, in upstream's words. Its certificate is not checked, since nothing is believed or told. As long as
    /// failures come quickly it is asked several times: not all endpoints of a service need be well.
    /// </summary>
    public async ValueTask<string?> CheckAsync(AggregatedVersion version, CancellationToken cancel)
    {
        var began = server.Clock.GetTimestamp();
        string? problem = null;
        for (var i = 0; i < CheckAttempts && server.Clock.GetElapsedTime(began) < CheckMax; i++)
            if ((problem = await TryAsync(version, cancel)) is null) return null;
        return problem;
    }

    private async ValueTask<string?> TryAsync(AggregatedVersion version, CancellationToken cancel)
    {
        var place = ServicePlace.Resolve(server, version.ServiceNamespace, version.ServiceName, version.Port);
        if (place.Failed) return place.Error.Message;
        var call = new BackendCall
        {
            Method = "GET", Scheme = "https", Place = place.Value, Target = GoPath.Escape(version.Path), Trust = new() { IsInsecure = true, ShowsFrontProxy = true },
            Headers = [.. ForwardedHeaders.OfUser(AggregatedVersion.Aggregator), new("User-Agent", "Go-http-client/2.0")],
        };
        var url = $"https://{call.Authority}{call.Target}";
        using var limit = new CancellationTokenSource(CheckMax, server.Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            var answer = await server.Options.Backends.SendAsync(call, stop.Token);
            await answer.Content.DisposeAsync();
            return answer.Status is >= 200 and < 300 ? null : $"failing or missing response from {url}: bad status from {url}: {answer.Status}";
        }
        catch (BackendException e)
        {
            return $"failing or missing response from {url}: Get \"{url}\": {e.Message}";
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"failing or missing response from {url}: Get \"{url}\": context deadline exceeded";
        }
    }

    /// <summary>What a version's server publishes now. What cannot be had stays as it was.</summary>
    public async ValueTask<PublishedApi> DownloadAsync(AggregatedVersion version, CancellationToken cancel)
    {
        var before = (server.Aggregation.Published(version) ?? new PublishedApi()) with { Document = version.Path[1..] };
        var entry = await DiscoveryOf(version, cancel);
        var api = entry is null ? before with { IsFresh = false } : before with { IsFresh = true, Discovery = entry };
        if (await GetAsync(version, "/openapi/v3", "application/json", cancel) is { Status: 200 } root) api = api with { OpenApiV3 = RemoteDocuments.OfVersion(version, root.Body) };
        if (await GetAsync(version, "/openapi/v2", "application/json", cancel) is { Status: 200 } whole) api = api with { OpenApiV2 = RemoteDocuments.OnlyVersion(version, whole.Body) };
        return api;
    }

    // Servers of today tell of all their versions at once; those of old of one at a time.
    private async ValueTask<byte[]?> DiscoveryOf(AggregatedVersion version, CancellationToken cancel)
    {
        const string aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
        var all = await GetAsync(version, "/apis", aggregated, cancel);
        if (all is null or { Status: 503 }) return null;
        if (all.Status == 200 && all.ContentType.Contains("as=APIGroupDiscoveryList", StringComparison.Ordinal) && all.ContentType.Contains("v=v2", StringComparison.Ordinal))
            return RemoteDocuments.EntryOf(version, all.Body);
        return await GetAsync(version, version.Path, "application/json", cancel) is { Status: 200 } list ? RemoteDocuments.EntryOfList(version, list.Body) : null;
    }

    private sealed record Reply(int Status, string ContentType, byte[] Body);

    private async ValueTask<Reply?> GetAsync(AggregatedVersion version, string path, string accept, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(DocumentMax, server.Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            var response = await server.Aggregation.SendAsync(version, new OwnGet(accept) { Method = "GET", Path = path }, AggregatedVersion.Aggregator, stop.Token);
            return response.Body switch
            {
                ProxiedBody proxied => await ReadAsync(proxied.Content, stop.Token) is { } body ? new(response.Status, response.ContentType, body) : null,
                BytesBody { Utf8: var bytes } => new(response.Status, response.ContentType, bytes.ToArray()),
                _ => null,
            };
        }
        catch (Exception e) when (e is IOException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async ValueTask<byte[]?> ReadAsync(Stream content, CancellationToken cancel)
    {
        await using (content)
        {
            var whole = new MemoryStream();
            var buffer = new byte[32 * 1024];
            for (int read; (read = await content.ReadAsync(buffer, cancel)) > 0;)
            {
                if (whole.Length + read > DocumentBytesMax) return null;
                whole.Write(buffer, 0, read);
            }
            return whole.ToArray();
        }
    }

    private sealed class OwnGet(string accept) : ApiRequest
    {
        public override string? Header(string name) => name.Equals("Accept", StringComparison.OrdinalIgnoreCase) ? accept : null;
        public override IEnumerable<KeyValuePair<string, string>> Headers => [new("Accept", accept)];
        public override ValueTask<Result<ReadOnlyMemory<byte>>> ReadBodyAsync(int limit, CancellationToken cancel) => new(ReadOnlyMemory<byte>.Empty);
    }
}
