using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>Cached objects by a value (or several) computed from each. Made by <see cref="Informer{T}.Index"/>.</summary>
public sealed class ObjectIndex<T> where T : class, IKubernetesObject
{
    private readonly Lock gate;
    private readonly Func<T, IEnumerable<string>> values;
    private readonly Dictionary<string, Dictionary<Key, T>> buckets = new(StringComparer.Ordinal);

    internal ObjectIndex(Lock gate, Func<T, IEnumerable<string>> values) => (this.gate, this.values) = (gate, values);

    /// <summary>The objects that have this value. They are shared: read only.</summary>
    public IReadOnlyList<T> Get(string value)
    {
        lock (gate) return buckets.TryGetValue(value, out var bucket) ? [.. bucket.Values] : [];
    }

    internal void Replace(T? old, T? current)
    {
        if (old is not null)
            foreach (var value in values(old)) Remove(value, Key.Of(old));
        if (current is null) return;
        foreach (var value in values(current))
        {
            if (!buckets.TryGetValue(value, out var bucket)) buckets[value] = bucket = [];
            bucket[Key.Of(current)] = current;
        }
    }

    private void Remove(string value, Key key)
    {
        if (!buckets.TryGetValue(value, out var bucket)) return;
        bucket.Remove(key);
        if (bucket.Count == 0) buckets.Remove(value);
    }
}
