using System.IO.Pipelines;

namespace Coracle.Node.Streaming;

/// <summary>Two <see cref="DuplexStream"/>s joined within the process: what one writes, the other reads.</summary>
public sealed class InMemoryDuplex : DuplexStream
{
    private readonly PipeReader _reader;
    private readonly PipeWriter _writer;
    private int _writesCompleted;

    private InMemoryDuplex(PipeReader reader, PipeWriter writer) => (_reader, _writer) = (reader, writer);

    /// <summary>Makes the two ends. A writer that is <paramref name="buffer_bytes_max"/> ahead of the reader waits.</summary>
    public static (InMemoryDuplex Near, InMemoryDuplex Far) Pair(int buffer_bytes_max = 64 * 1024)
    {
        var options = new PipeOptions(pauseWriterThreshold: buffer_bytes_max, resumeWriterThreshold: buffer_bytes_max / 2,
            useSynchronizationContext: false);
        Pipe there = new(options), back = new(options);
        var near = new InMemoryDuplex(back.Reader, there.Writer);
        var far = new InMemoryDuplex(there.Reader, back.Writer);
        return (near, far);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        PipeReading.Read(_reader, buffer, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_writesCompleted != 0, this);
        try
        {
            var result = await _writer.WriteAsync(buffer, cancellationToken);
            if (result.IsCompleted || result.IsCanceled)
                throw new IOException("the other end no longer reads");
        }
        catch (InvalidOperationException e)
        {
            throw new IOException("the stream is closed", e); // the writer was completed meanwhile, by Abort
        }
    }

    public override ValueTask CompleteWrites(CancellationToken cancel) =>
        Interlocked.Exchange(ref _writesCompleted, 1) == 0 ? _writer.CompleteAsync() : ValueTask.CompletedTask;

    public override void Abort()
    {
        var cause = new IOException("the stream was broken off");
        _writer.CancelPendingFlush();
        if (Interlocked.Exchange(ref _writesCompleted, 1) == 0)
            _writer.Complete(cause);
        _reader.CancelPendingRead();
        _reader.Complete(cause);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        if (Interlocked.Exchange(ref _writesCompleted, 1) == 0)
            _writer.Complete();
        _reader.CancelPendingRead();
        _reader.Complete();
    }
}
