using System.Text;
using System.Text.Json.Nodes;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.ApiServer.OpenApi;

/// <summary>
/// The schemas of custom resources as they are published: what the definition says, with what all objects have. Made of the definition's bytes when they are asked
/// for and not kept (apiextensions-apiserver, pkg/controller/openapi).
/// </summary>
internal static class CustomSchemas
{
    private static readonly HashSet<string> Published = new(StringComparer.Ordinal)
    {
        "description", "type", "format", "title", "default", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems", "minItems",
        "uniqueItems", "multipleOf", "enum", "maxProperties", "minProperties", "required", "items", "allOf", "oneOf", "anyOf", "not", "properties", "additionalProperties", "nullable", "example",
    };

    /// <summary>The kind as it is published: with a schema that is the definition's own.</summary>
    public static KindInfo KindOf(KindInfo kind, Func<JsonObject?> schema)
    {
        var name = string.Join('.', kind.Group.Split('.').Reverse()) + $".{kind.Version}.{kind.Kind}";
        var node = new SchemaNode
        {
            Type = SchemaType.Object, Definition = name, GroupVersionKinds = [kind.GroupVersionKind],
            Properties = [new("metadata", static () => ObjectMeta.Schema)],
            Published = v2 => Encoding.UTF8.GetBytes(Whole(kind, schema(), v2).ToJsonString(ApiText)),
        };
        return new()
        {
            Group = kind.Group, Version = kind.Version, Kind = kind.Kind, Plural = kind.Plural, Singular = kind.Singular, ListKind = kind.ListKind, Namespaced = kind.Namespaced,
            HasStatus = kind.HasStatus, HasScale = kind.HasScale, BuiltIn = false, Rules = KindRules.None, Schema = node,
        };
    }

    private static readonly System.Text.Json.JsonSerializerOptions ApiText = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonObject Whole(KindInfo kind, JsonObject? schema, bool v2)
    {
        var whole = schema is null || v2 && Flag(schema, "x-kubernetes-preserve-unknown-fields") ? new JsonObject { ["type"] = "object" } : WithMeta(Schema(schema, v2), v2);
        whole["x-kubernetes-group-version-kind"] = new JsonArray(new JsonObject { ["group"] = kind.Group, ["kind"] = kind.Kind, ["version"] = kind.Version });
        if (!v2 && kind.Selectable.Count > 0)
            whole["x-kubernetes-selectable-fields"] = new JsonArray([.. kind.Selectable.Select(field => (JsonNode)new JsonObject { ["fieldPath"] = field.Path })]);
        return whole;
    }

    private static JsonObject WithMeta(JsonObject schema, bool v2)
    {
        if (schema["properties"] is not JsonObject properties) schema["properties"] = properties = [];
        properties["apiVersion"] = new JsonObject { ["type"] = "string", ["description"] = "The API group and version in whose terms the object is written, such as \"apps/v1\"." };
        properties["kind"] = new JsonObject { ["type"] = "string", ["description"] = "The name of the kind of object, as its REST resource serves it. Cannot be changed." };
        var reference = new JsonObject { ["$ref"] = (v2 ? "#/definitions/" : "#/components/schemas/") + ObjectMeta.Schema.Definition };
        var metadata = v2 ? reference : new JsonObject { ["allOf"] = new JsonArray(reference) };
        metadata["description"] = "The object's identity: name, namespace, labels, annotations, and what the server keeps of it.";
        properties["metadata"] = metadata;
        return schema;
    }

    private static JsonObject Schema(JsonObject schema, bool v2)
    {
        var made = new JsonObject();
        foreach (var (key, value) in schema)
            if (Published.Contains(key) || key.StartsWith("x-kubernetes-", StringComparison.Ordinal)) made[key] = Below(key, value, v2);
        if (v2) Narrow(made);
        return Flag(schema, "x-kubernetes-embedded-resource") && !(v2 && Flag(schema, "x-kubernetes-preserve-unknown-fields")) ? WithMeta(made, v2) : made;
    }

    private static JsonNode? Below(string key, JsonNode? value, bool v2) => (key, value) switch
    {
        ("properties", JsonObject named) => new JsonObject(named.Select(p => KeyValuePair.Create(p.Key, p.Value is JsonObject schema ? Schema(schema, v2) : p.Value?.DeepClone()))),
        ("items" or "additionalProperties" or "not", JsonObject schema) => Schema(schema, v2),
        ("allOf" or "anyOf" or "oneOf", JsonArray all) => new JsonArray([.. all.Select(one => one is JsonObject schema ? Schema(schema, v2) : one?.DeepClone())]),
        _ => value?.DeepClone(),
    };

    // What the second edition has no words for goes, and what old clients cannot cope with loses its type.
    private static void Narrow(JsonObject schema)
    {
        foreach (var key in (ReadOnlySpan<string>)["allOf", "anyOf", "oneOf", "not"]) schema.Remove(key);
        if (schema["properties"] is JsonObject properties && schema["required"] is JsonArray required)
        {
            var kept = required.Where(name => !(properties[(string?)name ?? ""] is JsonObject { } property && property.ContainsKey(Nullable))).Select(name => name!.DeepClone()).ToArray();
            if (kept.Length == 0) schema.Remove("required");
            else schema["required"] = new JsonArray(kept);
        }
        foreach (var (_, property) in schema["properties"] as JsonObject ?? []) (property as JsonObject)?.Remove(Nullable);
        (schema["items"] as JsonObject)?.Remove(Nullable);
        (schema["additionalProperties"] as JsonObject)?.Remove(Nullable);
        var isOpen = Flag(schema, "x-kubernetes-preserve-unknown-fields");
        var isNullable = Flag(schema, "nullable");
        if (isNullable)
        {
            schema.Remove("nullable");
            schema.Remove("type");
            schema[Nullable] = true;
        }
        if (isNullable || isOpen)
        {
            schema.Remove("items");
            schema.Remove("properties");
        }
        if ((string?)schema["type"] is "array" && !schema.ContainsKey("items") || isOpen && (string?)schema["type"] is "object") schema.Remove("type");
    }

    // A mark for the schema above, which takes it away.
    private const string Nullable = "x-kubernetes-was-nullable";

    private static bool Flag(JsonObject schema, string key) => schema[key] is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.True;
}
