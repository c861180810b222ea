using System.Net;
using System.Net.Sockets;

namespace Coracle.Instance;

/// <summary>
/// One of the machine's pairs of address ranges for pods and services. An instance holds its slot while it runs, so that two on one machine do not meet: the
/// hold is an abstract socket, which goes with the process however that ends.
/// </summary>
internal sealed class NetworkSlot : IDisposable
{
    private const int SlotsMax = 16;
    private readonly Socket _hold;

    private NetworkSlot(int number, Socket hold) => (Number, _hold) = (number, hold);

    public int Number { get; }
    public IPNetwork Pods => PodsOf(Number);
    public IPNetwork Services => IPNetwork.Parse($"10.{96 + Number}.0.0/16");

    /// <summary>Addresses of services of the type LoadBalancer, which this machine answers.</summary>
    public IPNetwork LoadBalancers => IPNetwork.Parse($"10.{128 + Number}.0.0/24");

    public static IPNetwork PodsOf(int number) => IPNetwork.Parse($"10.{244 - number}.0.0/16");

    /// <summary>The slot that the instance had before, or the first free one; null when all are taken.</summary>
    public static NetworkSlot? Take(int? before)
    {
        if (before is { } wanted) return TryTake(wanted);
        for (var number = 0; number < SlotsMax; number++)
            if (TryTake(number) is { } taken) return taken;
        return null;
    }

    private static NetworkSlot? TryTake(int number)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint($"\0coracle-network-{number}"));
            return new NetworkSlot(number, socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    public void Dispose() => _hold.Dispose();
}
