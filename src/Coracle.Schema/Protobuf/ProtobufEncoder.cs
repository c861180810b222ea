using System.Text;
using System.Text.Json;

namespace Coracle.Schema;

/// <summary>
/// Built-in kinds in protobuf, made of their JSON by the schema. Byte for byte what upstream's encoder writes: fields by number, values that are no pointers also when they
/// are zero, maps by key.
/// </summary>
public static class ProtobufEncoder
{
    /// <summary>Encodes a whole object with its envelope. The JSON must be well-formed.</summary>
    public static byte[] Encode(ReadOnlyMemory<byte> json, SchemaNode schema)
    {
        using var document = JsonDocument.Parse(json, DocumentOptions);
        var obj = document.RootElement;
        var buffer = new ProtobufWriter(json.Length + 64);
        Head(buffer, Text(obj, "apiVersion"u8), Text(obj, "kind"u8));
        var start = buffer.Begin(2);
        Message(buffer, schema.Protobuf, obj);
        buffer.End(start);
        Tail(buffer);
        return buffer.ToArray();
    }

    /// <summary>Encodes an object as a field of another message: the items of lists, which have no envelope of their own.</summary>
    public static void EncodeField(ProtobufWriter into, int field, ReadOnlyMemory<byte> json, SchemaNode schema)
    {
        using var document = JsonDocument.Parse(json, DocumentOptions);
        var start = into.Begin(field);
        Message(into, schema.Protobuf, document.RootElement);
        into.End(start);
    }

    /// <summary>What comes before an object: the magic bytes, and its type.</summary>
    public static void Head(ProtobufWriter buffer, string apiVersion, string kind)
    {
        buffer.Raw(ProtobufDecoder.Magic);
        var start = buffer.Begin(1);
        buffer.Text(1, apiVersion);
        buffer.Text(2, kind);
        buffer.End(start);
    }

