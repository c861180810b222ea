using System.Net.Sockets;

namespace Coracle.Node.Cri;

/// <summary>How to reach a CRI runtime, and for how long to wait.</summary>
public sealed record CriRuntimeOptions
{
    /// <summary>For most calls; twice as long for making and stopping a sandbox. The kubelet's runtimeRequestTimeout.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromMinutes(2);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Connects to the runtime's streaming server (the default: TCP). A runtime in a network namespace of its own serves
    /// on the loopback address there.
    /// </summary>
    public Func<Uri, CancellationToken, ValueTask<Stream>> Dial { get; init; } = DialTcp;

    /// <summary>Told why the stream of changes had to be begun anew. One line each.</summary>
    public Action<string> Log { get; init; } = _ => { };

    private static async ValueTask<Stream> DialTcp(Uri url, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(url.DnsSafeHost, url.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
