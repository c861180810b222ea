namespace Coracle.Sdk;

/// <summary>
/// Runs asynchronous code on one thread, with virtual time, in an order that a seed decides: a run can be repeated, and many seeds try many
/// orders. What runs in it must not leave it (no Task.Run, no ConfigureAwait(false), no real timers).
/// </summary>
public sealed class SimulationLoop : SynchronizationContext
{
    private readonly List<(SendOrPostCallback Callback, object? State)> ready = [];
    private readonly int thread = Environment.CurrentManagedThreadId;

    /// <summary>A loop of its own on the thread that makes it.</summary>
    public SimulationLoop(int seed, DateTimeOffset? start = null)
    {
        Random = new(seed);
        Time = new(start);
    }

    /// <summary>Decides which of several continuations runs next; simulated faults may draw from it too.</summary>
    public Random Random { get; }
    /// <summary>The loop's time.</summary>
    public VirtualTime Time { get; }

    /// <summary>
    /// Takes what other threads post, to bring it to the loop's thread. Null, as in a run that must repeat exactly: that something left the thread is the error.
    /// </summary>
    public Action<SendOrPostCallback, object?>? FromElsewhere { get; init; }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId == thread) ready.Add((d, state));
        else if (FromElsewhere is { } take) take(d, state);
        else throw new InvalidOperationException("something left the simulation's thread");
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) => d(state);
    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Starts something in the loop. It runs up to its first wait, and on with the Run methods.</summary>
    public Task Start(Func<Task> run)
    {
        var task = Task.CompletedTask;
        Inside(() => task = run());
        return task;
    }

    /// <summary>Runs what can run without time passing.</summary>
    public void RunReady() => Inside(Drain);

    /// <summary>Runs for so long, virtually.</summary>
    public void RunFor(TimeSpan span) => RunUntil(static () => false, span);

    /// <summary>Runs until the condition holds, looked at whenever nothing can run without time passing. False when it did not hold within the limit.</summary>
    public bool RunUntil(Func<bool> holds, TimeSpan limit)
    {
        var held = false;
        Inside(() =>
        {
            var end = Time.GetTimestamp() + limit.Ticks;
            while (true)
            {
                Drain();
                if (held = holds()) return;
                var left = end - Time.GetTimestamp();
                if (left <= 0) return;
                Time.AdvanceToNextTimer(TimeSpan.FromTicks(left));
            }
        });
        return held;
    }

    /// <summary>Runs something to its end and gives its result; throws what it throws, and TimeoutException when it does not end within the limit.</summary>
    public T Run<T>(Func<Task<T>> run, TimeSpan? limit = null)
    {
        Task<T>? task = null;
        Inside(() => task = run());
        if (!RunUntil(() => task!.IsCompleted, limit ?? TimeSpan.FromHours(1))) throw new TimeoutException("the simulation came to no end");
        return task!.GetAwaiter().GetResult();
    }

    /// <summary>Runs something to its end; throws what it throws, and TimeoutException when it does not end within the limit.</summary>
    public void Run(Func<Task> run, TimeSpan? limit = null) => Run(async () =>
    {
        await run();
        return true;
    }, limit);

    private void Drain()
    {
        while (ready.Count > 0)
        {
            var at = Random.Next(ready.Count);
            var (callback, state) = ready[at];
            ready[at] = ready[^1];
            ready.RemoveAt(ready.Count - 1);
            callback(state);
        }
    }

    /// <summary>Does something as part of the simulation.</summary>
    public void Inside(Action action)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }
}
