using System.Text.Json.Nodes;
using Coracle.Schema;
using FsCheck;
using FsCheck.Fluent;

namespace Coracle.Fuzz.Tests.Properties;

/// <summary>Objects as a kind's schema would have them: each field of its type, each list with the keys that tell its items apart.</summary>
internal static class Plausible
{
    private const int FieldsMax = 5;

    public static Gen<JsonObject> Object(SchemaNode schema, int depth)
    {
        var fields = schema.Properties.Where(p => depth > 0 || p.Node.Type is not (SchemaType.Object or SchemaType.Array or SchemaType.Map)).Where(p => p.Name != "managedFields").ToArray();
        return
            from chosen in Gen.SubListOf(fields).Select(some => some.Take(FieldsMax).ToArray())
            from values in Gen.CollectToSequence(chosen.Select(field => Field(field, depth - 1))).Select(all => all.ToArray())
            select new JsonObject(chosen.Zip(values, (field, value) => KeyValuePair.Create(field.Name, value?.DeepClone())));
    }

    private static Gen<JsonNode?> Field(SchemaProperty field, int depth) => field.Node.Type == SchemaType.Array ? List(field, depth) : Value(field.Node, depth);

    private static Gen<JsonNode?> List(SchemaProperty field, int depth)
    {
        var items = field.Node.Items!;
        var keys = field.PatchMergeKey is { Length: > 0 } merge ? field.Node.ListKeys.Append(merge).Distinct().ToArray() : [.. field.Node.ListKeys];
        var one = Value(items, depth);
        return Gen.Choose(1, 3).SelectMany(n => one.ArrayOf(n)).Select(values => (JsonNode?)new JsonArray([.. Distinct(values, keys, items)]));
    }

    // Items that are told apart by keys have other ones each; others occur once.
    private static IEnumerable<JsonNode?> Distinct(JsonNode?[] values, string[] keys, SchemaNode items)
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i]?.DeepClone();
            if (value is JsonObject obj)
                foreach (var key in keys)
                    if (items.Property(key) is { } field) obj[key] = field.Node.Type is SchemaType.Integer or SchemaType.IntOrString ? JsonValue.Create(80L + i) : JsonValue.Create($"k{i}");
            if (seen.Add(value?.ToJsonString() ?? "")) yield return value;
        }
    }

    private static Gen<JsonNode?> Value(SchemaNode node, int depth) => node.Type switch
    {
        SchemaType.Object => Object(node, Math.Max(depth, 0)).Select(o => (JsonNode?)o),
        SchemaType.Map => Gen.SubListOf("a", "b", "example.com/c").SelectMany(keys => Value(node.Items!, depth - 1).ArrayOf(keys.Count).Select(values => (JsonNode?)new JsonObject(keys.Zip(values, (k, v) => KeyValuePair.Create(k, v?.DeepClone()))))),
        SchemaType.Array => Gen.Choose(0, 2).SelectMany(n => Value(node.Items!, depth - 1).ArrayOf(n)).Select(values => (JsonNode?)new JsonArray([.. values.Select(v => v?.DeepClone())])),
        SchemaType.Integer => Gen.Choose(0, 70000).Select(n => (JsonNode?)JsonValue.Create((long)n)),
        SchemaType.Number => Gen.Elements(0.5, 1.25, 3).Select(n => (JsonNode?)JsonValue.Create(n)),
        SchemaType.Boolean => Gen.Elements(true, false).Select(b => (JsonNode?)JsonValue.Create(b)),
        SchemaType.Quantity => Gen.Elements("1", "100m", "1Gi", "0").Select(Text),
        SchemaType.IntOrString => Gen.OneOf(Gen.Elements("25%", "http").Select(Text), Gen.Choose(0, 9).Select(n => (JsonNode?)JsonValue.Create((long)n))),
        SchemaType.String when node.Enum is { Count: > 0 } allowed => Gen.Elements(allowed.ToArray()).Select(Text),
        SchemaType.String when node.Format is "date-time" or "micro-time" => Gen.Elements("2026-01-02T03:04:05Z", "2026-06-07T08:09:10.5+02:00").Select(Text),
        SchemaType.String when node.Format == "byte" => Gen.Elements("", "YQ==").Select(Text),
        SchemaType.String => Gen.Elements("", "a", "b-c", "example.com/x", "10.0.0.1", "é").Select(Text),
        _ => Gen.Elements("{\"x\":[1,null]}", "{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}").Select(t => JsonNode.Parse(t)),
    };

    private static JsonNode? Text(string text) => JsonValue.Create(text);
}
