using System.Diagnostics.CodeAnalysis;

namespace Coracle.ApiServer.Access;

/// <summary>
/// Remembers values for a while, at most so many. Two generations: when the younger is full or old enough it becomes the elder, and the elder goes, so that
/// an entry lives between one and two lifetimes when it is not used, and nothing is ever searched for victims.
/// </summary>
internal sealed class BoundedCache<TKey, TValue>(int capacity, TimeSpan lifetime, TimeProvider clock) where TKey : notnull
{
    private readonly Lock _lock = new();
    private Dictionary<TKey, TValue> _young = [];
    private Dictionary<TKey, TValue> _old = [];
    private long _born = clock.GetTimestamp();

    public int Count
    {
        get
        {
            lock (_lock)
                return _young.Count + _old.Count;
        }
    }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
        {
            Age();
            return _young.TryGetValue(key, out value) || _old.TryGetValue(key, out value);
        }
    }

    public void Set(TKey key, TValue value)
    {
        lock (_lock)
        {
            Age();
            if (_young.Count >= (capacity + 1) / 2)
                Turn();
            _young[key] = value;
        }
    }

    private void Age()
    {
        var elapsed = clock.GetElapsedTime(_born);
        if (elapsed < lifetime)
            return;
        Turn();
        if (elapsed >= lifetime + lifetime)
            _old = [];
    }

    private void Turn()
    {
        (_old, _young) = (_young, []);
        _born = clock.GetTimestamp();
    }
}
