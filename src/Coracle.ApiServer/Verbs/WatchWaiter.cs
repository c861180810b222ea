using System.Threading.Tasks.Sources;

namespace Coracle.ApiServer;

/// <summary>
/// A watcher's wait for the next change of its resource, used again and again: thousands of watchers wait after every change, so that a wait makes no timer
/// and allocates nothing. One wait at a time.
/// </summary>
internal sealed class WatchWaiter : IValueTaskSource, IDisposable
{
    private readonly TimeProvider _clock;
    private readonly ResourceCache _cache;
    private readonly LinkedListNode<WatchWaiter> _place;
    private ManualResetValueTaskSourceCore<bool> _woken = new() { RunContinuationsAsynchronously = true };
    private ITimer? _timer;
    private DateTimeOffset _timerAt;
    private volatile bool _timerFired;
    private int _waiting;

    public WatchWaiter(TimeProvider clock, ResourceCache cache)
    {
        (_clock, _cache) = (clock, cache);
        _place = new(this);
    }

    /// <summary>Completes with a change after the given one, at a time, or when cancelled: the caller finds out which.</summary>
    public async ValueTask WaitAsync(ResourceEvent seen, DateTimeOffset until, CancellationToken cancel)
    {
        Begin(until);
        _cache.Await(_place);
        // What came before it was in the list will not wake it.
        if (seen.Next is not null) Wake();
        await EndAsync(cancel);
    }

    /// <summary>The same for what a queue is given.</summary>
    public async ValueTask WaitAsync(WatchQueue queue, DateTimeOffset until, CancellationToken cancel)
    {
        Begin(until);
        queue.Await(this);
        await EndAsync(cancel);
    }

    private void Begin(DateTimeOffset until)
    {
        _woken.Reset();
        Volatile.Write(ref _waiting, 1);
        WakeAt(until);
    }

    private async ValueTask EndAsync(CancellationToken cancel)
    {
        using var cancelled = cancel.UnsafeRegister(static state => ((WatchWaiter)state!).Wake(), this);
        await new ValueTask(this, _woken.Version);
    }

    /// <summary>From any thread; what waits goes on where it waited.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _waiting, 0) == 1) _woken.SetResult(true);
    }

    // The time is that of the next bookmark or of the end: it stays the same over many waits.
    private void WakeAt(DateTimeOffset until)
    {
        if (_timer is not null && _timerAt == until && !_timerFired) return;
        (_timerAt, _timerFired) = (until, false);
        // Timers count whole milliseconds: up, or it would fire before its time.
        var wait = TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling((until - _clock.GetUtcNow()).TotalMilliseconds)));
        if (_timer is null) _timer = _clock.CreateTimer(static state => ((WatchWaiter)state!).Fire(), this, wait, Timeout.InfiniteTimeSpan);
        else _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        _timerFired = true;
        Wake();
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _cache.Forget(_place);
    }

    void IValueTaskSource.GetResult(short token) => _woken.GetResult(token);
    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _woken.GetStatus(token);
    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _woken.OnCompleted(continuation, state, token, flags);
}
