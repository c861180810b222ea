using System.Globalization;

namespace Coracle.Hosting;

/// <summary>How an answer ends.</summary>
internal enum Http1Mode
{
    /// <summary>After so many bytes.</summary>
    Counted,
    Chunked,

    /// <summary>With the connection.</summary>
    ToTheEnd,

    /// <summary>It is the connection, in another protocol.</summary>
    Switched,
}

/// <summary>The body of an answer, read from its connection as it comes; or the connection itself.</summary>
/// <param name="done">Told once whether the connection may serve another request.</param>
internal sealed class Http1Body(Http1Connection connection, Http1Mode mode, long length, Action<bool> done) : Stream
{
    private long _left = length;
    private bool _inChunks;
    private bool _ended;
    private bool _told;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ended || buffer.IsEmpty) return 0;
        if (mode is Http1Mode.Switched or Http1Mode.ToTheEnd)
        {
            var some = await connection.ReadAsync(buffer, cancellationToken);
            _ended = some == 0;
            return some;
        }
        if (_left == 0 && !await NextAsync(cancellationToken)) return 0;
        var read = await connection.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
        if (read == 0) throw new IOException("unexpected EOF");
        _left -= read;
        // The end is looked for with the last bytes, so that the connection is free when they have been read.
        if (_left == 0 && mode == Http1Mode.Counted) End();
        return read;
    }

    // The size of the next chunk, or the end and what trails it.
    private async ValueTask<bool> NextAsync(CancellationToken cancel)
    {
        if (mode == Http1Mode.Chunked)
        {
            if (_inChunks) await connection.ReadLineAsync(cancel);
            _inChunks = true;
            var line = await connection.ReadLineAsync(cancel);
            if (!long.TryParse(line.Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left) || _left < 0) throw new IOException("invalid byte in chunk length");
            if (_left > 0) return true;
            while ((await connection.ReadLineAsync(cancel)).Length > 0)
            {
            }
        }
        End();
        return false;
    }

    private void End()
    {
        _ended = true;
        Tell(true);
    }

    private void Tell(bool isReusable)
    {
        if (_told) return;
        _told = true;
        done(isReusable);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => connection.WriteAsync(buffer, cancellationToken);
    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        // An answer without a body has been read as soon as its head has.
        if (disposing) Tell(mode == Http1Mode.Chunked && _ended || mode == Http1Mode.Counted && _left == 0);
        base.Dispose(disposing);
    }

    public override bool CanRead => true;
    public override bool CanWrite => mode == Http1Mode.Switched;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
}
