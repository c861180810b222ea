using System.Buffers;
using System.IO.Pipelines;
using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>The events of a watch that another server answers: its lines.</summary>
internal sealed class ProxiedFrames(Stream content) : FrameStream
{
    private const int FrameBytesMax = 64 * 1024 * 1024;

    private readonly PipeReader _reader = PipeReader.Create(content);
    private SequencePosition? _taken;

    public override async ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancel)
    {
        if (_taken is { } taken) _reader.AdvanceTo(taken);
        _taken = null;
        while (true)
        {
            var read = await ReadAsync(cancel);
            if (read.Buffer.PositionOf((byte)'\n') is { } feed)
            {
                var line = read.Buffer.Slice(0, feed);
                _taken = read.Buffer.GetPosition(1, feed);
                if (!line.IsEmpty) return line.IsSingleSegment ? line.First : line.ToArray();
                _reader.AdvanceTo(_taken.Value);
                _taken = null;
                continue;
            }
            if (read.Buffer.Length > FrameBytesMax) throw new TransportException($"an event of a watch is larger than {FrameBytesMax} bytes");
            if (read.IsCompleted) return read.Buffer.IsEmpty ? default(ReadOnlyMemory<byte>) : throw new TransportException("the watch was cut within an event");
            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private async ValueTask<ReadResult> ReadAsync(CancellationToken cancel)
    {
        try
        {
            return await _reader.ReadAsync(cancel);
        }
        catch (IOException e)
        {
            throw new TransportException("the watch's connection broke", e);
        }
    }

    public override ValueTask DisposeAsync() => _reader.CompleteAsync();
}
