using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

public static class JsonText
{
    /// <summary>Bytes of a value as compact JSON.</summary>
    public static int Length(JsonNode? node) => Write(node).WrittenCount;

    /// <summary>A value as compact JSON.</summary>
    public static byte[] ToBytes(JsonNode? node) => Write(node).WrittenSpan.ToArray();

    private static ArrayBufferWriter<byte> Write(JsonNode? node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions);
        if (node is null) writer.WriteNullValue();
        else node.WriteTo(writer);
        writer.Flush();
        return buffer;
    }
}
