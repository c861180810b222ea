using System.Collections.Frozen;
using System.Globalization;
using Coracle.Store;

namespace Coracle.ApiServer;

/// <summary>The whole state in memory, kept up to date by the store's change feed: every read is served from here.</summary>
public sealed class WatchCache : IDisposable
{
    private readonly IDisposable _subscription;
    private readonly Lock _addLock = new();
    private volatile FrozenDictionary<string, ResourceCache> _resources = FrozenDictionary<string, ResourceCache>.Empty;
    private readonly HashSet<ResourceCache> _touched = [];
    private long _revision;

    public WatchCache(IStore store)
    {
        var early = new List<ReadOnlyMemory<Change>>();
        var loaded = false;
        _subscription = store.Subscribe(batch =>
        {
            lock (early)
            {
                if (!loaded) early.Add(batch);
                else Apply(batch);
            }
        });
        lock (early)
        {
            Load(store);
            foreach (var batch in early) Apply(batch);
            loaded = true;
        }
    }

    /// <summary>The newest revision of which every resource knows.</summary>
    public long Revision => Volatile.Read(ref _revision);

    /// <summary>The cache of a resource, "deployments.apps" or "pods". Made on first use: a resource without objects is an empty one.</summary>
    public ResourceCache Resource(string groupResource)
    {
        if (_resources.TryGetValue(groupResource, out var known)) return known;
        lock (_addLock)
        {
            if (_resources.TryGetValue(groupResource, out known)) return known;
            var added = new ResourceCache(this, SortedMap<StoredObject>.Empty, Revision);
            Add(groupResource, added);
            return added;
        }
    }

    /// <summary>Forgets the history up to a revision; the objects stay as they are.</summary>
    public void Compact(long revision)
    {
        foreach (var cache in _resources.Values) cache.Compact(revision);
    }

    /// <summary>The store's key of an object.</summary>
    public static string StoreKey(string groupResource, string key) => $"{groupResource}/{key}";

    private void Add(string groupResource, ResourceCache cache) =>
        _resources = _resources.Append(new(groupResource, cache)).ToFrozenDictionary(StringComparer.Ordinal);

    private void Load(IStore store)
    {
        var objects = new Dictionary<string, SortedMap<StoredObject>>(StringComparer.Ordinal);
        long newest = store.Revision;
        foreach (var stored in store.Load())
        {
            var (resource, ns, name) = Split(stored.Key);
            var map = objects.GetValueOrDefault(resource, SortedMap<StoredObject>.Empty);
            var entry = new StoredObject(ns, name, stored.Revision, stored.Value);
            objects[resource] = map.Set(entry.Key, entry);
            newest = Math.Max(newest, stored.Revision);
        }
        _resources = objects.ToFrozenDictionary(o => o.Key, o => new ResourceCache(this, o.Value, newest), StringComparer.Ordinal);
        Volatile.Write(ref _revision, newest);
    }

    private void Apply(ReadOnlyMemory<Change> batch)
    {
        long revision = 0;
        foreach (var change in batch.Span)
        {
            revision = change.Revision;
            if (revision <= Revision) continue;
            var (resource, ns, name) = Split(change.Key);
            var cache = Resource(resource);
            cache.Apply(ToEvent(cache, change, ns, name));
            _touched.Add(cache);
        }
        if (revision > Revision) Volatile.Write(ref _revision, revision);
        foreach (var cache in _touched) cache.Signal();
        _touched.Clear();
    }

    private static ResourceEvent ToEvent(ResourceCache cache, Change change, string ns, string name)
    {
        var before = cache.Last.After;
        var key = ns.Length == 0 ? name : $"{ns}/{name}";
        var previous = before.Get(key);
        if (change.Deleted) return new(change.Revision, null, previous, before.Remove(key));
        var current = new StoredObject(previous?.Namespace ?? ns, previous?.Name ?? name, change.Revision, change.Value);
        return new(change.Revision, current, previous, before.Set(key, current));
    }

