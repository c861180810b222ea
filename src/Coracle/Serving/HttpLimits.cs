using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Coracle.Serving;

/// <summary>How patient the server is with its clients, and how much it takes from them before it knows who they are.</summary>
internal sealed record HttpLimits
{
    /// <summary>Until the headers of a request are there (as Go's ReadHeaderTimeout in upstream).</summary>
    public TimeSpan HeadersMax { get; init; } = TimeSpan.FromSeconds(32);

    /// <summary>How slowly a body may come, after some grace.</summary>
    public MinDataRate BodyRateMin { get; init; } = new(240, TimeSpan.FromSeconds(5));

    /// <summary>How long a connection may be idle between requests (upstream: 3 minutes).</summary>
    public TimeSpan IdleMax { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>
    /// How long a client may take nothing of what a watch has for it. Beyond it counts as gone: what it has not taken is kept in memory for it alone.
    /// </summary>
    public TimeSpan StallMax { get; init; } = TimeSpan.FromSeconds(30);

    // As Go's default. Selectors and the like make addresses longer than Kestrel expects.
    private const int HeadBytesMax = 1024 * 1024;
    private const int HeadersMaxCount = 1000;

    // A peer that has gone without a word is found out by these.
    private const int KeepAliveAfterSeconds = 60;
    private const int KeepAliveEverySeconds = 20;
    private const int KeepAliveTries = 3;

    public void Apply(KestrelServerLimits limits)
    {
        // Bodies are limited where they are read, with upstream's answer.
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = BodyRateMin;
        limits.MinResponseDataRate = null;
        limits.RequestHeadersTimeout = HeadersMax;
        limits.KeepAliveTimeout = IdleMax;
        limits.MaxRequestHeadersTotalSize = HeadBytesMax;
        limits.MaxRequestBufferSize = HeadBytesMax * 2;
        limits.MaxRequestLineSize = HeadBytesMax;
        limits.MaxRequestHeaderCount = HeadersMaxCount;
        limits.Http2.MaxRequestHeaderFieldSize = HeadBytesMax;
        limits.Http2.MaxStreamsPerConnection = 1000;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(15);
    }

    /// <summary>A listening socket whose connections notice that the other side is gone: on Linux they inherit its options.</summary>
    public Socket Listen(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveAfterSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveEverySeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveTries);
        return socket;
    }
}
