using System.Net.WebSockets;
using System.Text;

namespace Coracle.Sdk;

/// <summary>One forwarded connection: channel 0 carries its bytes, channel 1 what went wrong; both begin with the port, which is skipped.</summary>
internal sealed class PortStream(WebSocket socket) : Stream
{
    private readonly byte[] buffer = new byte[32 * 1024];
    private readonly StringBuilder error = new();
    private readonly int[] skip = [2, 2];
    private ReadOnlyMemory<byte> left;
    private int channel;
    private bool begins = true;

    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancellationToken = default)
    {
        while (left.IsEmpty)
        {
            var part = await ReceiveAsync(cancellationToken);
            if (part is null) return error.Length == 0 ? 0 : throw new IOException(error.ToString());
            left = part.Value;
        }
        var count = Math.Min(into.Length, left.Length);
        left[..count].CopyTo(into);
        left = left[count..];
        return count;
    }

    // The next bytes of the connection, possibly none; null at its end.
    private async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancel)
    {
        ValueWebSocketReceiveResult part;
        try
        {
            part = await socket.ReceiveAsync(buffer.AsMemory(), cancel);
        }
        catch (WebSocketException failure)
        {
            throw new IOException("the forwarded connection broke", failure);
        }
        if (part.MessageType == WebSocketMessageType.Close) return null;
        ReadOnlyMemory<byte> data = buffer.AsMemory(0, part.Count);
        if (begins && data.Length > 0)
        {
            channel = data.Span[0];
            data = data[1..];
        }
        begins = part.EndOfMessage;
        if (channel > 1) return ReadOnlyMemory<byte>.Empty;
        var skipped = Math.Min(skip[channel], data.Length);
        skip[channel] -= skipped;
        data = data[skipped..];
        if (channel == 0) return data;
        error.Append(Encoding.UTF8.GetString(data.Span));
        return ReadOnlyMemory<byte>.Empty;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        var message = new byte[data.Length + 1];
        data.CopyTo(message.AsMemory(1));
        try
        {
            await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
        catch (WebSocketException failure)
        {
            throw new IOException("the forwarded connection broke", failure);
        }
    }

    public override Task<int> ReadAsync(byte[] into, int offset, int count, CancellationToken cancellationToken) => ReadAsync(into.AsMemory(offset, count), cancellationToken).AsTask();
    public override Task WriteAsync(byte[] data, int offset, int count, CancellationToken cancellationToken) => WriteAsync(data.AsMemory(offset, count), cancellationToken).AsTask();
    public override int Read(byte[] into, int offset, int count) => throw new NotSupportedException("read asynchronously");
    public override void Write(byte[] data, int offset, int count) => throw new NotSupportedException("write asynchronously");
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) socket.Dispose();
        base.Dispose(disposing);
    }
}
