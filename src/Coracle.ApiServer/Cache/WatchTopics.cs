using System.Runtime.InteropServices;

namespace Coracle.ApiServer;

/// <summary>
/// Watches that ask for one value of a field, such as each node's for its pods: a change is handed to those alone whose value the object has or had, so that
/// thousands of them do not each look at every change. Called by the store's writer, and under the history's lock.
/// </summary>
internal sealed class WatchTopics
{
    private readonly Dictionary<string, Topic> _topics = new(StringComparer.Ordinal);
    private readonly List<WatchQueue> _told = [];

    private sealed record Topic(Func<StoredObject, string> ValueOf, Dictionary<string, List<WatchQueue>> Queues);

    public void Add(WatchQueue queue)
    {
        ref var topic = ref CollectionsMarshal.GetValueRefOrAddDefault(_topics, queue.About.Field, out _);
        topic ??= new(queue.About.ValueOf, new(StringComparer.Ordinal));
        ref var queues = ref CollectionsMarshal.GetValueRefOrAddDefault(topic.Queues, queue.About.Value, out _);
        (queues ??= []).Add(queue);
    }

    public void Remove(WatchQueue queue)
    {
        if (!_topics.TryGetValue(queue.About.Field, out var topic) || !topic.Queues.TryGetValue(queue.About.Value, out var queues)) return;
        queues.Remove(queue);
        if (queues.Count > 0) return;
        topic.Queues.Remove(queue.About.Value);
        if (topic.Queues.Count == 0) _topics.Remove(queue.About.Field);
    }

    public void Tell(ResourceEvent change)
    {
        foreach (var topic in _topics.Values)
        {
            var now = change.Current is { } current ? topic.ValueOf(current) : null;
            var before = change.Previous is { } previous ? topic.ValueOf(previous) : null;
            if (now is not null) Tell(topic, now, change);
            if (before is not null && before != now) Tell(topic, before, change);
        }
    }

    private void Tell(Topic topic, string value, ResourceEvent change)
    {
        if (!topic.Queues.TryGetValue(value, out var queues)) return;
        foreach (var queue in queues)
        {
            queue.Add(change);
            _told.Add(queue);
        }
    }

    /// <summary>Those that were told since the last time.</summary>
    public void TakeTold(List<WatchQueue> told)
    {
        told.AddRange(_told);
        _told.Clear();
    }
}

/// <summary>The field and value that a watch asks for. <paramref name="ValueOf"/> finds the field's value in any object of the resource.</summary>
internal sealed record WatchTopic(string Field, string Value, Func<StoredObject, string> ValueOf);

/// <summary>The changes that one watch is about and has not taken yet. As long as the history at most: a watch that falls behind further must begin anew.</summary>
internal sealed class WatchQueue(WatchTopic about)
{
    private readonly Lock _lock = new();
    private readonly Queue<ResourceEvent> _events = new();
    private WatchWaiter? _waiter;
    private bool _overflown;

    public WatchTopic About => about;

    /// <summary>Changes were dropped.</summary>
    public bool IsOverflown
    {
        get { lock (_lock) return _overflown; }
    }

    public bool IsEmpty
    {
        get { lock (_lock) return _events.Count == 0 && !_overflown; }
    }

    public void Add(ResourceEvent change)
    {
        lock (_lock)
        {
            if (_overflown) return;
            _events.Enqueue(change);
            if (_events.Count <= ResourceCache.HistoryMax) return;
            _overflown = true;
            _events.Clear();
        }
    }

    public ResourceEvent? Take()
    {
        lock (_lock) return _events.TryDequeue(out var next) ? next : null;
    }

    /// <summary>Wakes a waiter with the next change, or at once where there is one.</summary>
    public void Await(WatchWaiter waiter)
    {
        lock (_lock)
        {
            _waiter = waiter;
            if (_events.Count == 0 && !_overflown) return;
        }
        Wake();
    }

    public void Wake()
    {
        WatchWaiter? waiter;
        lock (_lock) (waiter, _waiter) = (_waiter, null);
        waiter?.Wake();
    }
}
