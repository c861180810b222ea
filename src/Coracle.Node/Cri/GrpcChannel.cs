using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Coracle.Node.Cri;

/// <summary>One call: its path and what goes with it.</summary>
/// <param name="Path">Such as <c>/runtime.v1.RuntimeService/Version</c>.</param>
/// <param name="Deadline">After it, the call fails with DeadlineExceeded; null is without end.</param>
/// <param name="Metadata">Further headers, names in lower case.</param>
public sealed record GrpcCall(string Path, TimeSpan? Deadline = null, IReadOnlyList<KeyValuePair<string, string>>? Metadata = null);

/// <summary>
/// A gRPC client on a unix socket, framed by hand over <see cref="HttpClient"/> (HTTP/2). It connects with the first call
/// and again after the connection was lost; a call on a lost connection fails with Unavailable and is not repeated.
/// </summary>
public sealed class GrpcChannel : IDisposable
{
    private static readonly MediaTypeHeaderValue ContentType = new("application/grpc");
    private readonly HttpClient _client;
    private readonly TimeProvider _time;

    public GrpcChannel(string socketPath, TimeProvider time)
    {
        SocketPath = socketPath;
        _time = time;
        _client = new HttpClient(new SocketsHttpHandler { ConnectCallback = Connect, UseProxy = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null })
        {
            BaseAddress = new Uri("http://localhost"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
    }

    public string SocketPath { get; }

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>One message there, one back.</summary>
    public async Task<TResponse> Unary<TResponse>(GrpcCall call, IMessage request, MessageParser<TResponse> answer, CancellationToken cancel)
        where TResponse : class, IMessage<TResponse>
    {
        TResponse? result = null;
        await foreach (var message in Exchange(call, new ByteArrayContent(GrpcFraming.Frame(request)), answer, cancel))
            result = result is null ? message : throw new GrpcException(GrpcStatusCode.Internal, "more than one answer");
        return result ?? throw new GrpcException(GrpcStatusCode.Internal, "no answer");
    }

    /// <summary>One message there, many back.</summary>
    public IAsyncEnumerable<TResponse> ServerStream<TResponse>(
        GrpcCall call, IMessage request, MessageParser<TResponse> answer, CancellationToken cancel)
        where TResponse : class, IMessage<TResponse> =>
        Exchange(call, new ByteArrayContent(GrpcFraming.Frame(request)), answer, cancel);

    /// <summary>Many messages there, many back, at the same time.</summary>
    public IAsyncEnumerable<TResponse> Duplex<TResponse>(
        GrpcCall call, IAsyncEnumerable<IMessage> requests, MessageParser<TResponse> answer, CancellationToken cancel)
        where TResponse : class, IMessage<TResponse> =>
        Exchange(call, new MessagesContent(requests), answer, cancel);

    private async IAsyncEnumerable<TResponse> Exchange<TResponse>(
        GrpcCall call, HttpContent content, MessageParser<TResponse> answer, [EnumeratorCancellation] CancellationToken cancel)
        where TResponse : class, IMessage<TResponse>
    {
        using var deadline = call.Deadline is { } limit
            ? new CancellationTokenSource(limit, _time) : new CancellationTokenSource();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        using var request = Request(call, content);

        using var response = await Guard(
            () => new ValueTask<HttpResponseMessage>(_client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token)),
            deadline.Token, cancel);
        if (response.StatusCode != HttpStatusCode.OK)
            throw new GrpcException(GrpcStatusCode.Unknown, $"unexpected HTTP status code received from server: {(int)response.StatusCode}");
        ThrowUnlessOk(response.Headers); // an error without any message has its status in the headers
        var body = await Guard(() => new ValueTask<Stream>(response.Content.ReadAsStreamAsync(both.Token)), deadline.Token, cancel);
        while (await Guard(() => GrpcFraming.Read(body, answer, both.Token), deadline.Token, cancel) is { } message)
            yield return message;
        if (!ThrowUnlessOk(response.TrailingHeaders) && !response.Headers.Contains("grpc-status"))
            throw new GrpcException(GrpcStatusCode.Internal, "server closed the stream without sending trailers");
    }

    private static HttpRequestMessage Request(GrpcCall call, HttpContent content)
    {
        content.Headers.ContentType = ContentType;
        var request = new HttpRequestMessage(HttpMethod.Post, call.Path)
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        if (call.Deadline is { } limit)
            request.Headers.TryAddWithoutValidation("grpc-timeout", GrpcFraming.Timeout(limit));
        foreach (var (name, value) in call.Metadata ?? [])
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    /// <summary>Turns what the transport throws into the status that gRPC has for it.</summary>
    private static async ValueTask<T> Guard<T>(Func<ValueTask<T>> step, CancellationToken deadline, CancellationToken cancel)
    {
        try
        {
            return await step();
        }
        catch (OperationCanceledException e)
        {
            cancel.ThrowIfCancellationRequested();
            throw deadline.IsCancellationRequested
                ? new GrpcException(GrpcStatusCode.DeadlineExceeded, "context deadline exceeded", e)
                : new GrpcException(GrpcStatusCode.Cancelled, "context canceled", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            cancel.ThrowIfCancellationRequested();
            throw new GrpcException(GrpcStatusCode.Unavailable, $"connection error: {(e.InnerException ?? e).Message}", e);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new GrpcException(GrpcStatusCode.Internal, "the answer is not the message it should be", e);
        }
    }

    /// <returns>Whether a status was there (and is OK).</returns>
    private static bool ThrowUnlessOk(HttpResponseHeaders headers)
    {
        if (!headers.TryGetValues("grpc-status", out var values))
            return false;
        var code = int.TryParse(values.First(), out var number) && number is >= 0 and <= 16 ? (GrpcStatusCode)number : GrpcStatusCode.Unknown;
        if (code == GrpcStatusCode.Ok)
            return true;
        var text = headers.TryGetValues("grpc-message", out var messages) ? messages.First() : "";
        throw new GrpcException(code, GrpcFraming.DecodeMessage(text));
    }

    public void Dispose() => _client.Dispose();

    /// <summary>A request body of messages that are sent as they come.</summary>
    private sealed class MessagesContent(IAsyncEnumerable<IMessage> messages) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await foreach (var message in messages.WithCancellation(cancellationToken))
            {
                await stream.WriteAsync(GrpcFraming.Frame(message), cancellationToken);
                await stream.FlushAsync(cancellationToken);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
