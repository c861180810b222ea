using System.Net;
using System.Net.Sockets;

namespace Coracle.Node.Network.Tests.Support;

/// <summary>Ports that are free for UDP and TCP alike. The kernel gives a port that is free for one of them only: another program may have the other.</summary>
internal static class LoopbackPort
{
    private const int TriesMax = 50;

    /// <summary>Both sockets at one port.</summary>
    public static (Socket Udp, Socket Tcp) Bind()
    {
        for (var i = 1; ; i++)
        {
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                tcp.Bind(udp.LocalEndPoint!);
                return (udp, tcp);
            }
            catch (SocketException) when (i < TriesMax)
            {
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    /// <summary>Starts something that listens on both, at another port when somebody was faster. <paramref name="start"/> says why it could not, or null.</summary>
    public static IPEndPoint Start(Func<IPEndPoint, string?> start)
    {
        for (var i = 1; ; i++)
        {
            var (udp, tcp) = Bind();
            var address = (IPEndPoint)udp.LocalEndPoint!;
            udp.Dispose();
            tcp.Dispose();
            if (start(address) is not { } failure) return address;
            if (i == TriesMax || !failure.Contains("already in use", StringComparison.Ordinal)) throw new InvalidOperationException(failure);
        }
    }
}
