namespace Coracle.Sdk;

/// <summary>A clock that stands still until told to move: hours pass in a moment, and every run is the same. Timers fire in the order of their time.</summary>
public sealed class VirtualTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<Alarm, (long Due, long Order)> alarms = new();
    private DateTimeOffset origin;
    private long elapsed;
    private long order;

    /// <summary>A clock that stands at a moment.</summary>
    public VirtualTime(DateTimeOffset? start = null) => origin = start ?? new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return origin + TimeSpan.FromTicks(elapsed);
    }

    /// <summary>The clock shows another time from now on, as after a correction, forwards or backwards; timers take no notice, and what passed is measured as before.</summary>
    public void Jump(TimeSpan by)
    {
        lock (gate) origin += by;
    }

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (gate) return elapsed;
    }

    /// <summary>How long until the next timer fires; null when none is set.</summary>
    public TimeSpan? UntilNextTimer
    {
        get
        {
            lock (gate)
            {
                Prune();
                return alarms.TryPeek(out _, out var at) ? TimeSpan.FromTicks(Math.Max(0, at.Due - elapsed)) : null;
            }
        }
    }

    /// <summary>Moves on to the next timer, but by no more than this, and fires it. False when there was none.</summary>
    public bool AdvanceToNextTimer(TimeSpan atMost)
    {
        Timer? due = null;
        lock (gate)
        {
            Prune();
            var limit = elapsed + atMost.Ticks;
            if (alarms.TryPeek(out var alarm, out var at) && at.Due <= limit)
            {
                alarms.Dequeue();
                elapsed = Math.Max(elapsed, at.Due);
                due = alarm.Timer;
                Again(due);
            }
            else
            {
                elapsed = limit;
            }
        }
        due?.Fire();
        return due is not null;
    }

    /// <summary>Moves on by this, firing what is due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        var until = GetTimestamp() + by.Ticks;
        while (AdvanceToNextTimer(TimeSpan.FromTicks(until - GetTimestamp()))) { }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    // What a timer was set to before stays behind in the heap, as a husk that is skipped.
    private void Prune()
    {
        while (alarms.TryPeek(out var alarm, out _) && alarm.Timer.Setting != alarm.Setting) alarms.Dequeue();
    }

    private void Again(Timer timer)
    {
        timer.Setting++;
        if (timer.Period > TimeSpan.Zero) alarms.Enqueue(new(timer, timer.Setting), (elapsed + timer.Period.Ticks, order++));
    }

    private readonly record struct Alarm(Timer Timer, long Setting);

    private sealed class Timer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        public long Setting;
        public TimeSpan Period;
        private bool disposed;

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                if (disposed) return false;
                Setting++;
                Period = period == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : period;
                if (dueTime != Timeout.InfiniteTimeSpan) time.alarms.Enqueue(new(this, Setting), (time.elapsed + dueTime.Ticks, time.order++));
                return true;
            }
        }

        public void Dispose()
        {
            lock (time.gate)
            {
                disposed = true;
                Setting++;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
