using System.Text.Json;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>A page of a list: the objects, and the version of the collection at which they were read.</summary>
public sealed record ObjectList<T>(IReadOnlyList<T> Items, string ResourceVersion) where T : class, IKubernetesObject
{
    /// <summary>Asks for the next page; "" on the last one.</summary>
    public string Continue { get; init; } = "";

    /// <summary>How many objects follow this page; null when the server does not say.</summary>
    public long? RemainingItemCount { get; init; }

    internal static ObjectList<T> Read(ReadOnlySpan<byte> json, ApiResource resource, ObjectCodec<T> codec)
    {
        var reader = new Utf8JsonReader(json, ApiJson.ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("expected a list");
        var items = new List<T>();
        var meta = default(ListMeta);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isItems = reader.ValueTextEquals("items"u8);
            var isMeta = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            if (isItems && reader.TokenType == JsonTokenType.StartArray)
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(codec.Read(ref reader, resource));
            else if (isMeta && reader.TokenType == JsonTokenType.StartObject) meta = ReadMeta(ref reader);
            else reader.Skip();
        }
        return new(items, meta.ResourceVersion ?? "") { Continue = meta.Continue ?? "", RemainingItemCount = meta.Remaining };
    }

    private static ListMeta ReadMeta(ref Utf8JsonReader reader)
    {
        var meta = default(ListMeta);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("resourceVersion"u8)) { reader.Read(); meta.ResourceVersion = reader.GetString(); }
            else if (reader.ValueTextEquals("continue"u8)) { reader.Read(); meta.Continue = reader.GetString(); }
            else if (reader.ValueTextEquals("remainingItemCount"u8)) { reader.Read(); meta.Remaining = reader.TokenType == JsonTokenType.Number ? reader.GetInt64() : null; }
            else { reader.Read(); reader.Skip(); }
        }
        return meta;
    }

    private struct ListMeta
    {
        public string? ResourceVersion;
        public string? Continue;
        public long? Remaining;
    }
}
