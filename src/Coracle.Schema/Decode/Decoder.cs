using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>What decoding made of a body.</summary>
/// <param name="Value">The object, pruned to its schema; null when <paramref name="Error"/> is set.</param>
/// <param name="Error">Why the text cannot be this type, in the words of upstream's decoder.</param>
/// <param name="Strict">Unknown and duplicate fields, in the order met: unknown field "spec.foo".</param>
public sealed record Decoded(JsonObject? Value, string? Error, IReadOnlyList<string> Strict)
{
    /// <summary>The text is no JSON object that says what it is, as opposed to one with a value that does not fit its field.</summary>
    public bool IsUnreadable { get; init; }
}

/// <summary>Any JSON value, or why the text is none.</summary>
/// <param name="Strict">Fields that stand twice.</param>
public sealed record DecodedTree(JsonNode? Value, string? Error, IReadOnlyList<string> Strict);

/// <summary>
/// UTF-8 JSON to a tree that holds only what the schema knows, with values in canonical form: times in UTC, quantities normalised, nulls gone.
/// Behaves as upstream's strict JSON decoder into Go types, its messages included.
/// </summary>
public ref struct Decoder
{
    private const int StrictErrorsMax = 32;
    private const int DepthMax = 400;

    private Utf8JsonReader reader;
    private readonly DecodePath path;
    private List<string>? strict;

    private Decoder(ReadOnlySpan<byte> json)
    {
        reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DepthMax });
        path = new DecodePath();
    }

    /// <summary>Decodes an object of the given schema.</summary>
    public static Decoded Decode(ReadOnlySpan<byte> json, SchemaNode schema)
    {
        var decoder = new Decoder(json);
        try
        {
            decoder.reader.Read();
            if (decoder.reader.TokenType != JsonTokenType.StartObject)
                return Unreadable($"json: cannot unmarshal {Describe(ref decoder.reader)} into Go value of type {GoTypes.TypeMeta}");
            var value = (JsonObject)decoder.Object(schema);
            decoder.reader.Read(); // Throws when something follows.
            return new(value, null, (IReadOnlyList<string>?)decoder.strict ?? []);
        }
        catch (JsonException)
        {
            return Unreadable(JsonErrors.Describe(json));
        }
        catch (DecodeException e)
        {
            // Upstream reads apiVersion and kind first, of a type of their own.
            return decoder.path.ToString() is "kind" or "apiVersion" && decoder.reader.TokenType != JsonTokenType.String
                ? Unreadable($"json: cannot unmarshal {Describe(ref decoder.reader)} into Go struct field .{decoder.path} of type string")
                : new(null, e.Message, []);
        }
    }

    private static Decoded Unreadable(string error) => new(null, error, []) { IsUnreadable = true };

    /// <summary>Decodes a value of which nothing is known: a patch.</summary>
    public static DecodedTree DecodeTree(ReadOnlySpan<byte> json)
    {
        var decoder = new Decoder(json);
        try
        {
            decoder.reader.Read();
            var value = decoder.Any();
            decoder.reader.Read();
            return new(value, null, (IReadOnlyList<string>?)decoder.strict ?? []);
        }
        catch (JsonException)
        {
            return new(null, JsonErrors.Describe(json), []);
        }
        catch (DecodeException e)
        {
            return new(null, e.Message, []);
        }
    }

    private JsonNode? Value(SchemaNode schema) => schema.Checks is not null ? Unchecked(schema) : schema.Type switch
    {
        SchemaType.Any when schema.WhenObject is { } form && reader.TokenType == JsonTokenType.StartObject => Object(form),
        SchemaType.Any => Any(),
        SchemaType.Object => reader.TokenType == JsonTokenType.StartObject ? Object(schema) : throw Mismatch(schema),
        SchemaType.Map => reader.TokenType == JsonTokenType.StartObject ? Map(schema) : throw Mismatch(schema),
        SchemaType.Array => reader.TokenType == JsonTokenType.StartArray ? Array(schema) : throw Mismatch(schema),
        SchemaType.String => reader.TokenType == JsonTokenType.String ? Text(schema) : throw Mismatch(schema),
        SchemaType.Boolean => reader.TokenType is JsonTokenType.True or JsonTokenType.False ? JsonValue.Create(reader.GetBoolean()) : throw Mismatch(schema),
        SchemaType.Integer => Integer(schema),
        SchemaType.Number => reader.TokenType == JsonTokenType.Number ? Number() : throw Mismatch(schema),
        SchemaType.IntOrString => IntegerOrString(schema),
        SchemaType.Quantity => QuantityText(),
        _ => throw new InvalidOperationException($"schema type {schema.Type}"),
    };

    // What does not fit is kept as it came: it is for validation to say so.
    private JsonNode? Unchecked(SchemaNode schema) => reader.TokenType switch
    {
        JsonTokenType.StartObject when schema.Type == SchemaType.Object => Object(schema),
        JsonTokenType.StartObject when schema.Type == SchemaType.Map => Map(schema),
        JsonTokenType.StartObject when schema.WhenObject is { } form => Object(form),
        JsonTokenType.StartArray when schema.Type == SchemaType.Array => Array(schema),
        _ => Any(),
    };

    private JsonObject Object(SchemaNode schema)
    {
        var result = new JsonObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = reader.HasValueSequence || reader.ValueIsEscaped ? schema.Property(Unescape()) : schema.Property(reader.ValueSpan);
            if (property is null)
            {
                UnknownField(schema, result);
                continue;
            }
            path.Push(property.Name, schema);
            Set(result, property.Name, property.Node, property.Required);
            path.Pop();
        }
        return result;
    }

    private void UnknownField(SchemaNode schema, JsonObject result)
    {
        var name = Unescape();
        if (schema.PreserveUnknown)
        {
            path.Push(name);
            reader.Read();
            Put(result, name, Any());
            path.Pop();
            return;
        }
        Report("unknown", name);
        reader.Read();
        reader.Skip();
    }

    private void Set(JsonObject result, string name, SchemaNode node, bool required)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null && !(node.Nullable || node.Type == SchemaType.Any && required))
        {
            if (result.ContainsKey(name)) Report("duplicate");
            result.Remove(name);
            return;
        }
        Put(result, name, reader.TokenType == JsonTokenType.Null ? null : IsFieldSet(name, node) ? FieldSet() : Value(node));
    }

    // Half of what clients send back, and only ever read as a whole.
    private static bool IsFieldSet(string name, SchemaNode node) => node.Verbatim && name == "fieldsV1";

    private JsonNode FieldSet()
    {
        var bytes = RawJson.Read(ref reader).Utf8;
        return System.Text.Unicode.Utf8.IsValid(bytes.Span) && !HasHalves(bytes.Span) ? RawNode.Of(bytes) : throw new DecodeException($"invalid UTF-8 in string at \"{path}\"");
    }

    /// <summary>Whether a string names half a surrogate pair. Hardly any set of fields has such escapes at all.</summary>
    private static bool HasHalves(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\u"u8) < 0) return false;
        var text = new Utf8JsonReader(json, ApiJson.ReaderOptions);
        try
        {
            while (text.Read())
                if (text.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && text.ValueIsEscaped) text.GetString();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private void Put(JsonObject result, string name, JsonNode? value)
    {
        if (result.TryAdd(name, value)) return;
        Report("duplicate");
        result[name] = value;
    }

    private JsonObject Map(SchemaNode schema)
    {
        var result = new JsonObject();
        var items = schema.Items!;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Unescape();
            path.Push(name);
            reader.Read();
            if (reader.TokenType != JsonTokenType.Null || items.Checks is null || items.Nullable || items.NullDefault is not null) Put(result, name, ItemOrZero(items));
            path.Pop();
        }
        return result;
    }

    private JsonArray Array(SchemaNode schema)
    {
        var result = new JsonArray();
        var items = schema.Items!;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            path.PushIndex(result.Count);
            result.Add(ItemOrZero(items));
            path.Pop();
        }
        return result;
    }

    // A null item of a Go slice or map decodes to the zero value.
    private JsonNode? ItemOrZero(SchemaNode items)
    {
        if (reader.TokenType != JsonTokenType.Null || items.Nullable || items.Type == SchemaType.Any || items.Checks is not null)
            return reader.TokenType == JsonTokenType.Null ? null : Value(items);
        return items.Type switch
        {
            SchemaType.Object or SchemaType.Map => new JsonObject(),
            SchemaType.Array => new JsonArray(),
            SchemaType.Boolean => JsonValue.Create(false),
            SchemaType.Integer or SchemaType.Number or SchemaType.IntOrString => JsonValue.Create(0L),
            SchemaType.Quantity => JsonValue.Create("0"),
            SchemaType.String when items.Format is "date-time" or "micro-time" => null,
            _ => JsonValue.Create(""),
        };
    }

    private JsonNode? Any()
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var map = new JsonObject();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = Unescape();
                    path.Push(name);
                    reader.Read();
                    Put(map, name, Any());
                    path.Pop();
                }
                return map;
            case JsonTokenType.StartArray:
                var list = new JsonArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    path.PushIndex(list.Count);
                    list.Add(Any());
                    path.Pop();
                }
                return list;
            case JsonTokenType.String: return JsonValue.Create(Unescape());
            case JsonTokenType.Number: return Number();
            case JsonTokenType.True or JsonTokenType.False: return JsonValue.Create(reader.GetBoolean());
            default: return null;
        }
    }

    private JsonValue Number()
    {
        if (reader.TryGetInt64(out var whole)) return JsonValue.Create(whole);
        // 1e999 is well-formed, and infinite as a double: it could be read, but never written again.
        var real = reader.GetDouble();
        return double.IsFinite(real) ? JsonValue.Create(real) : throw new DecodeException($"json: cannot unmarshal number {Encoding.UTF8.GetString(reader.ValueSpan)} into Go {path.GoTarget()} of type float64");
    }

    private JsonValue Integer(SchemaNode schema)
    {
        if (reader.TokenType != JsonTokenType.Number) throw Mismatch(schema);
        if (!reader.TryGetInt64(out var value) || schema.Format == "int32" && value is < int.MinValue or > int.MaxValue)
            throw Mismatch(schema, $"number {Encoding.UTF8.GetString(reader.ValueSpan)}");
        return JsonValue.Create(value);
    }

    private JsonValue IntegerOrString(SchemaNode schema)
    {
        if (reader.TokenType == JsonTokenType.String) return JsonValue.Create(Unescape());
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value)) return JsonValue.Create((long)value);
        throw Mismatch(schema, null, "int32");
    }

    private JsonValue QuantityText()
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => Unescape(),
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            _ => "",
        };
        if (Quantity.TryParse(text, out var quantity)) return JsonValue.Create(quantity.ToString());
        throw new DecodeException(@"quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    }

    private JsonValue Text(SchemaNode schema)
    {
        var text = Unescape();
        switch (schema.Format)
        {
            case "date-time" or "micro-time":
                return JsonValue.Create(GoTime.Canonical(text, schema.Format == "micro-time") ?? throw new DecodeException(GoTime.ParseError(text)));
            case "byte":
                var bad = Base64Text.FirstBadByte(text);
                if (bad >= 0) throw new DecodeException($"illegal base64 data at input byte {bad}");
                return JsonValue.Create(text);
            default:
                return JsonValue.Create(text);
        }
    }

    private string Unescape()
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate or bytes that are not UTF-8. Upstream substitutes; refusing loses nothing and corrupts nothing.
            throw new DecodeException($"invalid UTF-8 in string at \"{path}\"");
        }
    }

    private void Report(string what, string? name = null)
    {
        strict ??= [];
        if (strict.Count >= StrictErrorsMax) return;
        var field = name is null ? path.ToString() : path.With(name);
        var message = $"{what} field \"{field}\"";
        if (!strict.Contains(message)) strict.Add(message);
    }

    private DecodeException Mismatch(SchemaNode schema, string? what = null, string? type = null) =>
        new($"json: cannot unmarshal {what ?? Describe(ref reader)} into Go struct field {path.GoField()} of type {type ?? GoTypes.Name(schema)}");

    private static string Describe(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "object",
        JsonTokenType.StartArray => "array",
        JsonTokenType.String => "string",
        JsonTokenType.Number => "number",
        JsonTokenType.True or JsonTokenType.False => "bool",
        _ => "null",
    };
}

/// <summary>Ends a decoding early; never leaves <see cref="Decoder.Decode"/>.</summary>
internal sealed class DecodeException(string message) : Exception(message);
