using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>An object as the store has it: the exact bytes that clients read, and what is looked up in them again and again.</summary>
public sealed class StoredObject
{
    private Dictionary<string, string>? _labels;
    private volatile FieldValue? _fields;
    private volatile OtherForm? _protobuf;
    private volatile OtherForm? _converted;

    public StoredObject(string @namespace, string name, long revision, ReadOnlyMemory<byte> json) =>
        (Namespace, Name, Revision, Json) = (@namespace, name, revision, json);

    /// <summary>Empty for kinds outside namespaces.</summary>
    public string Namespace { get; }
    public string Name { get; }
    public long Revision { get; }

    /// <summary>Canonical JSON, resourceVersion included.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>"ns/name", or "name" outside namespaces: the key within its resource.</summary>
    public string Key => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";

    public IReadOnlyDictionary<string, string> Labels => _labels ??= JsonPeek.Labels(Json.Span);

    /// <summary>The value at a path such as "spec.nodeName" as a field selector sees it; "" when there is none.</summary>
    public string Field(string path)
    {
        if (path == "metadata.name") return Name;
        if (path == "metadata.namespace") return Namespace;
        for (var known = _fields; known is not null; known = known.Next)
            if (known.Path == path) return known.Value;
        var value = JsonPeek.Text(Json.Span, path) ?? "";
        _fields = new FieldValue(path, value, _fields);
        return value;
    }

    /// <summary>The object as a version of its kind shows it, where that has been made.</summary>
    internal ReadOnlyMemory<byte>? Viewed(object version)
    {
        for (var known = _views; known is not null; known = known.Next)
            if (ReferenceEquals(known.Version, version)) return known.Json;
        return null;
    }

    internal void KeepView(object version, ReadOnlyMemory<byte> json) => _views = new ObjectView(version, json, _views is { Next: not null } many ? many with { Next = null } : _views);

    private volatile ObjectView? _views;

    private sealed record ObjectView(object Version, ReadOnlyMemory<byte> Json, ObjectView? Next);

    public string Uid => Field("metadata.uid");

    /// <summary>A fresh tree, the caller's to change.</summary>
    public JsonObject ToTree() => (JsonObject)ApiJson.ParseTree(Json.Span)!;

    public T Typed<T>() where T : class, IApiType<T> => ApiJson.Parse<T>(Json.Span);

    /// <summary>The object in another version than the stored one. Kept as long as memory is not wanted elsewhere.</summary>
    internal ReadOnlyMemory<byte> Converted(Resource resource)
    {
        if (_converted is { } known && known.Resource == resource && known.Bytes.TryGetTarget(out var bytes)) return bytes;
        bytes = resource.Convert(this);
        _converted = new(resource, new(bytes));
        return bytes;
    }

    /// <summary>The object in protobuf, as a resource serves it. Kept as long as memory is not wanted elsewhere: the watchers of an event ask one after the other.</summary>
    internal ReadOnlyMemory<byte> Protobuf(Resource resource)
    {
        if (_protobuf is { } known && known.Resource == resource && known.Bytes.TryGetTarget(out var bytes)) return bytes;
        bytes = ProtobufEncoder.Encode(resource.View(this), resource.Kind.Schema);
        _protobuf = new(resource, new(bytes));
        return bytes;
    }

    private sealed record OtherForm(Resource Resource, WeakReference<byte[]> Bytes);

    private sealed record FieldValue(string Path, string Value, FieldValue? Next);
}

/// <summary>Looks single values up in JSON without parsing all of it into objects.</summary>
public static class JsonPeek
{
    private static readonly Dictionary<string, string> NoLabels = [];

    public static Dictionary<string, string> Labels(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, ApiJson.ReaderOptions);
        if (!Enter(ref reader, "metadata"u8) || !Enter(ref reader, "labels"u8)) return NoLabels;
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.String) labels[key] = reader.GetString()!;
            else reader.Skip();
        }
        return labels;
    }

    /// <summary>A scalar at a dotted path as text; null when absent. Booleans read "true" and "false", objects and lists as absent.</summary>
    public static string? Text(ReadOnlySpan<byte> json, string path)
    {
        var reader = new Utf8JsonReader(json, ApiJson.ReaderOptions);
        Span<byte> buffer = stackalloc byte[128];
        foreach (var range in path.AsSpan().Split('.'))
        {
            if (!Encoding.UTF8.TryGetBytes(path.AsSpan(range), buffer, out var length) || !Enter(ref reader, buffer[..length])) return null;
        }
        return reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            _ => null,
        };
    }

    // From the start of an object (or of the text) to the value of one of its properties.
    private static bool Enter(ref Utf8JsonReader reader, scoped ReadOnlySpan<byte> name)
    {
        if (reader.TokenType == JsonTokenType.None) reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found) return true;
            reader.Skip();
        }
        return false;
    }
}
