namespace Coracle.Sdk;

/// <summary>How a work queue paces its items.</summary>
public sealed record WorkQueueOptions
{
    /// <summary>The queue's name in metrics.</summary>
    public string Name { get; init; } = "";

    /// <summary>The wait after an item's first failure; doubled with each, up to <see cref="BackoffMax"/> (client-go, DefaultTypedControllerRateLimiter).</summary>
    public TimeSpan BackoffInitial { get; init; } = TimeSpan.FromMilliseconds(5);
    /// <summary>The longest wait after failures of one item.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(1000);

    /// <summary>Retries per second over all items once <see cref="RetryBurst"/> are spent; 0 for no such limit.</summary>
    public double RetriesPerSecond { get; init; } = 10;
    /// <summary>So many retries may come at once.</summary>
    public int RetryBurst { get; init; } = 100;

    /// <summary>One of so many takes gives the item that waits longest, whatever its priority: so low priorities are served too.</summary>
    public int OldestEvery { get; init; } = 8;
}

/// <summary>Priorities that the SDK gives; any number will do.</summary>
public static class Priority
{
    /// <summary>Items of a first list or a resync: behind what happens now.</summary>
    public const int Low = -100;
    /// <summary>Where nothing else is said.</summary>
    public const int Normal = 0;
}
