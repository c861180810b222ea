using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Jobs;

/// <summary>How many pods failed since the last one that succeeded, and when the last of them did (upstream: backoff_utils.go).</summary>
public readonly record struct PodBackoff(int Failures, DateTimeOffset LastFailure)
{
    public static TimeSpan First { get; } = TimeSpan.FromSeconds(10);
    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(10);

    /// <summary>The record once these pods ended as well.</summary>
    public PodBackoff After(IReadOnlyCollection<Pod> succeeded, IReadOnlyCollection<Pod> failed)
    {
        if (succeeded.Count == 0 && failed.Count == 0) return this;
        var ends = failed.Select(JobPods.EndedAt);
        if (succeeded.Count == 0) return new(Failures + failed.Count, ends.Max());
        var lastSuccess = succeeded.Max(JobPods.EndedAt);
        var since = ends.Where(end => end > lastSuccess).ToList();
        return since.Count == 0 ? default : new(since.Count, since.Max());
    }

    /// <summary>How long until a new pod may be made: 10 s after the first failure, twice as long after each further one, 10 minutes at most.</summary>
    public TimeSpan Remaining(DateTimeOffset now) => Remaining(Failures, LastFailure, now);

    /// <summary>As <see cref="Remaining(DateTimeOffset)"/>, within the index of a failed pod.</summary>
    public static TimeSpan RemainingInIndex(Pod? lastFailed, DateTimeOffset now) =>
        lastFailed is null ? TimeSpan.Zero : Remaining(JobPods.EarlierFailures(lastFailed) + JobPods.EarlierIgnoredFailures(lastFailed) + 1, JobPods.EndedAt(lastFailed), now);

    private static TimeSpan Remaining(int failures, DateTimeOffset lastFailure, DateTimeOffset now)
    {
        if (failures == 0) return TimeSpan.Zero;
        const int doublingsMax = 6; // by then it is the longest
        var wait = First * (1 << Math.Min(failures - 1, doublingsMax));
        if (wait > Longest) wait = Longest;
        var left = wait - (now - lastFailure);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
