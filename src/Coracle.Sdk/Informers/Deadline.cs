namespace Coracle.Sdk;

/// <summary>Cancels a wait that takes too long, by the injected clock. Armed only while something is waited for.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource source;
    private readonly ITimer timer;
    private bool disposed;

    public Deadline(TimeProvider time, CancellationToken cancel)
    {
        source = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Token = source.Token;
        timer = time.CreateTimer(static state => ((Deadline)state!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token { get; }
    public void Arm(TimeSpan limit) => timer.Change(limit, Timeout.InfiniteTimeSpan);
    public void Disarm() => timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Cancels now.</summary>
    public void Expire()
    {
        lock (gate)
            if (!disposed) source.Cancel();
    }

    public void Dispose()
    {
        timer.Dispose();
        lock (gate) disposed = true;
        source.Dispose();
    }
}
