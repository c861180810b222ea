namespace Coracle.Node.Streaming;

/// <summary>The server side of exec and attach: a connection after the HTTP upgrade becomes a session with its client.</summary>
public static class RemoteCommandServer
{
    /// <summary>How long a client may take to open the streams it asked for. Upstream: DefaultStreamCreationTimeout.</summary>
    private static readonly TimeSpan StreamCreationTimeout = TimeSpan.FromSeconds(30);

    internal static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long we send nothing on a new WebSocket. client-go reads from it while it still makes its streams (mended in later versions), and throws away what comes for one
    /// that it does not have yet. A command rarely starts sooner, so that this delays only what would have been lost.
    /// </summary>
    internal static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Takes the streams of the client. IOException when it does not open them in time or goes away.
    /// Disposing the session ends it in order: what was written arrives, then the connection closes.
    /// </summary>
    /// <param name="transport">Owned from then on.</param>
    public static Task<RemoteCommandSession> Accept(Stream transport, StreamingProtocol protocol, RemoteCommandStreams streams,
        TimeProvider time, CancellationToken cancel) =>
        protocol.IsWebSocket ? Task.FromResult(AcceptWebSocket(transport, protocol, streams, time)) : AcceptSpdy(transport, protocol, streams, time, cancel);

    private static RemoteCommandSession AcceptWebSocket(Stream transport, StreamingProtocol protocol,
        RemoteCommandStreams streams, TimeProvider time)
    {
        var channels = WebSocketChannels.Start(transport, protocol, count: 5, Task.Delay(Quiet, time));
        var session = new RemoteCommandSession(() => channels.Close(Linger, time))
        {
            Stdin = streams.Stdin ? channels[0] : null,
            Stdout = streams.Stdout ? channels[1] : null,
            Stderr = streams.HasStderr ? channels[2] : null,
            Error = channels[3],
            Resize = streams.Tty ? channels[4] : null,
            StatusIsText = protocol.StatusIsText,
            Closed = channels.Closed,
        };
        _ = SayUp(session.Stdout ?? session.Stderr ?? session.Error);
        return session;
    }

    /// <summary>An empty message on the lowest channel that we write says that the session is up. The command does not wait for it.</summary>
    private static async Task SayUp(DuplexStream lowest)
    {
        try
        {
            await lowest.WriteAsync(ReadOnlyMemory<byte>.Empty);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The client is gone already, which who uses the session sees too.
        }
    }

    private static async Task<RemoteCommandSession> AcceptSpdy(Stream transport, StreamingProtocol protocol,
        RemoteCommandStreams streams, TimeProvider time, CancellationToken cancel)
    {
        var spdy = SpdyConnection.Start(transport, isServer: true);
        try
        {
            using var timeout = new CancellationTokenSource(StreamCreationTimeout, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
            var opened = await AcceptStreams(spdy, Expected(protocol, streams), both.Token);
            return new RemoteCommandSession(() => spdy.Close(Linger, time))
            {
                Stdin = opened.GetValueOrDefault("stdin"),
                Stdout = opened.GetValueOrDefault("stdout"),
                Stderr = opened.GetValueOrDefault("stderr"),
                Error = opened["error"],
                Resize = opened.GetValueOrDefault("resize"),
                StatusIsText = protocol.StatusIsText,
                Closed = spdy.Closed,
            };
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            await spdy.DisposeAsync();
            throw new IOException("timed out waiting for client to create streams");
        }
        catch
        {
            await spdy.DisposeAsync();
            throw;
        }
    }

    private static HashSet<string> Expected(StreamingProtocol protocol, RemoteCommandStreams streams)
    {
        HashSet<string> expected = ["error"];
        if (streams.Stdin)
            expected.Add("stdin");
        if (streams.Stdout)
            expected.Add("stdout");
        if (streams.HasStderr)
            expected.Add("stderr");
        if (streams.Tty && protocol.HasResize)
            expected.Add("resize");
        return expected;
    }

    private static async Task<Dictionary<string, DuplexStream>> AcceptStreams(SpdyConnection spdy, HashSet<string> expected, CancellationToken cancel)
    {
        var opened = new Dictionary<string, DuplexStream>();
        while (expected.Count > 0)
        {
            if (!await spdy.Incoming.WaitToReadAsync(cancel))
                throw new IOException("the client went away before it had created its streams");
            if (!spdy.Incoming.TryRead(out var stream))
                continue;
            if (stream.Headers.GetValueOrDefault("streamtype") is { } type && expected.Remove(type))
            {
                await spdy.Accept(stream, cancel);
                opened.Add(type, stream);
            }
            else
            {
                stream.Abort();
            }
        }
        return opened;
    }
}
