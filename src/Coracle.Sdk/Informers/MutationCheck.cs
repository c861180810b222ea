using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>Finds out who changes cached objects, by keeping what each was when it came: for tests, as it costs as much again as the cache.</summary>
internal sealed class MutationCheck<T>(ObjectCodec<T> codec) where T : class, IKubernetesObject
{
    private readonly Dictionary<Key, byte[]> originals = [];

    public void Came(T obj) => originals[Key.Of(obj)] = codec.ToBytes(obj);
    public void Went(Key key) => originals.Remove(key);

    /// <summary>What was done to an object, or null.</summary>
    public string? Find(Key key, T cached)
    {
        if (!originals.TryGetValue(key, out var original)) return null;
        var now = codec.ToBytes(cached);
        return now.AsSpan().SequenceEqual(original)
            ? null
            : $"a cached {cached.Kind} was changed, {key}: it was {System.Text.Encoding.UTF8.GetString(original)} and is {System.Text.Encoding.UTF8.GetString(now)}";
    }
}
