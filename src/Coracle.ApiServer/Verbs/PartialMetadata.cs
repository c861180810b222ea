using System.Buffers;
using System.Text.Json;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Objects cut down to their metadata, for clients that need no more.</summary>
internal static class PartialMetadata
{
    public static ReadOnlyMemory<byte> OfOne(RequestContext ctx, StoredObject stored)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
            Write(writer, ctx.Resource.View(stored).Span, ctx.Accept.Version);
        return buffer.WrittenMemory;
    }

    public static ApiResponse OfList(RequestContext ctx, ListPage page)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, "PartialObjectMetadataList"u8);
            writer.WriteString("apiVersion"u8, $"meta.k8s.io/{ctx.Accept.Version}");
            ListVerb.WriteMeta(writer, page);
            writer.WriteStartArray("items"u8);
            foreach (var obj in page.Objects) Write(writer, ctx.Resource.View(obj).Span, ctx.Accept.Version);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return Representation.Encoded(ctx, new BytesBody(buffer.WrittenMemory));
    }

    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> json, string version)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, "PartialObjectMetadata"u8);
        writer.WriteString("apiVersion"u8, $"meta.k8s.io/{version}");
        writer.WritePropertyName("metadata"u8);
        writer.WriteRawValue(MetadataOf(json), skipInputValidation: true);
        writer.WriteEndObject();
    }

    /// <summary>The bytes of an object's metadata.</summary>
    public static ReadOnlySpan<byte> MetadataOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, ApiJson.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (found) return json[start..(int)reader.BytesConsumed];
        }
        return "{}"u8;
    }
}
