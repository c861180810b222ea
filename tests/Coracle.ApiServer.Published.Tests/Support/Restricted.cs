using System.Text.Json.Nodes;

namespace Coracle.ApiServer.Published.Tests;

/// <summary>A document of the reference, without descriptions and without what is not served here.</summary>
internal static class Restricted
{
    public static JsonObject V2(JsonObject document, Offer offer)
    {
        var copy = Words.Without(document)!.AsObject();
        Paths(copy, offer);
        var used = Used(copy, copy["paths"]!);
        Keep(copy["definitions"]!.AsObject(), used, "#/definitions/");
        Keep(copy["parameters"]!.AsObject(), used, "#/parameters/");
        foreach (var (_, type) in copy["definitions"]!.AsObject()) Kinds(type!.AsObject(), offer);
        return copy;
    }

    public static JsonObject V3(JsonObject document, Offer offer)
    {
        var copy = Words.Without(document)!.AsObject();
        Paths(copy, offer);
        if (copy["components"]?["schemas"] is not JsonObject schemas) return copy;
        Keep(schemas, Used(copy, copy["paths"]!), "#/components/schemas/");
        foreach (var (_, type) in schemas) Kinds(type!.AsObject(), offer);
        return copy;
    }

    private static void Paths(JsonObject document, Offer offer)
    {
        var paths = document["paths"]!.AsObject();
        foreach (var path in paths.Select(p => p.Key).ToList())
            if (!offer.HasPath(path)) paths.Remove(path);
    }

    private static void Keep(JsonObject types, HashSet<string> used, string folder)
    {
        foreach (var name in types.Select(p => p.Key).ToList())
            if (!used.Contains(folder + name)) types.Remove(name);
    }

    private static HashSet<string> Used(JsonObject document, JsonNode from)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        Walk(document, from, found);
        return found;
    }

    private static void Walk(JsonObject document, JsonNode? node, HashSet<string> found)
    {
        if (node is JsonArray list)
            foreach (var item in list) Walk(document, item, found);
        if (node is not JsonObject obj) return;
        foreach (var (key, value) in obj)
        {
            if (key != "$ref" || value is not JsonValue) Walk(document, value, found);
            else if (found.Add((string)value!))
                Walk(document, ((string)value!)[2..].Split('/').Aggregate((JsonNode?)document, (at, step) => at?[step]), found);
        }
    }

    // Types that all groups have alike are listed for each group; here for those that are served.
    private static void Kinds(JsonObject type, Offer offer)
    {
        if (type["x-kubernetes-group-version-kind"] is not JsonArray { Count: > 1 } kinds) return;
        foreach (var kind in kinds.ToList())
        {
            var (group, version) = ((string)kind!["group"]!, (string)kind["version"]!);
            if (!offer.Spoken.Contains(group.Length == 0 ? version : $"{group}/{version}")) kinds.Remove(kind);
        }
    }
}
