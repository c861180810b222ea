using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>A kind as it is served: under one version, over the cache of the version in which it is stored.</summary>
public sealed class Resource
{
    private readonly ReadOnlyMemory<byte> _itemPrefix;
    private readonly CustomVersion? _custom;

    private readonly Func<IEnumerable<StoredObject>>? _found;

    public Resource(KindInfo kind, ResourceCache cache, KindConversion? conversion = null, Func<IEnumerable<StoredObject>>? found = null)
    {
        (Kind, Cache, Conversion, _found) = (kind, cache, conversion, found);
        Storage = conversion?.Storage ?? kind;
        _itemPrefix = System.Text.Encoding.UTF8.GetBytes($"{{\"kind\":\"{kind.Kind}\",\"apiVersion\":\"{kind.ApiVersion}\",");
    }

    internal Resource(KindInfo kind, ResourceCache cache, CustomVersion custom) : this(kind, cache)
    {
        _custom = custom;
        Storage = custom.Storage;
    }

    /// <summary>The definition is being deleted: nothing new can be created.</summary>
    internal bool IsTerminating { get; init; }

    /// <summary>The kind as it is published; made when first asked for.</summary>
    internal KindInfo PublishedKind => _published ??= Publication?.Invoke() ?? Kind;
    internal Func<KindInfo>? Publication { private get; init; }
    private KindInfo? _published;

    /// <summary>Not served any more, or not like this: watches end.</summary>
    internal bool IsRetired => Volatile.Read(ref _retired);
    private bool _retired;

    internal void Retire()
    {
        Volatile.Write(ref _retired, true);
        Cache.Signal();
    }

    /// <summary>The kind in the version of the path.</summary>
    public KindInfo Kind { get; }

    /// <summary>The kind in the version that is stored.</summary>
    public KindInfo Storage { get; }
    public ResourceCache Cache { get; }

    /// <summary>Null where the served version is the stored one, as nearly always.</summary>
    public KindConversion? Conversion { get; }

    /// <summary>All objects as they are now: those stored, or those found out for the asking.</summary>
    public ResourceSnapshot Current => _found is null ? Cache.Current : new(Found(_found()), Cache.Current.Revision);

    /// <summary>The object of this key, as it is now.</summary>
    public StoredObject? Find(string key) => _found is null ? Cache.Get(key) : Current.Objects.Get(key);

    private static SortedMap<StoredObject> Found(IEnumerable<StoredObject> objects) =>
        objects.Aggregate(SortedMap<StoredObject>.Empty, (map, obj) => map.Set(obj.Key, obj));

    /// <summary>The bytes that a client reads: the stored ones, unless another version was asked for.</summary>
    public ReadOnlyMemory<byte> View(StoredObject stored) => _custom is not null ? _custom.View(stored) : Conversion is null ? stored.Json : stored.Converted(this);

    internal byte[] Convert(StoredObject stored) => Encoder.Encode(Conversion!.FromStorage(stored.ToTree()), Kind.Schema);

    /// <summary>Makes objects ready to be viewed, where that takes somebody else's doing. Gives why that failed.</summary>
    internal ValueTask<ApiStatus?> PrepareAsync(IReadOnlyList<StoredObject> objects, CancellationToken cancel) => _custom?.PrepareAsync(objects, cancel) ?? default;

    /// <summary>Whether objects have to be made ready before they can be viewed.</summary>
    internal bool NeedsPreparing => _custom?.IsForeign == true;

    /// <summary>An object of another version in this one, where only a webhook can convert.</summary>
    internal ValueTask<Result<byte[]>> FromOtherAsync(byte[] json, CancellationToken cancel) => _custom!.FromOtherAsync(json, cancel);

    /// <summary>The object in this version, for change. It has been made ready.</summary>
    internal JsonObject ToServed(StoredObject stored)
    {
        if (_custom is not null) return (JsonObject)ApiJson.ParseTree(_custom.View(stored).Span)!;
        var tree = stored.ToTree();
        return Conversion?.FromStorage(tree) ?? tree;
    }

    /// <summary>Canonical bytes of this version as they are to be stored.</summary>
    internal ValueTask<Result<byte[]>> ToStoredAsync(JsonObject obj, byte[] served, CancellationToken cancel) => (_custom, Conversion) switch
    {
        ({ } custom, _) => custom.ToStoredAsync(served, cancel),
        (_, { } conversion) => new(Encoder.Encode(conversion.ToStorage((JsonObject)obj.DeepClone()), conversion.Storage.Schema)),
        _ => new(served),
    };

    /// <summary>What was written reads as it was sent.</summary>
    /// <summary>An object of another version as the webhook makes it of this one; null when it does not.</summary>
    internal ValueTask<JsonObject?> FromForeignAsync(byte[] json, CancellationToken cancel) => _custom?.FromForeignAsync(json, cancel) ?? default;

    internal void KeepView(StoredObject stored, ReadOnlySpan<byte> served) => _custom?.Keep(stored, served);

    /// <summary>The object as an item of a list: the items of built-in lists carry no kind and apiVersion of their own.</summary>
    public (ReadOnlyMemory<byte> Json, bool WithoutBrace) ListItem(StoredObject stored)
    {
        var json = View(stored);
        return Kind.BuiltIn && json.Span.StartsWith(_itemPrefix.Span) ? (json[_itemPrefix.Length..], true) : (json, false);
    }
}

/// <summary>How a served version and the stored one turn into each other. Both functions may change and return their argument.</summary>
public sealed record KindConversion(KindInfo Storage, Func<JsonObject, JsonObject> ToStorage, Func<JsonObject, JsonObject> FromStorage);
