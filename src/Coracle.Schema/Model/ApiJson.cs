using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Coracle.Schema;

/// <summary>Typed objects to UTF-8 JSON and back.</summary>
public static class ApiJson
{
    /// <summary>As upstream's encoder: only what JSON demands is escaped.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static JsonReaderOptions ReaderOptions { get; } = new() { MaxDepth = 512 };

    /// <summary>A tree of JSON that is known to be well-formed, as deep as objects may be.</summary>
    public static System.Text.Json.Nodes.JsonNode? ParseTree(ReadOnlySpan<byte> utf8) =>
        System.Text.Json.Nodes.JsonNode.Parse(utf8, documentOptions: new JsonDocumentOptions { MaxDepth = ReaderOptions.MaxDepth });

    /// <summary>The same of a text.</summary>
    public static System.Text.Json.Nodes.JsonNode? ParseTree(string json) => ParseTree(System.Text.Encoding.UTF8.GetBytes(json));

    /// <summary>Reads one object. Throws <see cref="JsonException"/> when the text is not JSON of this type.</summary>
    public static T Parse<T>(ReadOnlySpan<byte> utf8) where T : class, IApiType<T>
    {
        var reader = new Utf8JsonReader(utf8, ReaderOptions);
        reader.Read();
        var value = T.Read(ref reader);
        reader.Read(); // Throws when something follows.
        return value;
    }

    public static byte[] ToBytes<T>(T value) where T : class, IApiType<T>
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
            value.Write(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
