using System.Text.Json;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>What an event of a watch tells.</summary>
public enum WatchEventType
{
    /// <summary>An object is new, to this watch.</summary>
    Added,

    /// <summary>An object has changed.</summary>
    Modified,

    /// <summary>An object has gone, or is not selected any more.</summary>
    Deleted,

    /// <summary>Nothing but how far the watch has come.</summary>
    Bookmark,

    /// <summary>The watch cannot go on, and why.</summary>
    Error,
}

/// <summary>One event of a watch.</summary>
public sealed record WatchEvent<T>(WatchEventType Type) where T : class, IKubernetesObject
{
    /// <summary>The object (of a deletion: its last state); null for bookmarks and errors.</summary>
    public T? Object { get; init; }

    /// <summary>Where to resume after this event; "" for errors.</summary>
    public string ResourceVersion { get; init; } = "";

    /// <summary>This bookmark ends the initial events.</summary>
    public bool InitialEventsEnd { get; init; }

    /// <summary>What an ERROR says.</summary>
    public ApiStatus? Status { get; init; }
}

/// <summary>An open watch. It ends when the server says so, as all watches do after some minutes: an informer is what watches on.</summary>
public sealed class Watcher<T> : IAsyncDisposable where T : class, IKubernetesObject
{
    private readonly FrameStream frames;
    private readonly ApiResource resource;
    private readonly ObjectCodec<T> codec;

    internal Watcher(FrameStream frames, ApiResource resource, ObjectCodec<T> codec) => (this.frames, this.resource, this.codec) = (frames, resource, codec);

    /// <summary>The next event; null when the server ended the watch. Throws <see cref="TransportException"/> when the connection broke.</summary>
    public async ValueTask<WatchEvent<T>?> NextAsync(CancellationToken cancel = default)
    {
        var frame = await frames.NextAsync(cancel);
        return frame.IsEmpty ? null : Parse(frame.Span, resource, codec);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => frames.DisposeAsync();

    /// <summary>Throws <see cref="JsonException"/> when the frame is no event.</summary>
    internal static WatchEvent<T> Parse(ReadOnlySpan<byte> frame, ApiResource resource, ObjectCodec<T> codec)
    {
        try
        {
            return Read(frame, resource, codec);
        }
        catch (InvalidOperationException e)
        {
            // Half a character in a name: that is found out only when it is looked at.
            throw new JsonException("a watch event that is no text", e);
        }
    }

    private static WatchEvent<T> Read(ReadOnlySpan<byte> frame, ApiResource resource, ObjectCodec<T> codec)
    {
        var reader = new Utf8JsonReader(frame, ApiJson.ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("expected a watch event");
        string? type = null;
        var at = default(Utf8JsonReader);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isObject = reader.ValueTextEquals("object"u8);
            reader.Read();
            if (isType) type = reader.TokenType == JsonTokenType.String ? ApiReader.String(ref reader) : throw new JsonException("the type of a watch event is no string");
            else
            {
                if (isObject) at = reader;
                reader.Skip();
            }
        }
        if (at.TokenType != JsonTokenType.StartObject) throw new JsonException("a watch event without an object");
        return type switch
        {
            "ADDED" => Of(WatchEventType.Added, codec.Read(ref at, resource)),
            "MODIFIED" => Of(WatchEventType.Modified, codec.Read(ref at, resource)),
            "DELETED" => Of(WatchEventType.Deleted, codec.Read(ref at, resource)),
            "BOOKMARK" => Bookmark(PartialCodec.Instance.Read(ref at, resource).Metadata),
            "ERROR" => Error(ref at),
            _ => throw new JsonException($"a watch event of unknown type \"{type}\""),
        };
    }

    private static WatchEvent<T> Of(WatchEventType type, T obj) => new(type) { Object = obj, ResourceVersion = obj.Metadata.ResourceVersion };

    private static WatchEvent<T> Bookmark(ObjectMeta meta) => new(WatchEventType.Bookmark)
    {
        ResourceVersion = meta.ResourceVersion,
        InitialEventsEnd = meta.Annotations?.GetValueOrDefault("k8s.io/initial-events-end") == "true",
    };

    private static WatchEvent<T> Error(ref Utf8JsonReader at)
    {
        return new(WatchEventType.Error) { Status = ApiStatus.Parse(500, RawJson.Read(ref at).Utf8.Span) };
    }
}
