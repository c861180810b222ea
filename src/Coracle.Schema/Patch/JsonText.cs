using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

internal static class JsonText
{
    /// <summary>Bytes of a value as compact JSON.</summary>
    public static int Length(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions)) node.WriteTo(writer);
        return buffer.WrittenCount;
    }
}
