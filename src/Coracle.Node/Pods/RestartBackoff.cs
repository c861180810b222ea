using System.Globalization;
using CriContainerStatus = Coracle.Node.Cri.V1.ContainerStatus;

namespace Coracle.Node.Pods;

/// <summary>
/// How long a container that keeps ending waits before it is started again: not at all the first time, then 10 s, doubling to 5 min, from the beginning after
/// 10 min of running. Each container carries the pause that follows its end as an annotation, so that a restart of the agent forgets nothing.
/// </summary>
internal static class RestartBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    /// <summary>The pause after the end of a container; zero after the first.</summary>
    public static TimeSpan Pause(CriContainerStatus ended) =>
        ended.Annotations.TryGetValue(RuntimeLabels.RestartPause, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && Ran(ended) <= Forgotten
            ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;

    /// <summary>What is left of it; zero or less: start now.</summary>
    public static TimeSpan Left(CriContainerStatus ended, DateTimeOffset now) => Pause(ended) is { Ticks: > 0 } pause ? Time(ended.FinishedAt) + pause - now : TimeSpan.Zero;

    /// <summary>The pause that the container after this one is to carry.</summary>
    public static TimeSpan Next(CriContainerStatus? ended)
    {
        if (ended is null) return TimeSpan.Zero;
        var pause = Pause(ended);
        return pause == TimeSpan.Zero ? First : pause * 2 > Longest ? Longest : pause * 2;
    }

    // One that could not be started has no time at which it was.
    private static TimeSpan Ran(CriContainerStatus ended) => ended.StartedAt == 0 ? TimeSpan.Zero : Time(ended.FinishedAt) - Time(ended.StartedAt);

    private static DateTimeOffset Time(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);
}
