namespace Coracle.Node.Pods;

/// <summary>How long a container that keeps ending waits before it is started again: 10 s, doubling to 5 min, forgotten after 10 min of running.</summary>
internal sealed class RestartBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, (TimeSpan Pause, DateTimeOffset Since)> _pauses = new(StringComparer.Ordinal);

    /// <summary>The pause that is still to be waited for a container that ended at the given time; zero or less: start now.</summary>
    public TimeSpan Left(string container, DateTimeOffset finished, DateTimeOffset now) =>
        _pauses.TryGetValue(container, out var known) ? finished + known.Pause - now : TimeSpan.Zero;

    /// <summary>The whole pause, for messages: "back-off 10s restarting...".</summary>
    public TimeSpan Pause(string container) => _pauses.TryGetValue(container, out var known) ? known.Pause : TimeSpan.Zero;

    /// <summary>A container is started again.</summary>
    public void Restarted(string container, DateTimeOffset started, DateTimeOffset finished, DateTimeOffset now)
    {
        var fresh = !_pauses.TryGetValue(container, out var known) || finished - started > Forgotten;
        var pause = fresh ? First : known.Pause * 2 > Longest ? Longest : known.Pause * 2;
        _pauses[container] = (pause, now);
    }
}
