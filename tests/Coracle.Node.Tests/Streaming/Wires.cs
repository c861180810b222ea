using System.Text;
using Coracle.Node.Streaming;

namespace Coracle.Node.Tests.Streaming;

/// <summary>What the streaming tests share.</summary>
internal static class Wires
{
    /// <summary>Ends a hanging test; no assertion depends on it.</summary>
    public static CancellationToken Limit => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static async Task<string> ReadToEnd(this Stream from, CancellationToken cancel)
    {
        var all = new MemoryStream();
        await from.CopyToAsync(all, cancel);
        return Encoding.UTF8.GetString(all.ToArray());
    }

    public static async Task<string> ReadText(this Stream from, int length, CancellationToken cancel)
    {
        var bytes = new byte[length];
        await from.ReadExactlyAsync(bytes, cancel);
        return Encoding.UTF8.GetString(bytes);
    }

    public static async Task WriteText(this DuplexStream to, string text, CancellationToken cancel) => await to.WriteAsync(Bytes(text), cancel);

    public static byte[] Pattern(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = (byte)((i * 31) ^ (i >> 8));
        return bytes;
    }

    /// <summary>A SPDY session with both sides ours.</summary>
    public static async Task<(RemoteCommandSession Client, RemoteCommandSession Server)> SpdySession(
        RemoteCommandStreams streams, CancellationToken cancel, string protocol = "v4.channel.k8s.io")
    {
        var (near, far) = InMemoryDuplex.Pair();
        var server = Task.Run(async () =>
        {
            await AnswerUpgrade(far, protocol, cancel);
            return await RemoteCommandServer.Accept(far, new StreamingProtocol(false, protocol), streams, TimeProvider.System, cancel);
        }, cancel);
        var client = await SpdyClient.OpenCommand(near, new Uri("http://pod/exec?a=b"), streams, [], cancel);
        return (client, await server);
    }

    /// <summary>Reads the request byte by byte, so that nothing after it is taken, and answers 101.</summary>
    public static async Task<string> AnswerUpgrade(Stream connection, string protocol, CancellationToken cancel)
    {
        var request = new StringBuilder();
        var one = new byte[1];
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await connection.ReadExactlyAsync(one, cancel);
            request.Append((char)one[0]);
        }
        await connection.WriteAsync(Bytes(
            $"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: {protocol}\r\n\r\n"), cancel);
        return request.ToString();
    }
}
