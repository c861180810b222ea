using System.Buffers.Binary;
using System.Globalization;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;

namespace Coracle.Node.Streaming;

/// <summary>A connection that a client wants forwarded.</summary>
public sealed record ForwardedConnection(int Port, PortForwardStreams Streams);

/// <summary>The server side of port-forward: a connection after the HTTP upgrade becomes a series of forwarded connections.</summary>
public sealed class PortForwardServer : IAsyncDisposable
{
    private const int pairs_waiting_max = 100;
    private readonly ChannelReader<ForwardedConnection> _connections;
    private readonly Func<ValueTask> _close;

    private PortForwardServer(ChannelReader<ForwardedConnection> connections, Task closed, Func<ValueTask> close) =>
        (_connections, Closed, _close) = (connections, closed, close);

    /// <summary>Completes (never fails) when the client has gone.</summary>
    public Task Closed { get; }

    /// <param name="transport">Owned from then on.</param>
    /// <param name="ports">The <c>ports</c> (or <c>port</c>) of the request's query: over plain WebSocket channels they cannot be named later.</param>
    public static async Task<PortForwardServer> Accept(Stream transport, StreamingProtocol protocol, IReadOnlyList<int> ports, TimeProvider time)
    {
        if (protocol is { IsWebSocket: true, IsTunnel: false })
            return await AcceptChannels(transport, protocol, ports, time);
        return AcceptSpdy(protocol.IsTunnel ? Tunnel(transport) : transport, time);
    }

    /// <summary>The connections as they come; ends when the client has gone.</summary>
    public async IAsyncEnumerable<ForwardedConnection> Connections([EnumeratorCancellation] CancellationToken cancel)
    {
        while (await _connections.WaitToReadAsync(cancel))
        {
            while (_connections.TryRead(out var connection))
                yield return connection;
        }
    }

    public ValueTask DisposeAsync() => _close();

    // ---- plain channels: two for each port, 2i the data and 2i+1 the errors, each of which begins with the port

    private static async Task<PortForwardServer> AcceptChannels(Stream transport, StreamingProtocol protocol, IReadOnlyList<int> ports, TimeProvider time)
    {
        var channels = WebSocketChannels.Start(transport, protocol, ports.Count * 2, quiet: Task.CompletedTask);
        var connections = Channel.CreateUnbounded<ForwardedConnection>();
        for (var i = 0; i < ports.Count; i++)
        {
            var (data, error) = (channels[2 * i], channels[(2 * i) + 1]);
            var port = new byte[2];
            BinaryPrimitives.WriteUInt16LittleEndian(port, (ushort)ports[i]);
            await data.WriteAsync(port);
            await error.WriteAsync(port);
            connections.Writer.TryWrite(new ForwardedConnection(ports[i], Pair(data, error)));
        }
        connections.Writer.Complete();
        return new PortForwardServer(connections.Reader, channels.Closed, () => channels.Close(RemoteCommandServer.Linger, time));
    }

    // ---- SPDY: a pair of streams for each connection, error and data, which a request id joins

    private static Stream Tunnel(Stream transport)
    {
        var socket = WebSocket.CreateFromStream(transport, new WebSocketCreationOptions
        {
            IsServer = true,
            KeepAliveInterval = TimeSpan.FromSeconds(30),
        });
        return WebSocketStream.Create(socket, WebSocketMessageType.Binary, closeTimeout: RemoteCommandServer.Linger);
    }

    private static PortForwardServer AcceptSpdy(Stream transport, TimeProvider time)
    {
        var spdy = SpdyConnection.Start(transport, isServer: true);
        var connections = Channel.CreateUnbounded<ForwardedConnection>();
        _ = MatchPairs(spdy, connections.Writer);
        return new PortForwardServer(connections.Reader, spdy.Closed, () => spdy.Close(RemoteCommandServer.Linger, time));
    }

    private static async Task MatchPairs(SpdyConnection spdy, ChannelWriter<ForwardedConnection> connections)
    {
        var waiting = new Dictionary<string, SpdyStream>();
        try
        {
            while (await spdy.Incoming.WaitToReadAsync())
            {
                while (spdy.Incoming.TryRead(out var stream))
                {
                    if (await Match(spdy, stream, waiting) is { } connection)
                        connections.TryWrite(connection);
                }
            }
        }
        catch (IOException)
        {
            // The connection was lost while we accepted a stream.
        }
        connections.TryComplete();
    }

    /// <returns>The connection, when this stream makes its pair complete.</returns>
    private static async ValueTask<ForwardedConnection?> Match(SpdyConnection spdy, SpdyStream stream, Dictionary<string, SpdyStream> waiting)
    {
        if (!TryPort(stream, out var port) || Type(stream) is not ("data" or "error") || waiting.Count >= pairs_waiting_max)
        {
            stream.Abort();
            return null;
        }
        await spdy.Accept(stream, CancellationToken.None);
        var request = RequestId(stream);
        if (!waiting.Remove(request, out var other))
        {
            waiting.Add(request, stream);
            return null;
        }
        if (Type(other) == Type(stream))
        {
            await other.WriteAsync(Encoding.UTF8.GetBytes($"error processing stream for request {request}: {Type(stream)} stream already assigned"));
            other.Abort();
            stream.Abort();
            return null;
        }
        return new ForwardedConnection(port, Type(stream) == "data" ? Pair(stream, other) : Pair(other, stream));
    }

    private static string? Type(SpdyStream stream) => stream.Headers.GetValueOrDefault("streamtype");

    private static bool TryPort(SpdyStream stream, out int port) =>
        int.TryParse(stream.Headers.GetValueOrDefault("port"), NumberStyles.None, CultureInfo.InvariantCulture, out port)
        && port is > 0 and <= ushort.MaxValue;

    /// <summary>Clients of old send no id; their error stream comes first and the data stream has the next id of a client's (two more).</summary>
    private static string RequestId(SpdyStream stream) =>
        stream.Headers.GetValueOrDefault("requestid") is { Length: > 0 } id
            ? id : (Type(stream) == "error" ? stream.Id : stream.Id - 2).ToString(CultureInfo.InvariantCulture);

    private static PortForwardStreams Pair(DuplexStream data, DuplexStream error) => new(data, error, () =>
    {
        data.Dispose();
        error.Dispose();
        return ValueTask.CompletedTask;
    });
}
