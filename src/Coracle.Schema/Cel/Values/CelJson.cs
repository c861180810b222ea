using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema.Cel;

/// <summary>JSON as values: read as the schema says, or, without one, as it stands.</summary>
public static partial class CelJson
{
    /// <summary>JSON of which nothing is declared: whole numbers are ints, others doubles.</summary>
    public static CelValue Dynamic(JsonNode? node) => node switch
    {
        null => CelValue.Null,
        JsonObject obj => CelValue.Map(new JsonMap(obj, null)),
        JsonArray array => CelValue.List(new JsonList(array, null)),
        JsonValue value => Scalar(value),
        _ => CelValue.Null,
    };

    /// <summary>JSON that a schema describes. What does not fit it is an error value.</summary>
    public static CelValue Typed(JsonNode? node, CelSchema schema)
    {
        if (node is null) return schema.Nullable ? CelValue.Null : CelValue.Error("invalid data, got null for schema with nullable=false");
        if (schema.IntOrString)
        {
            var either = Dynamic(node);
            return either.Kind is CelKind.String or CelKind.Int ? either : CelValue.Error("invalid data, expected XIntOrString value to be either a string or integer");
        }
        switch (schema.Type)
        {
            case "object":
                return node is JsonObject obj
                    ? CelValue.Map(new JsonMap(obj, schema.EmbeddedResource ? schema.WithTypeAndObjectMeta() : schema))
                    : CelValue.Error("invalid data, expected a map for the provided schema with type=object");
            case "array": return ListOf(node, schema);
            case "string": return TextOf(node, schema);
            case "number":
                var number = Dynamic(node);
                return number.Kind is CelKind.Int or CelKind.Uint or CelKind.Double ? Conversions.ToDouble(number) : CelValue.Error($"invalid data, expected float, got {GoType(number)}");
            case "integer":
                var integer = Dynamic(node);
                return integer.Kind == CelKind.Int ? integer : CelValue.Error($"invalid data, expected int, got {GoType(integer)}");
            case "boolean":
                var boolean = Dynamic(node);
                return boolean.Kind == CelKind.Bool ? boolean : CelValue.Error($"invalid data, expected bool, got {GoType(boolean)}");
        }
        if (schema.PreserveUnknownFields) return CelValue.Object(new PreservedJson(node));
        return CelValue.Error("invalid type, expected object, array, number, integer, boolean or string, or no type with x-kubernetes-int-or-string or x-kubernetes-preserve-unknown-fields is true, got " + schema.Type);
    }

    private static CelValue ListOf(JsonNode node, CelSchema schema)
    {
        if (node is not JsonArray array) return CelValue.Error("invalid data, expected an array for the provided schema with type=array");
        if (schema.Items is not { } items) return CelValue.Error("invalid array type, expected Items with a non-empty Schema");
        return schema.ListType switch
        {
            "" or "atomic" => CelValue.List(new JsonList(array, items)),
            "set" => CelValue.List(new SetList(new JsonList(array, items))),
            "map" => CelValue.List(new KeyedList(new JsonList(array, items), schema.ListKeys)),
            _ => CelValue.Error($"invalid x-kubernetes-list-type, expected 'map', 'set' or 'atomic' but got {schema.ListType}"),
        };
    }

    private static CelValue TextOf(JsonNode node, CelSchema schema)
    {
        var value = Dynamic(node);
        if (value.Kind != CelKind.String) return CelValue.Error($"invalid data, expected string, got {GoType(value)}");
        var text = value.AsString;
        switch (schema.Format)
        {
            case "duration": return OpenApiText.Duration(text);
            case "date":
                return TimeText.TryParseTimestamp(text + "T00:00:00Z", out var day, out _) ? CelValue.Timestamp(day, 0) : CelValue.Error($"Invalid date formatted string {text}: cannot parse as a date");
            case "date-time":
                return OpenApiText.TryDateTime(text, out var seconds, out var nanos) ? CelValue.Timestamp(seconds, nanos) : CelValue.Error($"Invalid date-time formatted string {text}: cannot parse as a date-time");
            case "byte":
                var bytes = new byte[text.Length];
                return System.Convert.TryFromBase64String(text, bytes, out var length) ? CelValue.Bytes(bytes[..length]) : CelValue.Error($"Invalid byte formatted string {text}: illegal base64 data");
            default: return value;
        }
    }

    private static CelValue Scalar(JsonValue value)
    {
        // Nodes that came from text hold an element; others hold the value that they were made of.
        if (value.GetValueKind() == JsonValueKind.String && value.TryGetValue<string>(out var plain)) return CelValue.String(plain);
        if (value.TryGetValue<JsonElement>(out var element)) return Scalar(element);
        if (value.TryGetValue<string>(out var text)) return CelValue.String(text);
        if (value.TryGetValue<bool>(out var boolean)) return CelValue.Bool(boolean);
        if (value.TryGetValue<long>(out var integer)) return CelValue.Int(integer);
        if (value.TryGetValue<int>(out var small)) return CelValue.Int(small);
        if (value.TryGetValue<double>(out var number)) return CelValue.Double(number);
        using var document = JsonDocument.Parse(value.ToJsonString());
        return Scalar(document.RootElement);
    }

    internal static CelValue Scalar(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String: return CelValue.String(element.GetString()!);
            case JsonValueKind.True: return CelValue.True;
            case JsonValueKind.False: return CelValue.False;
            case JsonValueKind.Number:
                return element.TryGetInt64(out var integer) ? CelValue.Int(integer) : CelValue.Double(element.GetDouble());
            default: return CelValue.Null;
        }
    }

    private static string GoType(CelValue value) => value.Kind switch
    {
        CelKind.String => "string",
        CelKind.Int => "int64",
        CelKind.Double => "float64",
        CelKind.Bool => "bool",
        CelKind.Map => "map[string]interface {}",
        CelKind.List => "[]interface {}",
        _ => "<nil>",
    };
}
