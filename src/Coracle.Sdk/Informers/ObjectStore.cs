using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>The objects of a cache and their indexes. Every method takes the lock for itself.</summary>
internal sealed class ObjectStore<T> where T : class, IKubernetesObject
{
    private readonly Lock gate = new();
    private readonly Dictionary<Key, T> objects = [];
    private readonly Dictionary<string, ObjectIndex<T>> indexes = new(StringComparer.Ordinal);
    private readonly ObjectIndex<T> byNamespace;
    private readonly ObjectIndex<T> byOwner;

    public ObjectStore()
    {
        byNamespace = new(gate, static obj => [obj.Metadata.Namespace]);
        byOwner = new(gate, static obj => obj.Metadata.OwnerReferences is { } owners ? owners.Select(o => o.Uid).Distinct() : []);
    }

    public int Count
    {
        get { lock (gate) return objects.Count; }
    }

    public T? Get(Key key)
    {
        lock (gate) return objects.GetValueOrDefault(key);
    }

    public IReadOnlyList<T> All()
    {
        lock (gate) return [.. objects.Values];
    }

    public IReadOnlyList<T> InNamespace(string ns) => byNamespace.Get(ns);
    public IReadOnlyList<T> OwnedBy(string uid) => byOwner.Get(uid);

    public ObjectIndex<T> Index(string name, Func<T, IEnumerable<string>> values)
    {
        lock (gate)
        {
            if (indexes.TryGetValue(name, out var known)) return known;
            var index = new ObjectIndex<T>(gate, values);
            foreach (var obj in objects.Values) index.Replace(null, obj);
            indexes[name] = index;
            return index;
        }
    }

    public void Set(T obj)
    {
        lock (gate)
        {
            var key = Key.Of(obj);
            var old = objects.GetValueOrDefault(key);
            objects[key] = obj;
            Reindex(old, obj);
        }
    }

    public void Remove(Key key)
    {
        lock (gate)
            if (objects.Remove(key, out var old)) Reindex(old, null);
    }

    private void Reindex(T? old, T? current)
    {
        byNamespace.Replace(old, current);
        byOwner.Replace(old, current);
        foreach (var index in indexes.Values) index.Replace(old, current);
    }
}
