using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Coracle.Node.Network;

namespace Coracle.Node.Dns;

/// <summary>What the name server of one node is told.</summary>
public sealed record DnsServerOptions
{
    /// <summary>Where to listen, by UDP and TCP; usually the bridge's address at port 53.</summary>
    public required ImmutableArray<IPEndPoint> Listen { get; init; }

    public ZoneOptions Zone { get; init; } = new();

    public ForwarderOptions Forwarding { get; init; } = new();

    /// <summary>Queries being answered at once over UDP; further ones are dropped, and their clients ask again.</summary>
    public int ConcurrentUdpMax { get; init; } = 2048;

    public int TcpConnectionsMax { get; init; } = 256;

    /// <summary>How long a TCP client may be silent.</summary>
    public TimeSpan TcpIdleTimeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>How the server fares.</summary>
/// <param name="IsListening">From <see cref="DnsServer.Start"/> to <see cref="DnsServer.StopAsync"/>.</param>
/// <param name="IsComplete">Whether services and endpoints are in; until then cluster names are answered SERVFAIL.</param>
public sealed record DnsHealth(
    bool IsListening, bool IsComplete, DnsCounts Counts, long CacheHits, ImmutableArray<UpstreamHealth> Upstreams)
{
    public bool IsHealthy => IsListening && IsComplete;
}

/// <summary>
/// The cluster's name server on one node: authoritative for the cluster domain, forwarding for the rest.
/// </summary>
/// <example>
/// <code>
/// var dns = new DnsServer(
///     new DnsServerOptions
///     {
///         Listen = [new IPEndPoint(bridge.Gateway, 53)],
///         Forwarding = new() { Upstreams = ResolvConf.Parse(text).Upstreams(bridge.Gateway, clusterDnsIP) },
///     },
///     directory, TimeProvider.System, Random.Shared, Forwarder.UnguessableId);
/// if (dns.Start() is { } error) ...
/// </code>
/// </example>
public sealed class DnsServer : IAsyncDisposable
{
    private readonly DnsServerOptions _options;
    private readonly NetworkDirectory _directory;
    private readonly TimeProvider _time;
    private readonly Forwarder _forwarder;
    private readonly DnsResponder _responder;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _loops = [];
    private int _udpUnderWay;
    private int _tcpConnections;

    /// <param name="random">Orders addresses; need not be unguessable.</param>
    /// <param name="nextId">Ids of queries to upstream: must be unguessable, see <see cref="Forwarder.UnguessableId"/>.</param>
    public DnsServer(DnsServerOptions options, NetworkDirectory directory, TimeProvider time, Random random, Func<ushort> nextId)
    {
        _options = options;
        _directory = directory;
        _time = time;
        _forwarder = new Forwarder(options.Forwarding, time, nextId);
        _responder = new DnsResponder(options.Zone, directory, _forwarder, time, random);
    }

    public DnsHealth Health =>
        new(_loops.Count > 0 && !_stopping.IsCancellationRequested, _directory.Current.IsComplete, _responder.Counts, _forwarder.CacheHits, _forwarder.Health);

    /// <summary>Opens all sockets, in the calling thread's network namespace, and begins to serve. Returns why it cannot; null if it can.</summary>
    public string? Start()
    {
        foreach (var address in _options.Listen)
        {
            try
            {
                Listen(address);
            }
            catch (SocketException failure)
            {
                _sockets.ForEach(s => s.Dispose());
                return $"cannot listen on {address}: {failure.Message}";
            }
        }

        foreach (var socket in _sockets)
        {
            _loops.Add(socket.SocketType == SocketType.Stream ? AcceptAsync(socket) : ServeUdpAsync(socket));
        }

        _loops.Add(_forwarder.ProbeForLoopsAsync());
        return null;
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        _forwarder.Dispose();
        _sockets.ForEach(s => s.Dispose());
        foreach (var loop in _loops)
        {
            try
            {
                await loop;
            }
            catch (OperationCanceledException)
            {
                // The normal end.
            }
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private void Listen(IPEndPoint address)
    {
        var udp = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _sockets.Add(udp);
        udp.Bind(address);
        var tcp = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(tcp);
        tcp.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        tcp.Bind(address);
        tcp.Listen();
    }

    private async Task ServeUdpAsync(Socket socket)
    {
        var buffer = new byte[DnsLimits.MessageMax];
        while (!_stopping.IsCancellationRequested)
        {
            var from = new SocketAddress(socket.AddressFamily);
            int length;
            try
            {
                length = await socket.ReceiveFromAsync(buffer, SocketFlags.None, from, _stopping.Token);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // An error of an earlier answer (the client is gone), or the end.
                continue;
            }

            if (Interlocked.Increment(ref _udpUnderWay) > _options.ConcurrentUdpMax)
            {
                Interlocked.Decrement(ref _udpUnderWay);
                continue;
            }

            _ = AnswerUdpAsync(socket, buffer.AsSpan(0, length).ToArray(), from);
        }
    }

    private async Task AnswerUdpAsync(Socket socket, byte[] query, SocketAddress from)
    {
        try
        {
            if (await _responder.RespondAsync(query, overTcp: false) is { } response)
            {
                await socket.SendToAsync(response, SocketFlags.None, from, _stopping.Token);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client is gone, or we are.
        }
        finally
        {
            Interlocked.Decrement(ref _udpUnderWay);
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync(_stopping.Token);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                continue;
            }

            if (Interlocked.Increment(ref _tcpConnections) > _options.TcpConnectionsMax)
            {
                Interlocked.Decrement(ref _tcpConnections);
                client.Dispose();
                continue;
            }

            _ = ServeTcpAsync(client);
        }
    }

    private async Task ServeTcpAsync(Socket client)
    {
        using var _ = client;
        client.NoDelay = true;
        try
        {
            while (await ReceiveAsync(client) is { } query)
            {
                if (await _responder.RespondAsync(query, overTcp: true) is not { } response
                    || !await DnsStream.SendAsync(client, response, _stopping.Token))
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The client is gone or was silent for too long, or we are stopping.
        }
        finally
        {
            Interlocked.Decrement(ref _tcpConnections);
        }
    }

    private async Task<byte[]?> ReceiveAsync(Socket client)
    {
        using var idle = new CancellationTokenSource(_options.TcpIdleTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, _stopping.Token);
        return await DnsStream.ReceiveAsync(client, either.Token);
    }
}
