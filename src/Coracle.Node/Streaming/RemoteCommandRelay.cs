using System.Buffers;

namespace Coracle.Node.Streaming;

/// <summary>Joins a client's session to a runtime's: exec and attach, whatever each side speaks.</summary>
public static class RemoteCommandRelay
{
    private const int status_bytes_max = 64 * 1024;

    /// <summary>
    /// Copies until the command has ended or either side is gone, then ends both sessions.
    /// 1. Input and sizes go to the runtime while the command lasts; the end of the input goes too.
    /// 2. Output goes to the client, no faster than the client takes it.
    /// 3. When the output has ended, the outcome follows, in the form that the client's protocol has for it.
    /// A client that goes away ends the runtime's session (which ends a terminal's command, and leaves any other running).
    /// </summary>
    public static async Task Run(RemoteCommandSession client, RemoteCommandSession runtime, CancellationToken cancel)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var gone = EndWhenGone(client.Closed, ended);
        var input = Task.WhenAll(
            Copy(client.Stdin, runtime.Stdin, ended.Token),
            Copy(client.Resize, runtime.Resize, ended.Token));
        try
        {
            await Task.WhenAll(
                Output(runtime.Stdout, client.Stdout, ended),
                Output(runtime.Stderr, client.Stderr, ended));
            await Outcome(runtime, client, ended);
        }
        finally
        {
            await ended.CancelAsync();
            await runtime.DisposeAsync();
            await client.DisposeAsync();
            await Task.WhenAll(input, gone);
        }
    }

    private static async Task EndWhenGone(Task closed, CancellationTokenSource ended)
    {
        try
        {
            await closed.WaitAsync(ended.Token);
            await ended.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // The command ended first.
        }
    }

    private static async Task Output(DuplexStream? from, DuplexStream? to, CancellationTokenSource ended)
    {
        if (!await Copy(from, to, ended.Token))
            await ended.CancelAsync(); // one half of an output is worth nothing
    }

    private static async Task Outcome(RemoteCommandSession runtime, RemoteCommandSession client, CancellationTokenSource ended)
    {
        if (!client.StatusIsText || runtime.StatusIsText)
        {
            await Output(runtime.Error, client.Error, ended);
            return;
        }
        try
        {
            var status = await ReadAll(runtime.Error!, ended.Token);
            if (CommandOutcome.Parse(status) is not CommandOutcome.Succeeded and var failure)
                await client.Error!.WriteAsync(System.Text.Encoding.UTF8.GetBytes(failure.Message), ended.Token);
            await client.Error!.CompleteWrites(ended.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            await ended.CancelAsync();
        }
    }

    private static async Task<byte[]> ReadAll(DuplexStream from, CancellationToken cancel)
    {
        var all = new ArrayBufferWriter<byte>();
        while (all.WrittenCount < status_bytes_max)
        {
            var got = await from.ReadAsync(all.GetMemory(1024), cancel);
            if (got == 0)
                break;
            all.Advance(got);
        }
        return all.WrittenSpan.ToArray();
    }

    /// <summary>Copies to the end and passes the end on. False when that was not possible.</summary>
    internal static async Task<bool> Copy(DuplexStream? from, DuplexStream? to, CancellationToken cancel)
    {
        if (from is null || to is null)
            return true;
        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            while (await from.ReadAsync(buffer, cancel) is > 0 and var got)
                await to.WriteAsync(buffer.AsMemory(0, got), cancel);
            await to.CompleteWrites(cancel);
            return true;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
