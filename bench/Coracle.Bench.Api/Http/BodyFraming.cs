using System.Buffers.Text;

namespace Coracle.Bench.Http;

/// <summary>Where in a connection's bytes a body is: of a known length, or in chunks.</summary>
internal sealed class BodyFraming
{
    private enum Place { Data, ChunkHead, ChunkEnd, Done }

    private readonly bool _chunked;
    private Place _place;
    private long _left;

    private BodyFraming(bool chunked, long length)
    {
        (_chunked, _left) = (chunked, length);
        _place = chunked ? Place.ChunkHead : length > 0 ? Place.Data : Place.Done;
    }

    public static BodyFraming Empty { get; } = new(chunked: false, 0);
    public static BodyFraming OfLength(long length) => new(chunked: false, length);
    public static BodyFraming Chunked() => new(chunked: true, 0);

    public bool IsDone => _place == Place.Done;

    /// <summary>How many bytes are framing, and how many after them belong to the body; no body bytes when more have to be read first, or it is done.</summary>
    public (int Skipped, int Length) Next(ReadOnlySpan<byte> input)
    {
        var skipped = 0;
        while (true)
        {
            var rest = input[skipped..];
            switch (_place)
            {
                case Place.Data when rest.IsEmpty: return (skipped, 0);
                case Place.Data: return (skipped, Take(rest));
                case Place.Done: return (skipped, 0);
                default:
                    var used = Frame(rest);
                    if (used == 0) return (skipped, 0);
                    skipped += used;
                    break;
            }
        }
    }

    private int Take(ReadOnlySpan<byte> rest)
    {
        var taken = (int)Math.Min(rest.Length, _left);
        _left -= taken;
        if (_left == 0) _place = _chunked ? Place.ChunkEnd : Place.Done;
        return taken;
    }

    // The line break after a chunk, or the line before one. Zero when it is not all there yet.
    private int Frame(ReadOnlySpan<byte> rest)
    {
        if (_place == Place.ChunkEnd)
        {
            if (rest.Length < 2) return 0;
            _place = Place.ChunkHead;
            return 2;
        }
        var end = rest.IndexOf("\r\n"u8);
        if (end < 0) return 0;
        if (!Utf8Parser.TryParse(rest[..end], out _left, out _, 'x')) throw new BenchException("a chunk of the answer has no length");
        if (_left > 0)
        {
            _place = Place.Data;
            return end + 2;
        }
        // The last chunk; no trailers are expected.
        if (rest.Length < end + 4) return 0;
        _place = Place.Done;
        return end + 4;
    }
}
