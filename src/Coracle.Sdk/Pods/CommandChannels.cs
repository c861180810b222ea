using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Coracle.Sdk;

/// <summary>
/// The streams of a command over one WebSocket: each message begins with the number of its channel (client-go, tools/remotecommand). The command has ended when
/// the channel of errors has told its status.
/// </summary>
internal sealed class CommandChannels(WebSocket socket, PodCommand command)
{
    private const byte Stdin = 0, Stdout = 1, Stderr = 2, Error = 3, Resize = 4, Close = 255;
    private readonly SemaphoreSlim writing = new(1, 1);

    public async Task<PodCommandResult> RunAsync(CancellationToken cancel)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var input = command.Stdin is { } stdin ? SendInputAsync(stdin, ended.Token) : Task.CompletedTask;
        var sizes = command.Sizes is not null ? SendSizesAsync(ended.Token) : Task.CompletedTask;
        try
        {
            return await ReceiveAsync(cancel);
        }
        catch (WebSocketException failure)
        {
            throw new TransportException("the connection to the command broke", failure);
        }
        finally
        {
            ended.Cancel();
            await Quietly(sizes);
            // What reads the input may not end before the next key is pressed: it is left to itself.
            _ = Quietly(input);
        }
    }

    private async Task<PodCommandResult> ReceiveAsync(CancellationToken cancel)
    {
        var buffer = new byte[32 * 1024];
        var status = new ArrayBufferWriter<byte>();
        byte channel = 0;
        var begins = true;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), cancel);
            if (part.MessageType == WebSocketMessageType.Close) return Read(status.WrittenSpan);
            var data = buffer.AsMemory(0, part.Count);
            if (begins && data.Length > 0)
            {
                channel = data.Span[0];
                data = data[1..];
            }
            begins = part.EndOfMessage || (begins && part.Count == 0);
            if (channel == Error) status.Write(data.Span);
            else if (channel == Stdout && command.Stdout is { } stdout) await stdout.WriteAsync(data, cancel);
            else if (channel == Stderr && command.Stderr is { } stderr) await stderr.WriteAsync(data, cancel);
        }
    }

    private async Task SendInputAsync(Stream stdin, CancellationToken cancel)
    {
        var buffer = new byte[32 * 1024];
        buffer[0] = Stdin;
        while (await stdin.ReadAsync(buffer.AsMemory(1), cancel) is var read and > 0) await SendAsync(buffer.AsMemory(0, read + 1), cancel);
        // Only version 5 can say that the input ended; version 4 leaves the command waiting for more.
        if (socket.SubProtocol == "v5.channel.k8s.io") await SendAsync(new byte[] { Close, Stdin }, cancel);
    }

    private async Task SendSizesAsync(CancellationToken cancel)
    {
        while (await command.Sizes!.WaitToReadAsync(cancel))
            while (command.Sizes.TryRead(out var size))
                await SendAsync(Encoding.UTF8.GetBytes($"{(char)Resize}{{\"Width\":{size.Width},\"Height\":{size.Height}}}"), cancel);
    }

    private async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancel)
    {
        await writing.WaitAsync(cancel);
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, cancel);
        }
        finally
        {
            writing.Release();
        }
    }

    private static async Task Quietly(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception failure) when (failure is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
            // The command ended first, which is told elsewhere.
        }
    }

    // A Status: Success, or with reason NonZeroExitCode and the code in its causes, or something else that went wrong.
    private static PodCommandResult Read(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty) throw new TransportException("the connection was closed before the command had ended");
        try
        {
            var status = ApiStatus.Read(json, unnamed: true);
            if (status is null || (status.Reason.Length == 0 && status.Message.Length == 0 && status.Causes.Count == 0)) return new(0, "");
            foreach (var cause in status.Causes)
                if (cause.Reason == "ExitCode" && int.TryParse(cause.Message, out var code)) return new(code, status.Message);
            throw new ApiException(status);
        }
        catch (JsonException)
        {
            return new(1, Encoding.UTF8.GetString(json));
        }
    }
}
