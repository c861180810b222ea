namespace Coracle.Sdk;

/// <summary>Cuts a body into its lines: the frames of a watch.</summary>
internal sealed class LineFrames(HttpResponseMessage response, Stream body, int limit_bytes) : FrameStream
{
    private byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;
    private int looked;
    private bool disposed;

    public override async ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancel)
    {
        while (true)
        {
            var feed = buffer.AsSpan(looked, end - looked).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                var line = buffer.AsMemory(start, looked + feed - start);
                start = looked = looked + feed + 1;
                if (line.Length > 0) return line;
                continue;
            }
            looked = end;
            MakeRoom();
            var read = await ReadAsync(cancel);
            if (read == 0) return end > start ? throw new TransportException("the watch was cut within an event") : default;
            end += read;
        }
    }

    private async ValueTask<int> ReadAsync(CancellationToken cancel)
    {
        try
        {
            return await body.ReadAsync(buffer.AsMemory(end), cancel);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or ObjectDisposedException && !cancel.IsCancellationRequested)
        {
            throw new TransportException("the watch's connection broke", failure);
        }
    }

    private void MakeRoom()
    {
        if (end < buffer.Length) return;
        var used = end - start;
        if (used > limit_bytes) throw new TransportException($"an event of a watch is larger than {limit_bytes} bytes");
        var next = used > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
        buffer.AsSpan(start, used).CopyTo(next);
        (buffer, start, end, looked) = (next, 0, used, used);
    }

    public override ValueTask DisposeAsync()
    {
        if (disposed) return default;
        disposed = true;
        response.Dispose();
        return body.DisposeAsync();
    }
}
