using System.Buffers.Text;

namespace Coracle.Bench;

/// <summary>Counts the lines of a stream that comes in pieces, and reads a number behind a marker in each: when an event's update was sent.</summary>
internal sealed class LineScan(byte[] marker)
{
    // The beginning of a line whose end has not come yet, as far as the marker may be in it.
    private const int KeptBytesMax = 1024;

    private readonly byte[] _kept = new byte[KeptBytesMax];
    private int _keptLength;

    public long Lines { get; private set; }

    /// <summary>Takes a piece; <paramref name="onStamp"/> is told of the number of each line that has one.</summary>
    public void Take<TState>(ReadOnlySpan<byte> piece, TState state, Action<TState, long> onStamp)
    {
        while (piece.IndexOf((byte)'\n') is var end && end >= 0)
        {
            var line = piece[..end];
            if (_keptLength > 0) line = Joined(line);
            _keptLength = 0;
            Lines++;
            if (Stamp(line) is { } stamp) onStamp(state, stamp);
            piece = piece[(end + 1)..];
        }
        Keep(piece);
    }

    private ReadOnlySpan<byte> Joined(ReadOnlySpan<byte> rest)
    {
        Keep(rest);
        return _kept.AsSpan(0, _keptLength);
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        var fits = bytes[..Math.Min(bytes.Length, KeptBytesMax - _keptLength)];
        fits.CopyTo(_kept.AsSpan(_keptLength));
        _keptLength += fits.Length;
    }

    private long? Stamp(ReadOnlySpan<byte> line)
    {
        var at = line.IndexOf(marker);
        return at >= 0 && Utf8Parser.TryParse(line[(at + marker.Length)..], out long stamp, out _) ? stamp : null;
    }
}
