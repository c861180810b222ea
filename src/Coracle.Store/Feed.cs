namespace Coracle.Store;

/// <summary>Who is told of committed batches.</summary>
internal sealed class Feed
{
    private readonly Lock _gate = new();
    private volatile Action<ReadOnlyMemory<Change>>[] _subscribers = [];

    public IDisposable Subscribe(Action<ReadOnlyMemory<Change>> onCommitted)
    {
        ArgumentNullException.ThrowIfNull(onCommitted);
        lock (_gate)
            _subscribers = [.. _subscribers, onCommitted];
        return new Subscription(this, onCommitted);
    }

    public void Publish(ReadOnlyMemory<Change> batch)
    {
        foreach (var subscriber in _subscribers)
            subscriber(batch);
    }

    private void Remove(Action<ReadOnlyMemory<Change>> onCommitted)
    {
        lock (_gate)
        {
            var left = _subscribers.ToList();
            left.Remove(onCommitted);
            _subscribers = [.. left];
        }
    }

    private sealed class Subscription(Feed feed, Action<ReadOnlyMemory<Change>> onCommitted) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
                feed.Remove(onCommitted);
        }
    }
}
