namespace Coracle.Controllers.DaemonSets;

/// <summary>How soon a pod that failed is replaced: later each time, as a node that refuses it will mostly do so again (upstream: failedPodsBackoff).</summary>
internal sealed class FailedPods(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Max = TimeSpan.FromMinutes(15);

    private readonly Lock gate = new();
    private readonly Dictionary<(string Set, string Node), (TimeSpan Delay, DateTimeOffset At)> known = [];

    /// <summary>How long there is still to wait; null: now, which is remembered.</summary>
    public TimeSpan? Wait(string set, string node)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            var (delay, at) = known.GetValueOrDefault((set, node));
            if (delay > TimeSpan.Zero && now < at + delay) return at + delay - now;
            var next = delay == TimeSpan.Zero || now - at > 2 * Max ? First : delay * 2 < Max ? delay * 2 : Max;
            known[(set, node)] = (next, now);
            return null;
        }
    }
}
