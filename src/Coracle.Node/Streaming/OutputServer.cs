using System.Buffers;
using System.Net.WebSockets;
using System.Text;

namespace Coracle.Node.Streaming;

/// <summary>Sends a stream of bytes over a WebSocket, as clients ask for logs: <c>binary.k8s.io</c>, or base64 text.</summary>
public static class OutputServer
{
    /// <summary>Copies to the end, or until the client goes away, and closes.</summary>
    /// <param name="transport">A connection after the upgrade; owned from then on.</param>
    public static async Task Send(Stream output, Stream transport, StreamingProtocol protocol, CancellationToken cancel)
    {
        using var socket = WebSocket.CreateFromStream(transport, new WebSocketCreationOptions
        {
            IsServer = true,
            KeepAliveInterval = TimeSpan.FromSeconds(30),
        });
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var closed = WaitForClose(socket, ended);
        try
        {
            await Copy(output, socket, protocol, ended.Token);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, ended.Token);
            ended.CancelAfter(RemoteCommandServer.Linger);
            await closed;
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            socket.Abort(); // the client is gone, or we are to end
        }
        await ended.CancelAsync();
        await closed;
    }

    private static async Task Copy(Stream output, WebSocket socket, StreamingProtocol protocol, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(2048);
        try
        {
            while (await output.ReadAsync(buffer.AsMemory(0, 2048), cancel) is > 0 and var got)
            {
                if (protocol.IsBase64)
                    await socket.SendAsync(Encoding.ASCII.GetBytes(Convert.ToBase64String(buffer, 0, got)), WebSocketMessageType.Text, true, cancel);
                else
                    await socket.SendAsync(buffer.AsMemory(0, got), WebSocketMessageType.Binary, true, cancel);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>What the client sends is ignored, up to its goodbye.</summary>
    private static async Task WaitForClose(WebSocket socket, CancellationTokenSource ended)
    {
        try
        {
            var ignored = new byte[1024];
            while ((await socket.ReceiveAsync(ignored.AsMemory(), ended.Token)).MessageType != WebSocketMessageType.Close) { }
            await ended.CancelAsync();
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            await ended.CancelAsync();
        }
    }
}
