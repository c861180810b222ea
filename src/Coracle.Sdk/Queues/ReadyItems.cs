namespace Coracle.Sdk;

/// <summary>The items that may be taken: the highest priority first, in order of arrival, but for every so-manieth take, which gives the oldest of all. Not safe for threads.</summary>
internal sealed class ReadyItems<T>(int oldestEvery) where T : notnull
{
    private readonly Dictionary<T, Entry> entries = [];
    private readonly SortedDictionary<int, Queue<Entry>> levels = new(Comparer<int>.Create(static (a, b) => b.CompareTo(a)));
    private long arrivals;
    private int takes;

    // An entry that was raised to a higher priority stays behind in its old queue, as a husk that is skipped.
    private sealed record Entry(T Item, int Priority, long Arrival, long Since);

    public int Count => entries.Count;

    public bool Contains(T item) => entries.ContainsKey(item);

    /// <summary>Adds an item, or raises it. True when it was not there.</summary>
    public bool Add(T item, int priority, long now)
    {
        var known = entries.TryGetValue(item, out var old);
        if (known && old!.Priority >= priority) return false;
        var entry = new Entry(item, priority, arrivals++, known ? old!.Since : now);
        entries[item] = entry;
        if (!levels.TryGetValue(priority, out var level)) levels[priority] = level = new();
        level.Enqueue(entry);
        return !known;
    }

    public void Clear()
    {
        entries.Clear();
        levels.Clear();
    }

    public bool TryTake(out T item, out int priority, out long since)
    {
        (item, priority, since) = (default!, 0, 0);
        var entry = Head();
        if (entry is null) return false;
        levels[entry.Priority].Dequeue();
        entries.Remove(entry.Item);
        (item, priority, since) = (entry.Item, entry.Priority, entry.Since);
        return true;
    }

    private Entry? Head()
    {
        Prune();
        var wantOldest = ++takes % oldestEvery == 0;
        Entry? best = null;
        foreach (var level in levels.Values)
        {
            var head = level.Peek();
            if (best is null || head.Arrival < best.Arrival) best = head;
            if (!wantOldest) break;
        }
        return best;
    }

    private void Prune()
    {
        List<int>? empty = null;
        foreach (var (priority, level) in levels)
        {
            while (level.TryPeek(out var head) && !ReferenceEquals(entries.GetValueOrDefault(head.Item), head)) level.Dequeue();
            if (level.Count == 0) (empty ??= []).Add(priority);
        }
        if (empty is null) return;
        foreach (var priority in empty) levels.Remove(priority);
    }
}
