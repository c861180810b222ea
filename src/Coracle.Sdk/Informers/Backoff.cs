namespace Coracle.Sdk;

/// <summary>How long to wait after a failure: doubling, with jitter, and from the start again after a quiet time.</summary>
internal sealed class Backoff(InformerOptions options, TimeProvider time, LockedRandom random)
{
    private int failures;
    private long lastFailure;

    public TimeSpan Next()
    {
        if (failures > 0 && time.GetElapsedTime(lastFailure) > options.BackoffReset) failures = 0;
        lastFailure = time.GetTimestamp();
        var wait = options.BackoffInitial * Math.Pow(2, Math.Min(failures++, 20));
        return random.Jitter(wait < options.BackoffMax ? wait : options.BackoffMax, 1);
    }
}
