using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>
/// The protobuf encoding of built-in kinds to the same tree that JSON decodes to. Which field is which comes from the schema; the types that upstream
/// encodes as messages of their own (Time, Quantity, IntOrString, RawExtension) are known by their schema type.
/// </summary>
public static class ProtobufDecoder
{
    private const int DepthMax = 400;

    /// <summary>The four bytes before every object: what follows is a message with type and content.</summary>
    public static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>Decodes a whole body, envelope included; null when it is malformed.</summary>
    public static JsonObject? Decode(ReadOnlySpan<byte> body, SchemaNode schema)
    {
        if (!body.StartsWith(Magic)) return null;
        var envelope = new ProtobufReader(body[Magic.Length..]);
        var (apiVersion, kind) = ("", "");
        ReadOnlySpan<byte> raw = default;
        while (envelope.Next())
        {
            if (envelope.Field == 1) ReadType(envelope.Bytes(), out apiVersion, out kind);
            else if (envelope.Field == 2) raw = envelope.Bytes();
            else envelope.Skip();
        }
        if (envelope.Failed) return null;
        var obj = new JsonObject();
        if (kind.Length > 0) obj["kind"] = kind;
        if (apiVersion.Length > 0) obj["apiVersion"] = apiVersion;
        return Message(raw, schema, obj, 0) ? obj : null;
    }

    private static void ReadType(ReadOnlySpan<byte> data, out string apiVersion, out string kind)
    {
        (apiVersion, kind) = ("", "");
        var reader = new ProtobufReader(data);
        while (reader.Next())
        {
            if (reader.Field == 1) apiVersion = Encoding.UTF8.GetString(reader.Bytes());
            else if (reader.Field == 2) kind = Encoding.UTF8.GetString(reader.Bytes());
            else reader.Skip();
        }
    }

    /// <summary>Field i of a message that upstream embeds as field o, its fields standing among the outer ones in JSON, has the number o * 1000 + i.</summary>
    private const int InlinedFactor = 1000;

    private static bool HasInlined(SchemaNode schema, int number)
    {
        foreach (var property in schema.Properties)
            if (property.Number / InlinedFactor == number) return true;
        return false;
    }

    private static bool Message(ReadOnlySpan<byte> data, SchemaNode schema, JsonObject into, int depth, int prefix = 0)
    {
        if (depth > DepthMax) return false;
        var reader = new ProtobufReader(data);
        while (reader.Next())
        {
            if (Property(schema, prefix + reader.Field) is { } property)
            {
                if (!Field(ref reader, property, into, depth)) return false;
            }
            else if (HasInlined(schema, prefix + reader.Field))
            {
                if (!Message(reader.Bytes(), schema, into, depth + 1, (prefix + reader.Field) * InlinedFactor)) return false;
            }
            else reader.Skip();
        }
        return !reader.Failed;
    }

    private static SchemaProperty? Property(SchemaNode schema, int number)
    {
        foreach (var property in schema.Properties)
            if (property.Number == number) return property;
        return null;
    }

    private static bool Field(ref ProtobufReader reader, SchemaProperty property, JsonObject into, int depth)
    {
        var node = property.Node;
        switch (node.Type)
        {
            case SchemaType.Map:
                if (into[property.Name] is not JsonObject map) into[property.Name] = map = [];
                return Entry(reader.Bytes(), node.Items!, map, depth);
            case SchemaType.Array:
                if (into[property.Name] is not JsonArray list) into[property.Name] = list = [];
                return Items(ref reader, node.Items!, list, depth);
            default:
                if (!Value(ref reader, node, depth, out var value)) return false;
                into[property.Name] = value;
                return true;
        }
    }

    private static bool Items(ref ProtobufReader reader, SchemaNode items, JsonArray list, int depth)
    {
        if (items.Type == SchemaType.Integer && reader.Wire == 2)
        {
            var packed = new ProtobufReader(reader.Bytes());
            while (!packed.AtEnd && !packed.Failed) list.Add((JsonNode)JsonValue.Create((long)packed.Varint()));
            return !packed.Failed;
        }
        if (!Value(ref reader, items, depth, out var value)) return false;
        list.Add(value);
        return true;
    }

    private static bool Entry(ReadOnlySpan<byte> data, SchemaNode items, JsonObject map, int depth)
    {
        var reader = new ProtobufReader(data);
        var key = "";
        JsonNode? value = null;
        while (reader.Next())
        {
            if (reader.Field == 1) key = Encoding.UTF8.GetString(reader.Bytes());
            else if (reader.Field == 2)
            {
                if (!Value(ref reader, items, depth, out value)) return false;
            }
            else reader.Skip();
        }
        map[key] = value ?? (items is { Type: SchemaType.String, Format: null } ? JsonValue.Create("") : null);
        return !reader.Failed;
    }

