namespace Coracle.Node.Streaming;

/// <summary>Opens remote commands and forwarded ports at a streaming server (a container runtime, a kubelet) over SPDY/3.1.</summary>
public static class SpdyClient
{
    private static readonly string[] CommandProtocols = ["v4.channel.k8s.io"];
    private static readonly string[] ForwardProtocols = ["portforward.k8s.io"];

    /// <param name="connection">Connected to the host of <paramref name="url"/>; disposed when this fails or the session ends.</param>
    public static async Task<RemoteCommandSession> OpenCommand(Stream connection, Uri url, RemoteCommandStreams streams,
        IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancel)
    {
        var spdy = await Upgrade(connection, url, CommandProtocols, headers, cancel);
        try
        {
            // The order of upstream's clients. The server begins when all are there.
            var error = await Open("error");
            return new RemoteCommandSession(spdy.DisposeAsync)
            {
                Error = error,
                Stdin = streams.Stdin ? await Open("stdin") : null,
                Stdout = streams.Stdout ? await Open("stdout") : null,
                Stderr = streams.HasStderr ? await Open("stderr") : null,
                Resize = streams.Tty ? await Open("resize") : null,
                Closed = spdy.Closed,
            };
        }
        catch
        {
            await spdy.DisposeAsync();
            throw;
        }

        async Task<DuplexStream> Open(string type) => await spdy.OpenStream([KeyValuePair.Create("streamtype", type)], cancel);
    }

    /// <param name="connection">Connected to the host of <paramref name="url"/>; disposed when this fails or the streams are.</param>
    public static async Task<PortForwardStreams> OpenPort(Stream connection, Uri url, int port,
        IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancel)
    {
        var spdy = await Upgrade(connection, url, ForwardProtocols, headers, cancel);
        try
        {
            var error = await Open("error");
            await error.CompleteWrites(cancel); // we have nothing to report
            return new PortForwardStreams(await Open("data"), error, spdy.DisposeAsync);
        }
        catch
        {
            await spdy.DisposeAsync();
            throw;
        }

        async Task<DuplexStream> Open(string type) => await spdy.OpenStream(
            [
                KeyValuePair.Create("streamtype", type),
                KeyValuePair.Create("port", port.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                KeyValuePair.Create("requestid", "0"),
            ], cancel);
    }

    private static async Task<SpdyConnection> Upgrade(Stream connection, Uri url, string[] protocols,
        IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancel)
    {
        try
        {
            var (upgraded, _) = await HttpUpgrade.ToSpdy(connection, url, protocols, headers, cancel);
            return SpdyConnection.Start(upgraded, isServer: false);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
