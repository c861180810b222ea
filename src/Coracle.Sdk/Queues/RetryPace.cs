namespace Coracle.Sdk;

/// <summary>How long a failed item waits: by its own failures, and by how many retries there are in all, whichever is longer. Not safe for threads.</summary>
internal sealed class RetryPace<T>(WorkQueueOptions options, TimeProvider time) where T : notnull
{
    private readonly Dictionary<T, int> failures = [];
    private double tokens = options.RetryBurst;
    private long refilled = time.GetTimestamp();

    public TimeSpan Next(T item)
    {
        var failed = failures.GetValueOrDefault(item);
        failures[item] = failed + 1;
        var own = options.BackoffInitial * Math.Pow(2, Math.Min(failed, 40));
        if (own > options.BackoffMax) own = options.BackoffMax;
        var shared = Reserve();
        return own > shared ? own : shared;
    }

    public void Forget(T item) => failures.Remove(item);
    public int Failures(T item) => failures.GetValueOrDefault(item);

    // A token bucket that lends: the debt is the wait.
    private TimeSpan Reserve()
    {
        if (options.RetriesPerSecond <= 0) return TimeSpan.Zero;
        tokens = Math.Min(options.RetryBurst, tokens + time.GetElapsedTime(refilled).TotalSeconds * options.RetriesPerSecond);
        refilled = time.GetTimestamp();
        tokens -= 1;
        return tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-tokens / options.RetriesPerSecond);
    }
}