    private static bool Value(ref ProtobufReader reader, SchemaNode node, int depth, out JsonNode? value)
    {
        value = null;
        switch (node.Type)
        {
            case SchemaType.Object:
                var obj = new JsonObject();
                value = obj;
                return Message(reader.Bytes(), node, obj, depth + 1) && !reader.Failed;
            case SchemaType.Integer:
                value = JsonValue.Create(node.Format == "int32" ? (int)reader.Varint() : (long)reader.Varint());
                break;
            case SchemaType.Boolean: value = JsonValue.Create(reader.Varint() != 0); break;
            case SchemaType.Number: value = JsonValue.Create(reader.Double()); break;
            case SchemaType.Quantity: value = JsonValue.Create(Inner(reader.Bytes()).Text); break;
            case SchemaType.IntOrString: value = IntOrStringValue(reader.Bytes()); break;
            case SchemaType.Any when node.WhenObject is { } form: return Either(reader.Bytes(), node, form, depth, out value) && !reader.Failed;
            case SchemaType.Any: return Raw(reader.Bytes(), out value) && !reader.Failed;
            // A list as a map's value is wrapped in a message of its own.
            case SchemaType.Array:
                var list = new JsonArray();
                value = list;
                var wrapped = new ProtobufReader(reader.Bytes());
                while (wrapped.Next())
                    if (!Items(ref wrapped, node.Items!, list, depth + 1)) return false;
                return !wrapped.Failed && !reader.Failed;
            case SchemaType.String: value = Text(ref reader, node); break;
            default: return false;
        }
        return !reader.Failed;
    }

    private static JsonNode? Text(ref ProtobufReader reader, SchemaNode node)
    {
        var bytes = reader.Bytes();
        return node.Format switch
        {
            "byte" => JsonValue.Create(Convert.ToBase64String(bytes)),
            "date-time" or "micro-time" => Time(bytes, node.Format == "micro-time"),
            _ => JsonValue.Create(Encoding.UTF8.GetString(bytes)),
        };
    }

    private static JsonNode? Time(ReadOnlySpan<byte> data, bool micro)
    {
        var reader = new ProtobufReader(data);
        long seconds = 0, nanos = 0;
        while (reader.Next())
        {
            if (reader.Field == 1) seconds = (long)reader.Varint();
            else if (reader.Field == 2) nanos = (long)reader.Varint();
            else reader.Skip();
        }
        // An empty message is upstream's zero time: absent.
        if (data.IsEmpty || reader.Failed || seconds is < -62_135_596_800 or > 253_402_300_799) return null;
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanos / 100);
        return JsonValue.Create(micro ? GoTime.FormatMicro(time) : GoTime.Format(time));
    }

    private static (long Kind, long Number, string Text) Inner(ReadOnlySpan<byte> data)
    {
        var reader = new ProtobufReader(data);
        long kind = 0, number = 0;
        var text = "";
        while (reader.Next())
        {
            if (reader.Wire == 2) text = Encoding.UTF8.GetString(reader.Bytes());
            else if (reader.Field == 1) kind = (long)reader.Varint();
            else if (reader.Field == 2) number = (int)reader.Varint();
            else reader.Skip();
        }
        return (kind, number, text);
    }

    private static JsonValue IntOrStringValue(ReadOnlySpan<byte> data)
    {
        var (kind, number, text) = Inner(data);
        return kind == 1 ? JsonValue.Create(text) : JsonValue.Create(number);
    }

    /// <summary>A schema or a flag, rather than a schema or a list.</summary>
    internal static bool IsFlagged(SchemaNode node) => node.Definition!.EndsWith("OrBool", StringComparison.Ordinal);

    private static bool Either(ReadOnlySpan<byte> data, SchemaNode node, SchemaNode form, int depth, out JsonNode? value)
    {
        var reader = new ProtobufReader(data);
        var (flagged, texts) = (IsFlagged(node), node.Definition!.EndsWith("StringArray", StringComparison.Ordinal));
        value = flagged ? JsonValue.Create(false) : null;
        JsonObject? schema = null;
        JsonArray? list = null;
        while (reader.Next())
        {
            if (flagged && reader.Field == 1) value = JsonValue.Create(reader.Varint() != 0);
            else if (reader.Field == (flagged ? 2 : 1))
            {
                if (!Message(reader.Bytes(), form, schema = [], depth + 1)) return false;
            }
            else if (reader.Field == 2 && texts) (list ??= []).Add((JsonNode)JsonValue.Create(Encoding.UTF8.GetString(reader.Bytes())));
            else if (reader.Field == 2)
            {
                var item = new JsonObject();
                if (!Message(reader.Bytes(), form, item, depth + 1)) return false;
                (list ??= []).Add((JsonNode)item);
            }
            else reader.Skip();
        }
        value = (JsonNode?)schema ?? list ?? value;
        return !reader.Failed;
    }

    private static bool Raw(ReadOnlySpan<byte> data, out JsonNode? value)
    {
        value = null;
        var reader = new ProtobufReader(data);
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }
            try
            {
                value = ApiJson.ParseTree(reader.Bytes());
            }
            catch (JsonException)
            {
                return false;
            }
        }
        return !reader.Failed;
    }
}
