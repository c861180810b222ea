namespace Coracle.ApiServer;

/// <summary>Two connections as one: what comes from either goes to the other, until one of them ends.</summary>
internal static class Joined
{
    private const int BufferBytes = 32 * 1024;

    public static async ValueTask Run(Stream client, Stream backend, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using (backend)
        {
            var there = Copy(client, backend, stop);
            var back = Copy(backend, client, stop);
            await there;
            await back;
        }
    }

    // Whichever ends first ends the other.
    private static async Task Copy(Stream from, Stream to, CancellationTokenSource stop)
    {
        try
        {
            var buffer = new byte[BufferBytes];
            for (int read; (read = await from.ReadAsync(buffer, stop.Token)) > 0;)
            {
                await to.WriteAsync(buffer.AsMemory(0, read), stop.Token);
                await to.FlushAsync(stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Gone, on one side or the other.
        }
        stop.Cancel();
    }
}
