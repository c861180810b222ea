using System.Net.Sockets;

namespace Coracle.Hosting;

/// <summary>Failures of the network as Go words them.</summary>
internal static class GoWords
{
    /// <param name="socket">What happened.</param>
    /// <param name="place">"10.0.0.5:443".</param>
    /// <param name="host">The name that was looked up; empty for an address.</param>
    public static string Of(SocketException socket, string place, string host) => socket.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => $"dial tcp {place}: connect: connection refused",
        SocketError.HostNotFound or SocketError.TryAgain => $"dial tcp: lookup {host}: no such host",
        SocketError.HostUnreachable => $"dial tcp {place}: connect: no route to host",
        SocketError.NetworkUnreachable => $"dial tcp {place}: connect: network is unreachable",
        SocketError.TimedOut => $"dial tcp {place}: i/o timeout",
        SocketError.ConnectionReset => "EOF",
        _ => $"dial tcp {place}: {socket.Message}",
    };
}
