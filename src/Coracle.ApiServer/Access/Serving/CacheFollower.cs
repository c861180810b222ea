namespace Coracle.ApiServer.Access;

/// <summary>One resource that a <see cref="CacheFollower"/> follows, and what its changes do.</summary>
internal sealed record Followed(ResourceCache Cache, Action<StoredObject> Set, Action<StoredObject> Remove)
{
    // Weak: a follower that nobody asks for a long time must not keep all that has happened since. It starts over then.
    private readonly WeakReference<ResourceEvent> _seen = new(null!);

    public bool IsBehind => !_seen.TryGetTarget(out var seen) || !ReferenceEquals(seen, Cache.Last);

    /// <summary>Takes in the changes since the last time. False when they are no longer known.</summary>
    public bool Advance()
    {
        if (!_seen.TryGetTarget(out var seen))
            return false;
        while (seen.Next is { } next)
        {
            if (next.Current is { } current)
                Set(current);
            else
                Remove(next.Previous!);
            seen = next;
        }
        _seen.SetTarget(seen);
        return true;
    }

    /// <summary>Takes in all that is there.</summary>
    public void Load()
    {
        var start = Cache.Last;
        foreach (var found in start.After.From(""))
            Set(found);
        _seen.SetTarget(start);
    }
}

/// <summary>
/// Keeps something up to date with resources of the watch cache. Pulled, not pushed: whoever asks first after a change takes it in, so that what is written is
/// in force when the write is answered, and nothing runs in the background.
/// </summary>
/// <param name="reset">Makes the thing empty again.</param>
/// <param name="followed">The resources.</param>
internal sealed class CacheFollower(Action reset, IReadOnlyList<Followed> followed)
{
    private readonly Lock _lock = new();

    /// <summary>Whether there is something to take in.</summary>
    public bool IsBehind
    {
        get
        {
            for (var i = 0; i < followed.Count; i++)
                if (followed[i].IsBehind)
                    return true;
            return false;
        }
    }

    public void CatchUp()
    {
        if (!IsBehind)
            return;
        lock (_lock)
        {
            foreach (var one in followed)
                if (!one.Advance())
                {
                    LoadAll();
                    return;
                }
        }
    }

    private void LoadAll()
    {
        reset();
        foreach (var one in followed)
            one.Load();
    }
}
