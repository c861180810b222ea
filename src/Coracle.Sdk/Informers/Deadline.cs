namespace Coracle.Sdk;

/// <summary>Cancels a wait that takes too long, by the injected clock. Armed only while something is waited for.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource source;
    private readonly ITimer timer;

    public Deadline(TimeProvider time, CancellationToken cancel)
    {
        source = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timer = time.CreateTimer(static state => ((Deadline)state!).source.Cancel(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token => source.Token;
    public void Arm(TimeSpan limit) => timer.Change(limit, Timeout.InfiniteTimeSpan);
    public void Disarm() => timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        timer.Dispose();
        // A timer that fires just now may still cancel: the source is left to the collector rather than disposed under it.
    }
}
