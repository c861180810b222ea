using System.Text.Json.Nodes;

namespace Coracle.ApiServer.OpenApi;

/// <summary>A document of OpenAPI v3 made of one of v2, for servers that have no other (kube-openapi, pkg/openapiconv). What does not fit is left out.</summary>
internal static class ConvertedV3
{
    private const string SchemaPrefix = "#/components/schemas/";
    private const string ParameterPrefix = "#/parameters/";
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch"];

    public static byte[] Of(ReadOnlySpan<byte> v2)
    {
        var whole = RemoteDocuments.Read(v2) ?? [];
        var shared = whole["parameters"] as JsonObject ?? [];
        return RemoteDocuments.Bytes(new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = whole["info"]?.DeepClone() ?? new JsonObject { ["title"] = "Kubernetes", ["version"] = "unversioned" },
            ["paths"] = Each(whole["paths"], item => Path(item, shared)),
            ["components"] = new JsonObject { ["schemas"] = Each(whole["definitions"], Schema) },
        });
    }

    private static JsonObject Each(JsonNode? items, Func<JsonObject, JsonObject> convert)
    {
        var all = new JsonObject();
        foreach (var (name, item) in items as JsonObject ?? [])
            if (item is JsonObject obj) all[name] = convert(obj);
        return all;
    }

    private static JsonObject Path(JsonObject item, JsonObject shared)
    {
        var path = new JsonObject();
        foreach (var (name, value) in item)
        {
            if (value is JsonObject operation && Methods.Contains(name)) path[name] = Operation(operation, shared);
            else if (name == "parameters") path[name] = new JsonArray([.. Resolved(value, shared).Where(p => !IsBody(p)).Select(Parameter)]);
            else if (name.StartsWith("x-", StringComparison.Ordinal)) path[name] = value?.DeepClone();
        }
        return path;
    }

    private static JsonObject Operation(JsonObject v2, JsonObject shared)
    {
        var v3 = new JsonObject();
        foreach (var (name, value) in v2)
            if (name is not ("parameters" or "responses" or "consumes" or "produces" or "schemes")) v3[name] = value?.DeepClone();
        var all = Resolved(v2["parameters"], shared).ToList();
        if (all.Find(IsBody) is { } body) v3["requestBody"] = new JsonObject { ["content"] = Content(v2["consumes"], body["schema"]) };
        var others = all.Where(p => !IsBody(p)).Select(Parameter).ToArray();
        if (others.Length > 0) v3["parameters"] = new JsonArray(others);
        v3["responses"] = Each(v2["responses"], response => Response(response, v2["produces"]));
        return v3;
    }

    // Documents share parameters by name; one that is a body has no place among those of the third edition.
    private static IEnumerable<JsonObject> Resolved(JsonNode? parameters, JsonObject shared)
    {
        foreach (var parameter in RemoteDocuments.Objects(parameters))
        {
            if (Text(parameter, "$ref") is not { Length: > 0 } reference) yield return parameter;
            else if (reference.StartsWith(ParameterPrefix, StringComparison.Ordinal) && shared[reference[ParameterPrefix.Length..]] is JsonObject known) yield return known;
        }
    }

    private static bool IsBody(JsonObject parameter) => Text(parameter, "in") == "body";

    private static JsonObject Parameter(JsonObject v2)
    {
        var v3 = new JsonObject();
        var simple = new JsonObject();
        foreach (var (name, value) in v2)
        {
            if (name is "name" or "in" or "description" or "required" or "allowEmptyValue" || name.StartsWith("x-", StringComparison.Ordinal)) v3[name] = value?.DeepClone();
            else if (name is "type" or "format" or "uniqueItems") simple[name] = value?.DeepClone();
        }
        v3["schema"] = v2["schema"] is JsonObject schema ? Schema(schema) : simple;
        return v3;
    }

    private static JsonObject Response(JsonObject v2, JsonNode? produces)
    {
        var v3 = new JsonObject { ["description"] = Text(v2, "description") };
        if (v2["schema"] is JsonObject) v3["content"] = Content(produces, v2["schema"]);
        return v3;
    }

    private static JsonObject Content(JsonNode? types, JsonNode? schema)
    {
        var content = new JsonObject();
        foreach (var type in types as JsonArray ?? [])
            if (type is JsonValue value && value.TryGetValue<string>(out var name)) content[name] = schema is JsonObject given ? new JsonObject { ["schema"] = Schema(given) } : new JsonObject();
        return content;
    }

    private static JsonObject Schema(JsonObject v2)
    {
        var v3 = new JsonObject();
        foreach (var (name, value) in v2)
            v3[name] = (name, value) switch
            {
                ("$ref", JsonValue text) => Reference(text),
                ("properties", JsonObject) => Each(value, Schema),
                ("items" or "additionalProperties" or "additionalItems", JsonObject schema) => Schema(schema),
                _ => value?.DeepClone(),
            };
        // Beside a reference nothing else is read.
        if (v3.Count < 2 || !v3.Remove("$ref", out var reference)) return v3;
        v3["allOf"] = new JsonArray(new JsonObject { ["$ref"] = reference });
        return v3;
    }

    private static JsonNode Reference(JsonValue text) => text.TryGetValue<string>(out var target) && target.StartsWith(RemoteDocuments.ReferencePrefix, StringComparison.Ordinal)
        ? JsonValue.Create(SchemaPrefix + target[RemoteDocuments.ReferencePrefix.Length..]) : text.DeepClone();

    private static string Text(JsonObject obj, string field) => obj[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
