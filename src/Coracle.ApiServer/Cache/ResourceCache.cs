namespace Coracle.ApiServer;

/// <summary>All objects of one resource at one revision.</summary>
public readonly record struct ResourceSnapshot(SortedMap<StoredObject> Objects, long Revision);

/// <summary>
/// The objects of one resource and their recent history. Written by the store's writer alone, read by everybody without waiting.
/// </summary>
public sealed class ResourceCache
{
    /// <summary>Events kept for watchers that come back: enough for minutes of a busy cluster.</summary>
    public const int HistoryMax = 8_192;

    private readonly Lock _historyLock = new();
    private readonly Queue<ResourceEvent> _history = new();
    private readonly WatchCache _owner;
    private volatile ResourceEvent _last;
    private readonly Lock _waitersLock = new();
    private readonly LinkedList<WatchWaiter> _waiters = new();
    private readonly WatchTopics _topics = new();
    private readonly List<WatchQueue> _told = [];
    private long _floor;

    internal ResourceCache(WatchCache owner, SortedMap<StoredObject> objects, long revision)
    {
        _owner = owner;
        _last = new ResourceEvent(revision, null, null, objects);
        _floor = revision;
    }

    /// <summary>The newest change, or the state at start: where a watch "from now on" begins.</summary>
    public ResourceEvent Last => _last;

    /// <summary>Watches that start before this revision are too old.</summary>
    public long Floor => Volatile.Read(ref _floor);

    /// <summary>The current objects and the revision as of which they are current: no change up to it is missing, none after it is in.</summary>
    public ResourceSnapshot Current
    {
        get
        {
            // The overall revision is published after all resources have taken a batch, so what is read after it includes all up to it.
            var revision = _owner.Revision;
            var last = _last;
            return new(last.After, Math.Max(revision, last.Revision));
        }
    }

    public StoredObject? Get(string key) => _last.After.Get(key);

    /// <summary>The objects as they were at a revision; null when that is no longer known.</summary>
    public SortedMap<StoredObject>? At(long revision) => revision >= _last.Revision ? _last.After : EventAt(revision)?.After;

    /// <summary>The event after which a watch from this revision goes on; null when it is too old.</summary>
    public ResourceEvent? EventAt(long revision)
    {
        lock (_historyLock)
        {
            if (revision >= _last.Revision) return _last;
            if (revision < _floor) return null;
            ResourceEvent? found = null;
            foreach (var e in _history)
            {
                if (e.Revision > revision) break;
                found = e;
            }
            return found;
        }
    }

    /// <summary>Wakes a watcher with the next change, once.</summary>
    internal void Await(LinkedListNode<WatchWaiter> waiter)
    {
        lock (_waitersLock)
            if (waiter.List is null) _waiters.AddLast(waiter);
    }

    internal void Forget(LinkedListNode<WatchWaiter> waiter)
    {
        lock (_waitersLock)
            if (waiter.List is not null) _waiters.Remove(waiter);
    }

    /// <summary>From now on the queue is given what it is about. Returns the last event that it is not given.</summary>
    internal ResourceEvent Follow(WatchQueue queue)
    {
        lock (_historyLock)
        {
            _topics.Add(queue);
            return _last;
        }
    }

    internal void Unfollow(WatchQueue queue)
    {
        lock (_historyLock) _topics.Remove(queue);
    }

    internal void Apply(ResourceEvent change)
    {
        lock (_historyLock)
        {
            _topics.Tell(change);
            if (_history.Count == 0) _history.Enqueue(_last);
            _history.Enqueue(change);
            _last.Next = change;
            _last = change;
            if (_history.Count <= HistoryMax) return;
            _history.Dequeue();
            Volatile.Write(ref _floor, _history.Peek().Revision);
        }
    }

    internal void Signal()
    {
        lock (_historyLock) _topics.TakeTold(_told);
        foreach (var queue in _told) queue.Wake();
        _told.Clear();
        lock (_waitersLock)
        {
            while (_waiters.First is { } first)
            {
                _waiters.RemoveFirst();
                first.Value.Wake();
            }
        }
    }

    /// <summary>Forgets the history up to a revision, as a compaction does.</summary>
    internal void Compact(long revision)
    {
        lock (_historyLock)
        {
            while (_history.Count > 1 && _history.Peek().Revision < revision) _history.Dequeue();
            if (_history.Count > 0) Volatile.Write(ref _floor, _history.Peek().Revision);
        }
    }
}
