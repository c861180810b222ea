using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>
/// How objects of a custom resource are read and written in one of its versions. What was written since the definition last changed is in the stored version and
/// shaped by its schema, and is read as the bytes that it is; what is older, or asked for in another version, is made once and kept with the object.
/// </summary>
/// <param name="served">The kind in this version.</param>
/// <param name="storage">The kind in the version that is stored.</param>
/// <param name="since">The revision of the definition since which objects are of its schema.</param>
/// <param name="webhook">Who converts; null where versions differ in their name alone.</param>
internal sealed class CustomVersion(KindInfo served, KindInfo storage, long since, ConversionWebhook? webhook)
{
    public KindInfo Storage => storage;

    /// <summary>A webhook may have to be asked before objects can be read.</summary>
    public bool IsForeign => webhook is not null;

    /// <summary>The bytes that a client reads. With a webhook the object has been prepared.</summary>
    public ReadOnlyMemory<byte> View(StoredObject stored)
    {
        if (IsCurrent(stored)) return stored.Json;
        if (stored.Viewed(this) is { } known) return known;
        var made = Shaped(stored.Json, served);
        stored.KeepView(this, made);
        return made;
    }

    private bool IsCurrent(StoredObject stored) => stored.Revision > since && ReferenceEquals(served, storage);

    /// <summary>Brings objects into this version that only the webhook can: all at once. Gives why that failed.</summary>
    public async ValueTask<ApiStatus?> PrepareAsync(IReadOnlyList<StoredObject> objects, CancellationToken cancel)
    {
        if (webhook is null) return null;
        List<StoredObject>? foreign = null;
        foreach (var stored in objects)
            if (!IsCurrent(stored) && stored.Viewed(this) is null && JsonPeek.Text(stored.Json.Span, "apiVersion") != served.ApiVersion) (foreign ??= []).Add(stored);
        if (foreign is null) return null;
        var converted = await webhook.ConvertAsync(foreign.ConvertAll(stored => stored.Json), served, cancel);
        if (converted.Failed) return converted.Error;
        for (var i = 0; i < foreign.Count; i++) foreign[i].KeepView(this, Shaped(converted.Value[i], served));
        return null;
    }

    /// <summary>An object of another version in this one, by the webhook.</summary>
    public async ValueTask<Result<byte[]>> FromOtherAsync(byte[] json, CancellationToken cancel)
    {
        var converted = await webhook!.ConvertAsync([json], served, cancel);
        return converted.Failed ? converted.Error : Shaped(converted.Value[0], served).ToArray();
    }

    /// <summary>An object in this version as it is to be stored.</summary>
    public async ValueTask<Result<byte[]>> ToStoredAsync(byte[] json, CancellationToken cancel)
    {
        if (ReferenceEquals(served, storage)) return json;
        if (webhook is null) return Shaped(json, storage).ToArray();
        var converted = await webhook.ConvertAsync([json], storage, cancel);
        return converted.Failed ? converted.Error : Shaped(converted.Value[0], storage).ToArray();
    }

    /// <summary>An object of another version as the webhook makes it of this one; null when it does not.</summary>
    public async ValueTask<JsonObject?> FromForeignAsync(byte[] json, CancellationToken cancel)
    {
        var converted = await webhook!.ConvertAsync([json], served, cancel);
        return converted.Failed ? null : (JsonObject?)ApiJson.ParseTree(converted.Value[0].Span);
    }

    /// <summary>What was written reads as it was sent, without being converted back.</summary>
    public void Keep(StoredObject stored, ReadOnlySpan<byte> json)
    {
        if (!ReferenceEquals(served, storage)) stored.KeepView(this, VersionedJson.Replace(json, stored.Revision));
    }

    // Without what the schema does not name, with its defaults, and under this version's name.
    private static ReadOnlyMemory<byte> Shaped(ReadOnlyMemory<byte> json, KindInfo kind)
    {
        var tree = Decoder.Decode(json.Span, kind.Schema).Value;
        if (tree is null) return Renamed(json, kind);
        tree["apiVersion"] = kind.ApiVersion;
        Defaulter.Apply(tree, kind.Schema);
        var shaped = Encoder.Encode(tree, kind.Schema);
        return shaped.AsSpan().SequenceEqual(json.Span) ? json : shaped;
    }

    // An object of before there was a schema, which does not fit it at all.
    private static byte[] Renamed(ReadOnlyMemory<byte> json, KindInfo kind)
    {
        var tree = (JsonObject)ApiJson.ParseTree(json.Span)!;
        tree["apiVersion"] = kind.ApiVersion;
        return Encoder.Encode(tree, kind.Schema);
    }
}