    /// <summary>"deployments.apps/default/web" in its parts; the namespace is empty where there is none.</summary>
    private static (string Resource, string Namespace, string Name) Split(string key)
    {
        var first = key.IndexOf('/', StringComparison.Ordinal);
        var second = key.IndexOf('/', first + 1);
        return second < 0 ? (key[..first], "", key[(first + 1)..]) : (key[..first], key[(first + 1)..second], key[(second + 1)..]);
    }

    public void Dispose() => _subscription.Dispose();
}

/// <summary>Puts the revision into an object's bytes when the store has given it one.</summary>
public sealed class VersionedJson(ReadOnlyMemory<byte> canonical) : IStoredValue
{
    private static ReadOnlySpan<byte> Marker => "\"resourceVersion\":\""u8;

    /// <summary>A stand-in for the version in canonical bytes that are about to be written.</summary>
    public const string Pending = "0";

    // The store asks once, and whoever answers the writer once more.
    private Versioned? _last;

    private sealed record Versioned(long Revision, ReadOnlyMemory<byte> Json);

    public ReadOnlyMemory<byte> At(long revision)
    {
        if (_last is { } last && last.Revision == revision) return last.Json;
        var json = Replace(canonical.Span, revision);
        _last = new(revision, json);
        return json;
    }

    /// <summary>The same object with another resourceVersion. The first marker is the genuine one: quotes inside earlier strings are escaped.</summary>
    public static byte[] Replace(ReadOnlySpan<byte> json, long revision)
    {
        var at = json.IndexOf(Marker);
        if (at < 0) return json.ToArray();
        at += Marker.Length;
        var end = at + json[at..].IndexOf((byte)'"');
        Span<byte> digits = stackalloc byte[20];
        revision.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        var result = new byte[at + length + (json.Length - end)];
        json[..at].CopyTo(result);
        digits[..length].CopyTo(result.AsSpan(at));
        json[end..].CopyTo(result.AsSpan(at + length));
        return result;
    }

    /// <summary>
    /// Whether two canonical objects differ in nothing but their resourceVersion, and when it was noted who owns what: an apply whose changes defaults undo is no change
    /// (apimachinery, util/managedfields, IgnoreManagedFieldsTimestampsTransformer).
    /// </summary>
    public static bool SameContent(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var (startA, endA) = Find(a);
        var (startB, endB) = Find(b);
        return startA == startB && a[..startA].SequenceEqual(b[..startB]) && SameButForTimes(a[endA..], b[endB..]);
    }

    // Both end with the same metadata and content. All times are of one length.
    private static bool SameButForTimes(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var at = a.CommonPrefixLength(b);
        if (at == a.Length && at == b.Length) return true;
        var start = a.IndexOf(ManagedFields);
        if (a.Length != b.Length || start < 0 || at < start) return false;
        var end = start + ManagedFields.Length - 1 + LengthOfList(a[(start + ManagedFields.Length - 1)..]);
        while (at < end)
        {
            var time = a[..at].LastIndexOf(Time) + Time.Length;
            if (time < start + Time.Length || at >= time + TimeLength || !a[(time + TimeLength)..].StartsWith(AfterTime)) return false;
            at = time + TimeLength;
            at += a[at..].CommonPrefixLength(b[at..]);
        }
        return at == a.Length;
    }

    private static int LengthOfList(ReadOnlySpan<byte> json)
    {
        var reader = new System.Text.Json.Utf8JsonReader(json, Schema.ApiJson.ReaderOptions);
        reader.Read();
        reader.Skip();
        return (int)reader.BytesConsumed;
    }

    private const int TimeLength = 20;
    private static ReadOnlySpan<byte> ManagedFields => "\"managedFields\":["u8;
    private static ReadOnlySpan<byte> Time => "\"time\":\""u8;
    private static ReadOnlySpan<byte> AfterTime => "\",\"fieldsType\":"u8;

    private static (int Start, int End) Find(ReadOnlySpan<byte> json)
    {
        var at = json.IndexOf(Marker);
        if (at < 0) return (json.Length, json.Length);
        at += Marker.Length;
        return (at, at + json[at..].IndexOf((byte)'"'));
    }
}
