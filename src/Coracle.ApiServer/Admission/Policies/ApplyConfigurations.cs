using System.Text.Json.Nodes;
using Coracle.Schema;
using Coracle.Schema.Cel;

namespace Coracle.ApiServer;

/// <summary>What an expression wants applied to an object: nothing that is owned as one, merged like a server-side apply, without an owner.</summary>
internal static class ApplyConfigurations
{
    public static JsonObject? ToJson(CelValue value, out string? error) => CelJson.ToJson(value, out error) as JsonObject;

    /// <summary>Paths that would replace something as a whole, which could take away what nobody meant to.</summary>
    public static List<string> Atomic(JsonObject applied, SchemaNode schema)
    {
        var found = new List<string>();
        Walk(applied, schema, "", found);
        return found;
    }

    private static void Walk(JsonNode? value, SchemaNode schema, string path, List<string> found)
    {
        switch (value)
        {
            case JsonObject obj when schema.Type == SchemaType.Object:
                if (schema.Atomic && path.Length > 0)
                {
                    found.Add(path);
                    return;
                }
                foreach (var (name, child) in obj)
                    if (schema.Property(name) is { } property) Walk(child, property.Node, $"{path}.{name}", found);
                break;
            case JsonObject when schema.Atomic: found.Add(path); break;
            case JsonObject map when schema.Items is { } items:
                foreach (var (name, child) in map) Walk(child, items, $"{path}.{name}", found);
                break;
            case JsonArray when schema.ListType is null or "atomic": found.Add(path); break;
            case JsonArray list when schema.ListType == "map":
                foreach (var item in list) Walk(item, schema.Items!, $"{path}[{Keys(item, schema)}]", found);
                break;
        }
    }

    private static string Keys(JsonNode? item, SchemaNode schema) =>
        string.Join(',', schema.ListKeys.Select(k => $"{k}={(item as JsonObject)?[k]?.ToJsonString() ?? "null"}"));

    /// <summary>Who owns what is settled later, by what became of the object as a whole.</summary>
    public static Result<JsonObject> Merge(JsonObject live, JsonObject applied, KindInfo kind, TimeProvider clock)
    {
        applied["apiVersion"] = kind.ApiVersion;
        applied["kind"] = kind.Kind;
        var owners = Meta.Of(live)["managedFields"]?.DeepClone();
        Meta.Of(live).Remove("managedFields");
        var result = FieldOwnership.Apply(live, applied, force: true, new OwnershipRequest(kind.Schema, kind.ApiVersion, "policy", "", clock.GetUtcNow()));
        if (result.Error is { } error) return ApiStatus.Internal(error.Message) with { Message = $"error applying patch: {error.Message}" };
        var merged = result.Object!;
        Meta.Of(merged).Remove("managedFields");
        if (owners is not null) Meta.Of(merged)["managedFields"] = owners;
        return merged;
    }
}
