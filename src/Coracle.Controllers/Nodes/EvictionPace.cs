namespace Coracle.Controllers;

/// <summary>Lets so many nodes per second and zone begin to lose their pods, one at once (upstream: RateLimitedTimedQueue).</summary>
internal sealed class EvictionPace(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, long> last = new(StringComparer.Ordinal);

    /// <summary>True when another node of the zone may begin now, which then counts as begun.</summary>
    /// <param name="zone">The node's zone.</param>
    /// <param name="rate">Nodes per second; 0 for none.</param>
    public bool TryBegin(string zone, double rate)
    {
        if (rate <= 0) return false;
        lock (gate)
        {
            if (last.TryGetValue(zone, out var began) && time.GetElapsedTime(began) < TimeSpan.FromSeconds(1 / rate)) return false;
            last[zone] = time.GetTimestamp();
            return true;
        }
    }
}
