using System.Buffers;
using System.Net.WebSockets;
using Coracle.ApiServer;
using Coracle.ApiServer.Access;
using Coracle.Node.Streaming;
using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>Calls a server in the same process: no socket and no copies, but the whole way of a request, authorization and admission included.</summary>
/// <param name="server">The server.</param>
/// <param name="identityOf">Who calls, by the name that the call bears: as trusted as a client certificate.</param>
public sealed class InProcessTransport(Server server, Func<string, User> identityOf) : Transport
{
    /// <param name="server">The server.</param>
    /// <param name="identity">Who calls: as trusted as a client certificate.</param>
    public InProcessTransport(Server server, User identity) : this(server, _ => identity)
    {
    }

    public override async ValueTask<ApiReply> SendAsync(ApiCall call, CancellationToken cancel)
    {
        var response = await server.HandleAsync(new Request(call, identityOf(call.UserAgent)), cancel);
        return Reply(response, await WholeAsync(response.Body, cancel));
    }

    public override async ValueTask<ApiReply> WatchAsync(ApiCall call, CancellationToken cancel)
    {
        var response = await server.HandleAsync(new Request(call, identityOf(call.UserAgent)), cancel);
        if (response is { Status: 200, Body: ProxiedBody proxied }) return new ApiReply { Status = 200, ContentType = response.ContentType, Frames = new ProxiedFrames(proxied.Content) };
        if (response.Body is not WatchBody watch) return Reply(response, await WholeAsync(response.Body, cancel));
        return new ApiReply { Status = response.Status, ContentType = response.ContentType, Frames = new Frames(watch.Stream) };
    }

    public override async ValueTask<ApiReply> StreamAsync(ApiCall call, CancellationToken cancel)
    {
        var response = await server.HandleAsync(new Request(call, identityOf(call.UserAgent)), cancel);
        var content = response.Body is StreamBody stream ? stream.Content : response is { Status: 200, Body: ProxiedBody proxied } ? proxied.Content : null;
        if (content is null) return Reply(response, await WholeAsync(response.Body, cancel));
        return new ApiReply { Status = response.Status, ContentType = response.ContentType, Content = content };
    }

    public override async ValueTask<ApiReply> UpgradeAsync(ApiCall call, IReadOnlyList<string> protocols, CancellationToken cancel)
    {
        var asked = new Request(call, identityOf(call.UserAgent)) { Upgrade = "websocket", Protocols = string.Join(", ", protocols) };
        var response = await server.HandleAsync(asked, cancel);
        if (response.Body is not UpgradeBody upgrade) return Reply(response, await WholeAsync(response.Body, cancel));
        var (near, far) = InMemoryDuplex.Pair();
        _ = Serve(upgrade, far);
        var socket = WebSocket.CreateFromStream(near, new WebSocketCreationOptions { IsServer = false, SubProtocol = response.Headers.FirstOrDefault(h => h.Key.Equals("Sec-WebSocket-Protocol", StringComparison.OrdinalIgnoreCase)).Value });
        return new ApiReply { Status = 101, Socket = socket };
    }

    private static async Task Serve(UpgradeBody upgrade, Stream connection)
    {
        await using (connection)
            await upgrade.Run(connection, CancellationToken.None);
    }

    private static ApiReply Reply(ApiResponse response, ReadOnlyMemory<byte> body) => new()
    {
        Status = response.Status,
        ContentType = response.ContentType,
        Body = body,
        RetryAfterSeconds = response.Headers.FirstOrDefault(h => h.Key == "Retry-After").Value is { } seconds ? int.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture) : null,
        Warnings = response.Headers.Count == 0 ? [] : [.. response.Headers.Where(h => h.Key == "Warning").Select(h => h.Value)],
    };

    private static async ValueTask<ReadOnlyMemory<byte>> WholeAsync(ApiBody body, CancellationToken cancel)
    {
        if (body is not ProxiedBody proxied) return Whole(body);
        await using var content = proxied.Content;
        var whole = new MemoryStream();
        await content.CopyToAsync(whole, cancel);
        return whole.ToArray();
    }

    private static ReadOnlyMemory<byte> Whole(ApiBody body)
    {
        switch (body)
        {
            case BytesBody bytes: return bytes.Utf8;
            case PiecesBody { Pieces: var pieces }:
                var joined = new byte[pieces.Sum(p => p.Length)];
                var at = 0;
                foreach (var piece in pieces)
                {
                    piece.Span.CopyTo(joined.AsSpan(at));
                    at += piece.Length;
                }
                return joined;
            default: throw new InvalidOperationException($"a unary call was answered with {body.GetType().Name}");
        }
    }

    private sealed class Request : ApiRequest
    {
        private readonly ApiCall _call;

        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public Request(ApiCall call, User identity)
        {
            _call = call;
            Method = call.Method;
            Path = call.Path.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(call.Path) : call.Path;
            Query = call.Query;
            Identity = identity;
        }

        public string? Upgrade { get; init; }
        public string? Protocols { get; init; }

        public override string? Header(string name) => name.ToLowerInvariant() switch
        {
            "accept" => _call.Accept,
            "content-type" => _call.ContentType,
            "user-agent" => _call.UserAgent,
            "upgrade" => Upgrade,
            "connection" => Upgrade is null ? null : "Upgrade",
            "sec-websocket-protocol" => Protocols,
            "sec-websocket-version" => Upgrade is null ? null : "13",
            "sec-websocket-key" => Upgrade is null ? null : "AAAAAAAAAAAAAAAAAAAAAA==",
            _ => _call.Headers.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value,
        };

        public override IEnumerable<KeyValuePair<string, string>> Headers => _call.User is { } user ? [.. _call.Headers, .. Impersonation(user)] : _call.Headers;

        // As over HTTP: the caller must be allowed to, and the server knows which groups go without saying.
        private static IEnumerable<KeyValuePair<string, string>> Impersonation(ApiUser user)
        {
            yield return new("Impersonate-User", user.Name);
            if (user.Uid.Length > 0) yield return new("Impersonate-Uid", user.Uid);
            foreach (var group in user.Groups) yield return new("Impersonate-Group", group);
        }

        public override ValueTask<Result<ReadOnlyMemory<byte>>> ReadBodyAsync(int limit, CancellationToken cancel) =>
            new(_call.Body.Length > limit ? ApiServer.ApiStatus.TooLarge(limit) : _call.Body);
    }

    private sealed class Frames(WatchStream watch) : FrameStream
    {
        private readonly ArrayBufferWriter<byte> _buffer = new(4096);
        private readonly CancellationTokenSource _disposed = new();

        public override async ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancel)
        {
            WatchFrame frame;
            while (!watch.TryTake(out frame))
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _disposed.Token);
                if (!await watch.WaitAsync(either.Token)) return default;
            }
            _buffer.ResetWrittenCount();
            _buffer.Write("{\"type\":\""u8);
            System.Text.EncodingExtensions.GetBytes(System.Text.Encoding.ASCII, frame.Type, _buffer);
            _buffer.Write("\",\"object\":"u8);
            _buffer.Write(frame.Object.Span);
            _buffer.Write("}"u8);
            return _buffer.WrittenMemory;
        }

        public override ValueTask DisposeAsync()
        {
            _disposed.Cancel();
            watch.Dispose();
            return default;
        }
    }
}
