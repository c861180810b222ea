namespace Coracle.Sdk;

/// <summary>
/// Wakes the one who waits, or the next who does: set any number of times, it wakes once. Waiting leaves nothing behind, so a loop may wait on it for years; and it stays in its
/// synchronization context, as a <see cref="SimulationLoop"/> needs.
/// </summary>
public sealed class Signal
{
    private readonly Lock gate = new();
    private TaskCompletionSource<bool>? waiter;
    private bool set;

    /// <summary>Wakes the one who waits, or the next who does.</summary>
    public void Set()
    {
        lock (gate)
        {
            // A waiter whose limit has just passed is not woken by this: the next wait is.
            var woken = waiter?.TrySetResult(true) ?? false;
            waiter = null;
            set |= !woken;
        }
    }

    /// <summary>True when set, false when the limit passed before; throws OperationCanceledException when cancelled. One may wait at a time.</summary>
    public async Task<bool> WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        TaskCompletionSource<bool> source;
        lock (gate)
        {
            var already = set;
            set = false;
            if (already) return true;
            if (waiter is not null) throw new InvalidOperationException("another is waiting already");
            waiter = source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        using var timer = time.CreateTimer(static state => ((TaskCompletionSource<bool>)state!).TrySetResult(false), source, limit, Timeout.InfiniteTimeSpan);
        using var cancelled = cancel.Register(() => source.TrySetCanceled(cancel));
        try
        {
            return await source.Task;
        }
        finally
        {
            lock (gate)
                if (ReferenceEquals(waiter, source)) waiter = null;
        }
    }
}
