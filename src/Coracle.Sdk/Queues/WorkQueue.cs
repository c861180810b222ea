namespace Coracle.Sdk;

/// <summary>
/// Items to be worked on, each at most once at a time and once in the queue. An item added while it is worked on is worked on again afterwards, so that
/// no change is missed. Holds items alone, so its size is bounded by how many there are. Methods may be called from any thread.
/// </summary>
public sealed class WorkQueue<T> : IDisposable where T : notnull
{
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly ReadyItems<T> ready;
    private readonly RetryPace<T> pace;
    private readonly DelayedItems<T> delayed;
    private readonly QueueMetrics metrics;
    private readonly ITimer timer;
    private readonly IDisposable collecting;

    // Being worked on: when the work began, and at what priority to go again (null: not again).
    private readonly Dictionary<T, Work> processing = [];
    private readonly LinkedList<TaskCompletionSource<WorkItem<T>?>> takers = [];
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool closed;

    private record struct Work(long Since, int? Again, long AgainSince);

    /// <summary>An empty queue.</summary>
    public WorkQueue(WorkQueueOptions options, TimeProvider time, MetricRegistry? registry = null)
    {
        this.time = time;
        ready = new(Math.Max(options.OldestEvery, 1));
        pace = new(options, time);
        delayed = new(time);
        metrics = new(registry ?? new(), options.Name);
        collecting = (registry ?? new()).OnCollect(MeasureWork);
        timer = time.CreateTimer(static state => ((WorkQueue<T>)state!).Release(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Items that wait to be taken; those with a delay still to go are not among them.</summary>
    public int Depth
    {
        get { lock (gate) return ready.Count; }
    }

    /// <summary>Items with a delay still to go.</summary>
    public int Delayed
    {
        get { lock (gate) return delayed.Count; }
    }

    /// <summary>Items that were taken and are not done.</summary>
    public int Processing
    {
        get { lock (gate) return processing.Count; }
    }

    /// <summary>Adds an item; one that is there already is at most raised in priority.</summary>
    public void Add(T item, int priority = Priority.Normal)
    {
        lock (gate) AddLocked(item, priority);
    }

    /// <summary>Adds an item later. Of several delays the shortest counts, and an item that is ready stays so.</summary>
    public void AddAfter(T item, TimeSpan delay, int priority = Priority.Normal)
    {
        lock (gate)
        {
            if (delay <= TimeSpan.Zero) AddLocked(item, priority);
            else DelayLocked(item, delay, priority);
        }
    }

    /// <summary>Adds an item after the wait that its failures so far make, one failure more now.</summary>
    public void AddRateLimited(T item, int priority = Priority.Normal)
    {
        lock (gate)
        {
            metrics.Retries.Add();
            DelayLocked(item, pace.Next(item), priority);
        }
    }

    /// <summary>The item's failures are forgotten: it succeeded.</summary>
    public void Forget(T item)
    {
        lock (gate) pace.Forget(item);
    }

    /// <summary>How often the item failed since it was last forgotten.</summary>
    public int Failures(T item)
    {
        lock (gate) return pace.Failures(item);
    }

    /// <summary>The next item, which is the caller's until <see cref="Done"/>; null when the queue is shut down and empty.</summary>
    public ValueTask<WorkItem<T>?> TakeAsync(CancellationToken cancel = default)
    {
        lock (gate)
        {
            if (TakeLocked() is { } item) return new(item);
            if (closed) return new((WorkItem<T>?)null);
            var taker = new TaskCompletionSource<WorkItem<T>?>(TaskCreationOptions.RunContinuationsAsynchronously);
            takers.AddLast(taker);
            return cancel.CanBeCanceled ? WaitAsync(taker, cancel) : new(taker.Task);
        }
    }

    private async ValueTask<WorkItem<T>?> WaitAsync(TaskCompletionSource<WorkItem<T>?> taker, CancellationToken cancel)
    {
        using var registration = cancel.Register(() =>
        {
            lock (gate) takers.Remove(taker);
            taker.TrySetCanceled(cancel);
        });
        return await taker.Task;
    }

    /// <summary>The work on an item is done. If it was added in the meantime it is now ready again.</summary>
    public void Done(T item)
    {
        lock (gate)
        {
            if (!processing.Remove(item, out var work)) return;
            metrics.Worked(time.GetElapsedTime(work.Since));
            if (work.Again is { } priority && (!closed || draining)) Enqueue(item, priority, work.AgainSince);
            if (closed && ready.Count == 0 && processing.Count == 0) drained.TrySetResult();
        }
    }

    private bool draining;

    /// <summary>
    /// Takes no more items. With <paramref name="drain"/> those that are ready are still handed out, else they are dropped. Completes when all that
    /// were taken are done.
    /// </summary>
    public Task ShutDownAsync(bool drain = false)
    {
        lock (gate)
        {
            closed = true;
            draining = drain;
            delayed.Clear();
            Arm();
            if (!drain) ready.Clear();
            if (ready.Count == 0)
            {
                foreach (var taker in takers) taker.TrySetResult(null);
                takers.Clear();
                if (processing.Count == 0) drained.TrySetResult();
            }
            metrics.Depth.Set(ready.Count);
            return drained.Task;
        }
    }

    private void MeasureWork()
    {
        lock (gate)
        {
            var seconds = processing.Values.Select(work => time.GetElapsedTime(work.Since).TotalSeconds).ToList();
            metrics.Unfinished.Set(seconds.Sum());
            metrics.Longest.Set(seconds.DefaultIfEmpty().Max());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        timer.Dispose();
        collecting.Dispose();
    }

    private void AddLocked(T item, int priority)
    {
        if (closed) return;
        delayed.Remove(item);
        if (processing.TryGetValue(item, out var work))
        {
            processing[item] = work with { Again = Math.Max(work.Again ?? int.MinValue, priority), AgainSince = work.Again is null ? time.GetTimestamp() : work.AgainSince };
            return;
        }
        Enqueue(item, priority, time.GetTimestamp());
    }

    private void DelayLocked(T item, TimeSpan delay, int priority)
    {
        if (closed) return;
        if (delay <= TimeSpan.Zero)
        {
            AddLocked(item, priority);
            return;
        }
        if (ready.Contains(item) || (processing.TryGetValue(item, out var work) && work.Again is not null)) return;
        delayed.Add(item, delay, priority);
        Arm();
    }

    private void Enqueue(T item, int priority, long since)
    {
        if (ready.Add(item, priority, since)) metrics.Adds.Add();
        while (takers.First is { } taker && ready.Count > 0)
        {
            takers.RemoveFirst();
            var next = TakeLocked()!;
            if (!taker.Value.TrySetResult(next)) Return(next.Value);
        }
        metrics.Depth.Set(ready.Count);
    }

    // The taker gave up at the very moment at which it was served.
    private void Return(WorkItem<T> item)
    {
        processing.Remove(item.Item);
        ready.Add(item.Item, item.Priority, time.GetTimestamp());
    }

    private WorkItem<T>? TakeLocked()
    {
        if (!ready.TryTake(out var item, out var priority, out var since)) return null;
        var now = time.GetTimestamp();
        processing[item] = new(now, null, 0);
        metrics.Taken(time.GetElapsedTime(since, now), ready.Count);
        if (closed && ready.Count == 0)
        {
            foreach (var taker in takers) taker.TrySetResult(null);
            takers.Clear();
        }
        return new(item, priority);
    }

    private void Release()
    {
        lock (gate)
        {
            while (delayed.TryTakeDue(out var item, out var priority)) AddLocked(item, priority);
            Arm();
        }
    }

    private void Arm() => timer.Change(delayed.UntilNext() ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}

/// <summary>An item taken from a queue, and the priority it had there.</summary>
public readonly record struct WorkItem<T>(T Item, int Priority) where T : notnull;
