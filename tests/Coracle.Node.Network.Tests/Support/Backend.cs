using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Coracle.Node.Network.Tests.Support;

/// <summary>A server in a namespace that answers every message, TCP or UDP, with its own name and the address it saw the client come from.</summary>
internal sealed class Backend : IDisposable
{
    private readonly Socket _tcp;
    private readonly Socket _udp;
    private readonly string _name;

    public Backend(string @namespace, string name, int port)
    {
        _name = name;
        _tcp = NetNamespace.Tcp(@namespace);
        _tcp.Bind(new IPEndPoint(IPAddress.Any, port));
        _tcp.Listen();
        _udp = NetNamespace.Udp(@namespace);
        _udp.Bind(new IPEndPoint(IPAddress.Any, port));
        _ = AcceptAsync();
        _ = ServeUdpAsync();
    }

    public void Dispose()
    {
        _tcp.Dispose();
        _udp.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeTcpAsync(await _tcp.AcceptAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed: the test is over.
        }
    }

    private async Task ServeTcpAsync(Socket client)
    {
        using var _ = client;
        var buffer = new byte[256];
        try
        {
            while (await client.ReceiveAsync(buffer) > 0)
            {
                await client.SendAsync(Answer(client.RemoteEndPoint!));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client is gone.
        }
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[256];
        try
        {
            while (true)
            {
                var received = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                await _udp.SendToAsync(Answer(received.RemoteEndPoint), received.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed: the test is over.
        }
    }

    private byte[] Answer(EndPoint client) => Encoding.UTF8.GetBytes($"{_name} {((IPEndPoint)client).Address}");
}

/// <summary>What a backend said: its name and the client address it saw.</summary>
internal sealed record Reply(string Backend, string Client)
{
    public static Reply Parse(ReadOnlySpan<byte> bytes)
    {
        var words = Encoding.UTF8.GetString(bytes).Split(' ');
        return new Reply(words[0], words[1]);
    }
}

/// <summary>A TCP or UDP client in a namespace that keeps its socket, so that later messages belong to the same flow.</summary>
internal sealed class Client : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly Socket _socket;

    private Client(Socket socket) => _socket = socket;

    public static async Task<Client> TcpAsync(string @namespace, string address, int port)
    {
        var socket = NetNamespace.Tcp(@namespace);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(address), port), limit.Token);
            return new Client(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static Client Udp(string @namespace, string address, int port)
    {
        var socket = NetNamespace.Udp(@namespace);
        socket.Connect(new IPEndPoint(IPAddress.Parse(address), port));
        return new Client(socket);
    }

    /// <summary>Sends without waiting for anything.</summary>
    public async Task SendAsync() => await _socket.SendAsync("?"u8.ToArray());

    public async Task<Reply> AskAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _socket.SendAsync("?"u8.ToArray(), limit.Token);
        var buffer = new byte[256];
        var length = await _socket.ReceiveAsync(buffer, limit.Token);
        return Reply.Parse(buffer.AsSpan(0, length));
    }

    /// <summary>One connection, one question.</summary>
    public static async Task<Reply> AskOnceAsync(string @namespace, string address, int port)
    {
        using var client = await TcpAsync(@namespace, address, port);
        return await client.AskAsync();
    }

    /// <summary>How the kernel refuses a connection; null if it was accepted.</summary>
    public static async Task<SocketError?> RefusalAsync(string @namespace, string address, int port)
    {
        try
        {
            using var client = await TcpAsync(@namespace, address, port);
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    /// <summary>True if a connection attempt is neither accepted nor refused: the packets disappear.</summary>
    public static async Task<bool> IsDroppedAsync(string @namespace, string address, int port)
    {
        using var socket = NetNamespace.Tcp(@namespace);
        // Not a sleep for a condition: silence can only be observed by waiting. A refusal or an answer arrives within microseconds here.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(0.7));
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(address), port), limit.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose() => _socket.Dispose();
}
