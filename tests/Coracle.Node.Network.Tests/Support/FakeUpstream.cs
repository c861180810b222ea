using System.Net;
using System.Net.Sockets;
using Coracle.Node.Dns;

namespace Coracle.Node.Network.Tests.Support;

/// <summary>A name server on loopback that says what the test wants; UDP and TCP at the same port.</summary>
internal sealed class FakeUpstream : IDisposable
{
    private readonly Socket _udp;
    private readonly Socket _tcp;
    private readonly Func<DnsMessage, bool, DnsMessage?> _answer;
    private int _queries;

    /// <param name="answer">Query and whether it came over TCP to the response; null to stay silent.</param>
    public FakeUpstream(Func<DnsMessage, bool, DnsMessage?> answer)
    {
        _answer = answer;
        (_udp, _tcp) = LoopbackPort.Bind();
        Address = (IPEndPoint)_udp.LocalEndPoint!;
        _tcp.Listen();
        _ = ServeUdpAsync();
        _ = ServeTcpAsync();
    }

    public IPEndPoint Address { get; }

    /// <summary>Queries that came in, but for probes for loops.</summary>
    public int Queries => Volatile.Read(ref _queries);

    /// <summary>A server that knows every name, under one address.</summary>
    public static FakeUpstream Knowing(string address, uint ttl = 60) => new((query, _) => query.Respond(DnsCode.NoError) with
    {
        Answers = [DnsRecord.Address(query.Questions[0].Name, ttl, IPAddress.Parse(address))],
    });

    public void Dispose()
    {
        _udp.Dispose();
        _tcp.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var received = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                if (Answer(buffer.AsSpan(0, received.ReceivedBytes), overTcp: false) is { } response)
                {
                    await _udp.SendToAsync(response, received.RemoteEndPoint);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed: the test is over.
        }
    }

    private async Task ServeTcpAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _tcp.AcceptAsync();
                if (await DnsStream.ReceiveAsync(client, CancellationToken.None) is { } query && Answer(query, overTcp: true) is { } response)
                {
                    await DnsStream.SendAsync(client, response, CancellationToken.None);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed: the test is over.
        }
    }

    private byte[]? Answer(ReadOnlySpan<byte> bytes, bool overTcp)
    {
        if (!DnsReader.TryRead(bytes, out var query))
        {
            return null;
        }

        if (query.Questions[0].Type != DnsType.HINFO)
        {
            Interlocked.Increment(ref _queries);
        }

        return _answer(query, overTcp) is { } response ? DnsWriter.Write(response, DnsLimits.MessageMax) : null;
    }
}
