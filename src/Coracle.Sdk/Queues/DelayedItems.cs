namespace Coracle.Sdk;

/// <summary>Items by the time at which they become ready. Each is in here once, at the earliest time asked for. Not safe for threads.</summary>
internal sealed class DelayedItems<T>(TimeProvider time) where T : notnull
{
    private readonly PriorityQueue<Entry, (DateTimeOffset Due, long Order)> byDue = new();
    private readonly Dictionary<T, Entry> entries = [];
    private long order;

    // One that was moved or removed stays behind in the heap, as a husk that is skipped.
    private sealed record Entry(T Item, int Priority, DateTimeOffset Due);

    public int Count => entries.Count;

    public void Add(T item, TimeSpan delay, int priority)
    {
        var due = time.GetUtcNow() + delay;
        if (entries.TryGetValue(item, out var old))
        {
            if (old.Due <= due && old.Priority >= priority) return;
            due = old.Due < due ? old.Due : due;
            priority = Math.Max(priority, old.Priority);
        }
        var entry = new Entry(item, priority, due);
        entries[item] = entry;
        byDue.Enqueue(entry, (due, order++));
        if (byDue.Count > 64 && byDue.Count > 2 * entries.Count) Compact();
    }

    public void Remove(T item) => entries.Remove(item);

    public void Clear()
    {
        entries.Clear();
        byDue.Clear();
    }

    public bool TryTakeDue(out T item, out int priority)
    {
        (item, priority) = (default!, 0);
        if (UntilNext() is not { } wait || wait > TimeSpan.Zero) return false;
        var entry = byDue.Dequeue();
        entries.Remove(entry.Item);
        (item, priority) = (entry.Item, entry.Priority);
        return true;
    }

    /// <summary>The time until the next is ready, zero when it is; null when there is none.</summary>
    public TimeSpan? UntilNext()
    {
        while (byDue.TryPeek(out var head, out _))
        {
            if (ReferenceEquals(entries.GetValueOrDefault(head.Item), head))
            {
                var wait = head.Due - time.GetUtcNow();
                return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
            }
            byDue.Dequeue();
        }
        return null;
    }

    private void Compact()
    {
        byDue.Clear();
        foreach (var entry in entries.Values) byDue.Enqueue(entry, (entry.Due, order++));
    }
}
