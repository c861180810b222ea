using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Coracle.Node.Dns;

/// <summary>
/// Asks one server once: by UDP, and by TCP if the answer did not fit. Every query has a socket of its own, so that its port is as hard to
/// guess as its id, and the kernel passes on what the server itself sends, nothing else.
/// </summary>
internal static class UpstreamExchange
{
    /// <summary>The response, or null if the server cannot be reached, talks nonsense or closes early. Throws on cancellation only.</summary>
    public static async Task<DnsMessage?> AskAsync(IPEndPoint server, DnsMessage query, CancellationToken cancellation)
    {
        try
        {
            var bytes = DnsWriter.Write(query, DnsLimits.MessageMax);
            var response = await AskUdpAsync(server, query, bytes, cancellation);
            return response.Truncated ? await AskTcpAsync(server, query, bytes, cancellation) : response;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static async Task<DnsMessage> AskUdpAsync(IPEndPoint server, DnsMessage query, byte[] bytes, CancellationToken cancellation)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellation);
        await socket.SendAsync(bytes, cancellation);
        var buffer = new byte[DnsLimits.UdpPayloadMax];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, cancellation);
            // Anything else is a late answer or a forgery: the true one may still come.
            if (DnsReader.TryRead(buffer.AsSpan(0, length), out var response) && IsAnswer(query, response))
            {
                return response;
            }
        }
    }

    private static async Task<DnsMessage?> AskTcpAsync(IPEndPoint server, DnsMessage query, byte[] bytes, CancellationToken cancellation)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellation);
        var message = await DnsStream.SendAsync(socket, bytes, cancellation) ? await DnsStream.ReceiveAsync(socket, cancellation) : null;
        return message is not null && DnsReader.TryRead(message, out var response) && IsAnswer(query, response) ? response : null;
    }

    private static bool IsAnswer(DnsMessage query, DnsMessage response) =>
        response.IsResponse
        && response.Id == query.Id
        // A server that cannot read the query may leave the question out.
        && (response.Questions is [var question] ? question == query.Questions[0] : response.Questions.IsEmpty && response.Code != DnsCode.NoError);
}

/// <summary>Messages over TCP: each with its length in two bytes before it.</summary>
internal static class DnsStream
{
    /// <summary>The next message; null if the other side closed.</summary>
    public static async Task<byte[]?> ReceiveAsync(Socket socket, CancellationToken cancellation)
    {
        var length = new byte[2];
        if (!await FillAsync(socket, length, cancellation))
        {
            return null;
        }

        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        return await FillAsync(socket, message, cancellation) ? message : null;
    }

    /// <summary>False if the other side closed.</summary>
    public static async Task<bool> SendAsync(Socket socket, byte[] message, CancellationToken cancellation)
    {
        var framed = new byte[message.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed, 2);
        for (var sent = 0; sent < framed.Length;)
        {
            var some = await socket.SendAsync(framed.AsMemory(sent), cancellation);
            if (some == 0)
            {
                return false;
            }

            sent += some;
        }

        return true;
    }

    private static async Task<bool> FillAsync(Socket socket, byte[] buffer, CancellationToken cancellation)
    {
        for (var filled = 0; filled < buffer.Length;)
        {
            var some = await socket.ReceiveAsync(buffer.AsMemory(filled), cancellation);
            if (some == 0)
            {
                return false;
            }

            filled += some;
        }

        return true;
    }
}
