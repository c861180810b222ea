using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>
/// A tree to canonical bytes: the order of fields, what is left out and what is always there follow the schema, so that the same content
/// gives the same bytes whoever wrote it, and clients read what upstream's encoder would have sent.
/// </summary>
public static class Encoder
{
    public static byte[] Encode(JsonObject obj, SchemaNode schema)
    {
        var scratch = _scratch ??= new Scratch();
        try
        {
            return scratch.Encode(obj, schema);
        }
        finally
        {
            if (scratch.IsLarge) _scratch = null;
        }
    }

    // Every write encodes at least once: the buffer that grows with it is kept, one a thread.
    [ThreadStatic] private static Scratch? _scratch;

    private sealed class Scratch
    {
        private const int KeptBytesMax = 256 * 1024;

        private readonly ArrayBufferWriter<byte> _buffer = new(8192);
        private readonly Utf8JsonWriter _writer;

        public Scratch() => _writer = new Utf8JsonWriter(_buffer, ApiJson.WriterOptions);

        public bool IsLarge => _buffer.Capacity > KeptBytesMax;

        public byte[] Encode(JsonObject obj, SchemaNode schema)
        {
            _buffer.ResetWrittenCount();
            _writer.Reset();
            Object(_writer, obj, schema);
            _writer.Flush();
            return _buffer.WrittenSpan.ToArray();
        }
    }

    private static void Value(Utf8JsonWriter writer, JsonNode? value, SchemaNode schema)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case JsonObject obj when schema.Type == SchemaType.Object: Object(writer, obj, schema); break;
            case JsonObject obj when schema.WhenObject is { } form: Object(writer, obj, form); break;
            // Nothing is looked at in here, so that what was read lazily stays so.
            case JsonObject or JsonArray when schema.Verbatim: value.WriteTo(writer); break;
            case JsonObject map: Map(writer, map, schema.Items ?? AnyNode); break;
            case JsonArray list:
                writer.WriteStartArray();
                foreach (var item in list) Value(writer, item, schema.Items ?? (schema.WhenObject is null ? AnyNode : schema));
                writer.WriteEndArray();
                break;
            default: value.WriteTo(writer); break;
        }
    }

    private static readonly SchemaNode AnyNode = new() { Type = SchemaType.Any };

    private static void Object(Utf8JsonWriter writer, JsonObject obj, SchemaNode schema)
    {
        writer.WriteStartObject();
        // Schemas know far more fields than objects have: the fields that are there are put in order, rather than each one of the schema looked for.
        var order = obj.Count <= StackMax ? stackalloc long[StackMax] : new long[obj.Count];
        var known = Order(obj, schema, order);
        var (fields, always, nextAlways) = (schema.Fields, schema.AlwaysWritten, 0);
        foreach (var entry in order[..known])
        {
            var (field, at) = ((int)(entry >> 32), (int)entry);
            for (; nextAlways < always.Length && always[nextAlways] <= field; nextAlways++)
                if (always[nextAlways] < field) Property(writer, fields[always[nextAlways]], present: false, null);
            Property(writer, fields[field], present: true, obj.GetAt(at).Value);
        }
        for (; nextAlways < always.Length; nextAlways++) Property(writer, fields[always[nextAlways]], present: false, null);
        if (known < obj.Count) Unknown(writer, obj, schema);
        writer.WriteEndObject();
    }

    private const int StackMax = 48;

    /// <summary>Where the schema's fields are in the object, in the schema's order: the place in the schema above, the place in the object below. Returns their number.</summary>
    private static int Order(JsonObject obj, SchemaNode schema, Span<long> order)
    {
        var known = 0;
        for (var i = 0; i < obj.Count; i++)
            if (schema.IndexOf(obj.GetAt(i).Key) is >= 0 and var field) order[known++] = (long)field << 32 | (long)i;
        order[..known].Sort();
        return known;
    }

    private static void Property(Utf8JsonWriter writer, SchemaProperty property, bool present, JsonNode? value)
    {
        switch (property.Presence)
        {
            case Presence.WhenSet:
                if (!present || value is null && !property.Node.Nullable) return;
                break;
            case Presence.WhenNotEmpty:
                if (!present || IsZero(value, property.Node)) return;
                break;
            case Presence.Always when value is null:
                writer.WritePropertyName(property.Utf8Name);
                Zero(writer, property);
                return;
        }
        writer.WritePropertyName(property.Utf8Name);
        Value(writer, value, property.Node);
    }

    private static void Zero(Utf8JsonWriter writer, SchemaProperty property)
    {
        if (property.Pointer)
        {
            writer.WriteNullValue();
            return;
        }
        switch (property.Node.Type)
        {
            case SchemaType.Object: Object(writer, [], property.Node); break;
            case SchemaType.String when property.Node.Format is not ("date-time" or "micro-time" or "byte"): writer.WriteStringValue(""u8); break;
            case SchemaType.Integer or SchemaType.Number or SchemaType.IntOrString: writer.WriteNumberValue(0); break;
            case SchemaType.Boolean: writer.WriteBooleanValue(false); break;
            case SchemaType.Quantity: writer.WriteStringValue("0"u8); break;
            default: writer.WriteNullValue(); break;
        }
    }

    /// <summary>Whether Go's encoder would leave the value out under omitempty.</summary>
    internal static bool IsZero(JsonNode? value, SchemaNode schema) => value switch
    {
        null => true,
        JsonArray list => list.Count == 0,
        JsonObject map when schema.Type == SchemaType.Map => map.Count == 0,
        JsonObject obj => obj.Count == 0,
        JsonValue scalar => scalar.GetValueKind() switch
        {
            JsonValueKind.String => scalar.GetValue<string>().Length == 0,
            JsonValueKind.False => true,
            JsonValueKind.Number => scalar.TryGetValue<long>(out var whole) ? whole == 0 : scalar.TryGetValue<double>(out var real) && real == 0,
            _ => false,
        },
        _ => false,
    };

    private static void Unknown(Utf8JsonWriter writer, JsonObject obj, SchemaNode schema)
    {
        foreach (var name in obj.Select(p => p.Key).Where(name => schema.Property(name) is null).Order(StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            Value(writer, obj[name], AnyNode);
        }
    }

    private static void Map(Utf8JsonWriter writer, JsonObject map, SchemaNode items)
    {
        writer.WriteStartObject();
        if (map.Count < 2)
        {
            foreach (var (name, value) in map) Entry(writer, name, value, items);
        }
        else
        {
            var names = new string[map.Count];
            var i = 0;
            foreach (var (name, _) in map) names[i++] = name;
            System.Array.Sort(names, StringComparer.Ordinal);
            foreach (var name in names) Entry(writer, name, map[name], items);
        }
        writer.WriteEndObject();
    }

    private static void Entry(Utf8JsonWriter writer, string name, JsonNode? value, SchemaNode items)
    {
        writer.WritePropertyName(name);
        Value(writer, value, items);
    }
}
