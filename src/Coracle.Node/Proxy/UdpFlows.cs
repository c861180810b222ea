using System.Collections.Immutable;
using System.Net;

namespace Coracle.Node.Proxy;

/// <summary>One UDP service port: where clients send to, and the addresses that serve it.</summary>
internal sealed record UdpService(ImmutableArray<IPEndPoint> Frontends, int NodePort, ImmutableArray<IPAddress> Serving)
{
    public bool Equals(UdpService? other) =>
        other is not null
        && NodePort == other.NodePort
        && Frontends.AsSpan().SequenceEqual(other.Frontends.AsSpan())
        && Serving.AsSpan().SequenceEqual(other.Serving.AsSpan());

    public override int GetHashCode() => HashCode.Combine(NodePort, Frontends.Length, Serving.Length);
}

/// <summary>A UDP flow that the kernel remembers: what the client sends to, and who answers (differs if the destination was translated).</summary>
public sealed record UdpFlow(IPEndPoint Source, IPEndPoint Destination, IPAddress AnsweredBy);

/// <summary>
/// Finds flows that lead nowhere. UDP has no end of connection: as long as a client keeps sending, the kernel goes on translating as it
/// did for the first packet, even to an endpoint that is gone, or not at all if the service came later. Such flows are forgotten.
/// </summary>
internal static class UdpFlows
{
    /// <summary>
    /// The flows to a service that none of its serving endpoints answers. As upstream does: policies and hints do not count (a change
    /// of them leaves flows alone, as for TCP), and a service without any endpoint keeps its flows.
    /// </summary>
    public static ImmutableArray<UdpFlow> Stale(IEnumerable<UdpFlow> flows, IEnumerable<UdpService> services)
    {
        var byFrontend = new Dictionary<IPEndPoint, UdpService>();
        var byNodePort = new Dictionary<int, UdpService>();
        foreach (var service in services.Where(s => s.Serving.Length > 0))
        {
            foreach (var frontend in service.Frontends)
            {
                byFrontend.TryAdd(frontend, service);
            }

            if (service.NodePort != 0)
            {
                byNodePort.TryAdd(service.NodePort, service);
            }
        }

        return [.. flows.Where(flow =>
            (byFrontend.TryGetValue(flow.Destination, out var service) || byNodePort.TryGetValue(flow.Destination.Port, out service))
            && !service.Serving.Contains(flow.AnsweredBy))];
    }
}
