using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema.Cel;

/// <summary>JSON as values: read as the schema says, or, without one, as it stands.</summary>
public static class CelJson
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

    /// <summary>A value as JSON; null and an error text for what JSON has no form for.</summary>
    public static JsonNode? ToJson(CelValue value, out string? error)
    {
        error = null;
        switch (value.Kind)
        {
            case CelKind.Null: return null;
            case CelKind.Bool: return JsonValue.Create(value.AsBool);
            case CelKind.Int: return JsonValue.Create(value.AsInt);
            case CelKind.Uint: return JsonValue.Create(value.AsUint);
            case CelKind.Double when double.IsFinite(value.AsDouble): return JsonValue.Create(value.AsDouble);
            case CelKind.String: return JsonValue.Create(value.AsString);
            case CelKind.Bytes: return JsonValue.Create(System.Convert.ToBase64String(value.AsBytes));
            case CelKind.Timestamp or CelKind.Duration: return JsonValue.Create(value.ToString());
            case CelKind.List: return ArrayOf(value.AsList, out error);
            case CelKind.Map: return ObjectOf(value.AsMap, out error);
            case CelKind.Object when value.AsObject is MadeObject made: return ObjectOf(made, out error);
            case CelKind.Object when value.AsObject is PreservedJson kept: return kept.Node.DeepClone();
            default:
                error = $"unsupported type {value.TypeName} in JSON";
                return null;
        }
    }

    private static JsonObject? ObjectOf(MadeObject made, out string? error)
    {
        error = null;
        var obj = new JsonObject();
        foreach (var (name, value) in made.Fields)
        {
            obj[name] = ToJson(value, out error);
            if (error is not null) return null;
        }
        return obj;
    }

    private static JsonArray? ArrayOf(CelList list, out string? error)
    {
        error = null;
        var array = new JsonArray();
        for (var i = 0; i < list.Count; i++)
        {
            array.Add(ToJson(list[i], out error));
            if (error is not null) return null;
        }
        return array;
    }

    private static JsonObject? ObjectOf(CelMap map, out string? error)
    {
        error = null;
        if (map is JsonMap { Node: { } node }) return (JsonObject)node.DeepClone();
        var obj = new JsonObject();
        foreach (var (key, value) in map.Entries())
        {
            if (key.Kind is not (CelKind.String or CelKind.Int or CelKind.Uint or CelKind.Bool))
            {
                error = $"unsupported key type {key.TypeName} in JSON";
                return null;
            }
            obj[key.ToString()] = ToJson(value, out error);
            if (error is not null) return null;
        }
        return obj;
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

/// <summary>A JSON array; elements are read as the schema of the items says.</summary>
internal sealed class JsonList(JsonArray array, CelSchema? items) : CelList
{
    public override int Count => array.Count;
    public override CelValue this[int index] => items is null ? CelJson.Dynamic(array[index]) : CelJson.Typed(array[index], items);
}

/// <summary>A JSON object: with properties, as a map of one schema, or of none.</summary>
internal sealed class JsonMap(JsonObject node, CelSchema? schema) : CelMap
{
    public JsonObject Node => node;
    private bool Declared => schema?.Properties is not null;

    public override int Count => node.Count;

    public override bool TryGet(CelValue key, out CelValue value)
    {
        if (key.Kind == CelKind.String) return TryGetField(key.AsString, out value);
        value = default;
        return false;
    }

    public override bool TryGetField(string name, out CelValue value)
    {
        value = default;
        if (schema is null)
        {
            if (!node.TryGetPropertyValue(name, out var any)) return false;
            value = CelJson.Dynamic(any);
            return true;
        }
        var declared = Declared;
        if (declared && CelNames.Unescape(name) is var plain)
        {
            if (plain is null) return false;
            name = plain;
        }
        if (!node.TryGetPropertyValue(name, out var child) || (declared && child is null)) return false;
        if ((declared ? schema.Property(name) : schema.Values) is not { } type) return false;
        value = CelJson.Typed(child, type);
        return true;
    }

    public override IEnumerable<KeyValuePair<CelValue, CelValue>> Entries()
    {
        foreach (var (name, _) in node)
        {
            var key = Declared ? CelNames.Escape(name) ?? name : name;
            if (TryGetField(key, out var value)) yield return new(CelValue.String(key), value);
        }
    }

    public override CelValue SameAs(CelMap other)
    {
        if (schema is null || other is not JsonMap theirs) return base.SameAs(other);
        if (Count != other.Count) return CelValue.False;
        foreach (var (name, child) in node)
        {
            var key = Declared ? CelNames.Escape(name) ?? name : name;
            var known = Declared ? schema.Property(name) is not null : schema.Values is not null;
            if (!known)
            {
                if (theirs.Node.TryGetPropertyValue(name, out var unknown) && !JsonNode.DeepEquals(child, unknown)) return CelValue.False;
                continue;
            }
            var here = TryGetField(key, out var mine);
            if (here != theirs.TryGetField(key, out var yours)) return CelValue.False;
            if (!here) continue;
            var same = Equality.Equal(mine, yours);
            if (!same.IsTrue) return same;
        }
        return CelValue.True;
    }
}

/// <summary>JSON that is kept without being declared: it can be compared and nothing else.</summary>
internal sealed class PreservedJson(JsonNode node) : CelObject
{
    private static readonly CelType Unknown = CelType.Opaque("unknown");
    public override CelType Type => Unknown;
    public JsonNode Node => node;
    public override bool SameAs(CelObject other) => other is PreservedJson theirs && JsonNode.DeepEquals(node, theirs.Node);
    public override string ToString() => GoText.Print(node);
}
