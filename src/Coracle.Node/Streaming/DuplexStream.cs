namespace Coracle.Node.Streaming;

/// <summary>
/// A byte stream in both directions, each of which ends by itself: what one side completes, the other reads as the end
/// of the stream, and the opposite direction goes on. Asynchronous only. Reads give <c>IOException</c> after the peer
/// or the connection has broken off; so do writes.
/// </summary>
public abstract class DuplexStream : Stream
{
    /// <summary>Ends our writing. The peer reads the end of the stream; we may read on. Idempotent.</summary>
    public abstract ValueTask CompleteWrites(CancellationToken cancel);

    /// <summary>Breaks both directions off at once; what the peer has not yet been sent is lost. Idempotent.</summary>
    public abstract void Abort();

    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);
    public abstract override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("asynchronous only");
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("asynchronous only");
    public override void Flush() { }
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
}
