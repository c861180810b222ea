namespace Coracle.Bench;

/// <summary>
/// How long things took, in stopwatch ticks or any other unit: counts in buckets that are 1/64 of their value wide, so that a percentile is wrong by less than
/// two in a hundred and recording is an addition. Not safe for threads: each worker has its own, and they are added up at the end.
/// </summary>
public sealed class Histogram
{
    private const int SubBits = 6;
    private const int SubCount = 1 << SubBits;

    private readonly long[] _counts = new long[(64 - SubBits) * SubCount];

    public long Count { get; private set; }
    public long Max { get; private set; }

    public void Record(long value)
    {
        if (value < 0) value = 0;
        _counts[Bucket(value)]++;
        Count++;
        if (value > Max) Max = value;
    }

    public void Add(Histogram other)
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>The value that the given share (0 to 1) of all records do not exceed; 0 when there are none.</summary>
    public long Percentile(double share)
    {
        if (Count == 0) return 0;
        var rank = Math.Clamp((long)Math.Ceiling(share * Count), 1, Count);
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank) return Math.Min(Highest(i), Max);
        }
        return Max;
    }

    // Values below SubCount have a bucket each; above, each power of two is cut into SubCount parts.
    private static int Bucket(long value)
    {
        if (value < SubCount) return (int)value;
        var shift = 63 - SubBits - System.Numerics.BitOperations.LeadingZeroCount((ulong)value);
        return (shift + 1) * SubCount + (int)(value >> shift) - SubCount;
    }

    private static long Highest(int bucket)
    {
        if (bucket < SubCount) return bucket;
        var shift = bucket / SubCount - 1;
        return ((long)(bucket % SubCount + SubCount) << shift) + (1L << shift) - 1;
    }
}