    /// <summary>What comes behind it: neither compressed nor of another media type.</summary>
    public static void Tail(ProtobufWriter buffer)
    {
        buffer.Text(3, "");
        buffer.Text(4, "");
    }

    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = 512 };

    private static string Text(JsonElement obj, ReadOnlySpan<byte> name) => obj.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static void Message(ProtobufWriter buffer, ProtobufPlan plan, JsonElement obj)
    {
        foreach (var part in plan.Parts)
        {
            if (part.Embedded is { } embedded)
            {
                var start = buffer.Begin(part.Number);
                Message(buffer, embedded, obj);
                buffer.End(start);
            }
            else if (obj.ValueKind == JsonValueKind.Object && obj.TryGetProperty(part.Property!.Utf8Name, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                Field(buffer, part.Number, part.Property.Node, value);
            }
            else if (!part.Property!.Pointer) Zero(buffer, part.Number, part.Property.Node);
        }
    }

    private static void Field(ProtobufWriter buffer, int number, SchemaNode node, JsonElement value)
    {
        switch (node.Type)
        {
            case SchemaType.Array:
                foreach (var item in value.EnumerateArray()) Field(buffer, number, node.Items!, item);
                break;
            case SchemaType.Map:
                foreach (var entry in value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal)) Entry(buffer, number, node.Items!, entry);
                break;
            case SchemaType.Object:
                var start = buffer.Begin(number);
                Message(buffer, node.Protobuf, value);
                buffer.End(start);
                break;
            case SchemaType.Integer: buffer.Integer(number, value.TryGetInt64(out var whole) ? whole : (long)value.GetDouble()); break;
            case SchemaType.Boolean: buffer.Integer(number, value.GetBoolean() ? 1 : 0); break;
            case SchemaType.Number: buffer.Double(number, value.GetDouble()); break;
            case SchemaType.IntOrString: IntOrString(buffer, number, value); break;
            case SchemaType.Quantity: Boxed(buffer, number, value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()); break;
            case SchemaType.Any when node.WhenObject is { } form: Either(buffer, number, node, form, value); break;
            case SchemaType.Any: Boxed(buffer, number, value.GetRawText()); break;
            default: String(buffer, number, node, value.GetString() ?? ""); break;
        }
    }

    /// <summary>A value of more than one type is a message with a field for each: of definitions, a schema or a flag, or a schema or a list.</summary>
    private static void Either(ProtobufWriter buffer, int number, SchemaNode node, SchemaNode form, JsonElement value)
    {
        var start = buffer.Begin(number);
        if (ProtobufDecoder.IsFlagged(node)) buffer.Integer(1, value.ValueKind is JsonValueKind.Object or JsonValueKind.True ? 1 : 0);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object: Field(buffer, ProtobufDecoder.IsFlagged(node) ? 2 : 1, form, value); break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    if (item.ValueKind == JsonValueKind.String) buffer.Text(2, item.GetString()!);
                    else Field(buffer, 2, form, item);
                }
                break;
        }
        buffer.End(start);
    }

    private static void Entry(ProtobufWriter buffer, int number, SchemaNode items, JsonProperty entry)
    {
        var start = buffer.Begin(number);
        buffer.Text(1, entry.Name);
        if (items.Type == SchemaType.Array)
        {
            // A list as a map's value is wrapped in a message of its own.
            var wrapped = buffer.Begin(2);
            if (entry.Value.ValueKind == JsonValueKind.Array) Field(buffer, 1, items, entry.Value);
            buffer.End(wrapped);
        }
        else if (entry.Value.ValueKind == JsonValueKind.Null) Zero(buffer, 2, items);
        else Field(buffer, 2, items, entry.Value);
        buffer.End(start);
    }

    private static void String(ProtobufWriter buffer, int number, SchemaNode node, string text)
    {
        switch (node.Format)
        {
            case "byte": buffer.Bytes(number, Convert.FromBase64String(text)); break;
            case "date-time" or "micro-time":
                var start = buffer.Begin(number);
                if (GoTime.TryParse(text, out var time))
                {
                    buffer.Integer(1, time.ToUnixTimeSeconds());
                    // Of a time that is told to the second upstream keeps no fraction.
                    buffer.Integer(2, node.Format == "micro-time" ? time.UtcTicks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond * 1000 : 0);
                }
                buffer.End(start);
                break;
            default: buffer.Text(number, text); break;
        }
    }

    private static void IntOrString(ProtobufWriter buffer, int number, JsonElement value)
    {
        var isText = value.ValueKind == JsonValueKind.String;
        var start = buffer.Begin(number);
        buffer.Integer(1, isText ? 1 : 0);
        buffer.Integer(2, !isText && value.TryGetInt32(out var whole) ? whole : 0);
        buffer.Text(3, isText ? value.GetString()! : "");
        buffer.End(start);
    }

    private static void Boxed(ProtobufWriter buffer, int number, string text)
    {
        var start = buffer.Begin(number);
        buffer.Text(1, text);
        buffer.End(start);
    }

    /// <summary>A field that is absent and no pointer.</summary>
    private static void Zero(ProtobufWriter buffer, int number, SchemaNode node)
    {
        switch (node.Type)
        {
            case SchemaType.Object:
                var start = buffer.Begin(number);
                Message(buffer, node.Protobuf, default);
                buffer.End(start);
                break;
            case SchemaType.Integer or SchemaType.Boolean: buffer.Integer(number, 0); break;
            case SchemaType.Number: buffer.Double(number, 0); break;
            case SchemaType.String when node.Format is not "byte": buffer.Text(number, ""); break;
            case SchemaType.Quantity: Boxed(buffer, number, "0"); break;
            case SchemaType.IntOrString:
                var zero = buffer.Begin(number);
                buffer.Integer(1, 0);
                buffer.Integer(2, 0);
                buffer.Text(3, "");
                buffer.End(zero);
                break;
            case SchemaType.Any: buffer.End(buffer.Begin(number)); break;
        }
    }
}
