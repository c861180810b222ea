using Coracle.Kinds.Autoscaling.V2;

namespace Coracle.Controllers.Autoscaling;

/// <summary>What was recommended of late and what was done, by one autoscaler: all that it remembers. As upstream's, it is gone with the process.</summary>
internal sealed class ScalingHistory
{
    private readonly record struct Entry(int Value, DateTimeOffset At);

    private readonly List<Entry> recommendations = [], added = [], removed = [];

    public bool IsEmpty => recommendations.Count == 0;

    public void Recommend(int replicas, DateTimeOffset now) => recommendations.Add(new(replicas, now));

    /// <summary>The lowest (or highest) of what was recommended after the time and of what is now.</summary>
    public int Lowest(DateTimeOffset after, int now) => recommendations.Where(r => r.At > after).Select(static r => r.Value).Append(now).Min();
    public int Highest(DateTimeOffset after, int now) => recommendations.Where(r => r.At > after).Select(static r => r.Value).Append(now).Max();

    public void ForgetRecommendations(DateTimeOffset before) => recommendations.RemoveAll(r => r.At < before);

    public void Scaled(HorizontalPodAutoscalerBehavior? behavior, int from, int to, DateTimeOffset now)
    {
        if (behavior is null) return; // nobody would ask
        var (log, rules) = to > from ? (added, behavior.ScaleUp) : (removed, behavior.ScaleDown);
        var longest = (rules?.Policies ?? []).Select(static p => p.PeriodSeconds).DefaultIfEmpty().Max();
        log.RemoveAll(e => e.At < now.AddSeconds(-longest));
        log.Add(new(Math.Abs(to - from), now));
    }

    /// <summary>By how many pods it grew (or shrank) in the last seconds.</summary>
    public int Added(int seconds, DateTimeOffset now) => added.Where(e => e.At > now.AddSeconds(-seconds)).Sum(static e => e.Value);
    public int Removed(int seconds, DateTimeOffset now) => removed.Where(e => e.At > now.AddSeconds(-seconds)).Sum(static e => e.Value);
}
