using System.Globalization;

namespace Coracle.Sdk;

/// <summary>Names of events: the object's name and the nanosecond, or the next free one, as clocks have fewer nanoseconds than that, and virtual ones none.</summary>
internal sealed class EventNames(TimeProvider time)
{
    private long last;

    public string Next(string about)
    {
        var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        while (true)
        {
            var before = Interlocked.Read(ref last);
            var mine = Math.Max(now, before + 1);
            if (Interlocked.CompareExchange(ref last, mine, before) == before) return $"{about}.{mine.ToString("x", CultureInfo.InvariantCulture)}";
        }
    }
}
