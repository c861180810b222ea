using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer.Published.Tests;

/// <summary>Reads gnostic's protobuf form back to the JSON that it stands for.</summary>
internal sealed class GnosticDecoder(ProtoFile file)
{
    /// <summary>Messages around one of several values.</summary>
    private static readonly HashSet<string> Choices =
    [
        "AdditionalPropertiesItem", "NonBodyParameter", "ParametersItem", "ResponseValue", "SchemaItem", "SecurityDefinitionsItem", "DefaultType",
        "SchemaOrReference", "ParameterOrReference", "RequestBodyOrReference", "ResponseOrReference", "SecuritySchemeOrReference",
    ];

    public JsonNode? Document(byte[] bytes) => Message("Document", bytes);

    private JsonNode? Message(string type, ReadOnlySpan<byte> data)
    {
        if (type == "Any") return Yaml(data);
        if (type is "TypeItem" or "ItemsItem") return List(type, data) is [{ } only] ? only.DeepClone() : throw new InvalidDataException($"{type} with more than one value");
        if (type == "StringArray") return List(type, data);
        var obj = new JsonObject();
        JsonNode? single = null;
        for (var at = 0; at < data.Length;)
        {
            var (field, value) = Field(type, data, ref at);
            single = value;
            if (field.Type.StartsWith("Named", StringComparison.Ordinal)) obj.Add((string)value!["name"]!, value["value"]?.DeepClone());
            else if (!field.Repeated) obj.Add(field.Name, value);
            else if (obj[field.Name] is JsonArray list) list.Add(value);
            else obj[field.Name] = new JsonArray(value);
        }
        var isChoice = Choices.Contains(type) || type == "Parameter" && file == GnosticFiles.V2;
        return isChoice && obj.Count > 0 ? single!.DeepClone() : obj;
    }

    private JsonArray List(string type, ReadOnlySpan<byte> data)
    {
        var list = new JsonArray();
        for (var at = 0; at < data.Length;) list.Add(Field(type, data, ref at).Value);
        return list;
    }

    private static JsonNode? Yaml(ReadOnlySpan<byte> data)
    {
        var at = 0;
        Assert.Equal(2UL << 3 | 2, Varint(data, ref at));
        var text = Encoding.UTF8.GetString(Bytes(data, ref at));
        Assert.True(Schema.Yaml.TryRead(text, strict: true, out var json, out var error), error);
        return json;
    }

    private (ProtoField Field, JsonNode? Value) Field(string type, ReadOnlySpan<byte> data, ref int at)
    {
        var tag = Varint(data, ref at);
        var field = file.Field(type, (int)(tag >> 3));
        var wire = field.Type switch { "bool" => 0UL, "double" => 1UL, _ => 2UL };
        if ((tag & 7) != wire) throw new InvalidDataException($"{type}.{field.Name} has wire type {tag & 7}");
        switch (field.Type)
        {
            case "bool": return (field, JsonValue.Create(Varint(data, ref at) != 0));
            case "double":
                at += 8;
                return (field, JsonValue.Create(BinaryPrimitives.ReadDoubleLittleEndian(data[(at - 8)..])));
            case "string": return (field, JsonValue.Create(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Bytes(data, ref at))));
            default: return (field, Message(field.Type, Bytes(data, ref at)));
        }
    }

    private static ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> data, ref int at)
    {
        var length = (int)Varint(data, ref at);
        at += length;
        return data.Slice(at - length, length);
    }

    private static ulong Varint(ReadOnlySpan<byte> data, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = data[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
    }
}
