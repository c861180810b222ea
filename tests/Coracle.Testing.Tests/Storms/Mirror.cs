using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Testing.Tests.Storms;

/// <summary>What the deltas of an informer add up to; a delta that does not fit what came before fails.</summary>
internal sealed class Mirror(Informer informer, Func<ObjectMeta, bool> holds, Func<IEnumerable<ObjectMeta>> cached)
{
    private readonly Dictionary<Key, ObjectMeta> _objects = [];

    public Func<ObjectMeta, bool> Holds => holds;
    public Func<IEnumerable<ObjectMeta>> Cached => cached;
    public IEnumerable<ObjectMeta> Replayed => _objects.Values;
    public int Told { get; private set; }

    /// <summary>The cache has come to this version, as its watch or a list told.</summary>
    public bool Shows(string version) => informer.HasSynced && ulong.Parse(informer.ResourceVersion, System.Globalization.CultureInfo.InvariantCulture) >= ulong.Parse(version, System.Globalization.CultureInfo.InvariantCulture);

    public void Apply(DeltaType type, ObjectMeta? old, ObjectMeta? current)
    {
        Told++;
        var meta = (current ?? old)!;
        var key = new Key(meta.Namespace, meta.Name);
        var known = _objects.GetValueOrDefault(key);
        // An informer swallows what its handlers throw: what does not fit is kept, and fails the comparison.
        var fits = type == DeltaType.Added ? known is null : known is not null && known.Uid == meta.Uid;
        if (!fits) meta = new() { Namespace = key.Namespace, Name = $"{key.Name} {type} that does not fit" };
        if (fits && type == DeltaType.Deleted) _objects.Remove(key);
        else _objects[new Key(meta.Namespace, meta.Name)] = meta;
    }

    public static string Lines(IEnumerable<ObjectMeta> objects) => string.Join('\n', objects.Select(m => $"{m.Namespace}/{m.Name} {m.Uid} {m.ResourceVersion}").Order(StringComparer.Ordinal));
}
