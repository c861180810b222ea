using System.Text.Json.Nodes;

namespace Coracle.ApiServer.OpenApi;

/// <summary>
/// One document of OpenAPI v2 for all servers: paths that are there already stay as they are, and types of the same name that differ get another one, Name_v2 (kube-openapi,
/// pkg/aggregator).
/// </summary>
internal static class MergedV2
{
    public static byte[] Of(byte[] own, IEnumerable<ReadOnlyMemory<byte>> others)
    {
        var whole = RemoteDocuments.Read(own)!;
        foreach (var other in others)
            if (RemoteDocuments.Read(other.Span) is { } document) Merge(whole, document);
        foreach (var part in (ReadOnlySpan<string>)["definitions", "parameters", "paths"])
            if (whole[part] is JsonObject items) whole[part] = Ordered(items);
        return RemoteDocuments.Bytes(whole);
    }

    private static void Merge(JsonObject whole, JsonObject other)
    {
        var types = Part(whole, "definitions");
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, type) in Part(other, "definitions"))
            if (Free(types, name, type) is var free && free != name) renamed[name] = free;
        Rename(other, renamed);
        foreach (var (name, type) in Part(other, "definitions")) types.TryAdd(renamed.GetValueOrDefault(name, name), type?.DeepClone());
        foreach (var part in (ReadOnlySpan<string>)["parameters", "paths"])
            foreach (var (name, item) in Part(other, part)) Part(whole, part).TryAdd(name, item?.DeepClone());
    }

    // The first of Name, Name_v2, Name_v3 that nobody has, or that has this very type.
    private static string Free(JsonObject types, string name, JsonNode? type)
    {
        var free = name;
        for (var i = 2; types[free] is { } taken && !JsonNode.DeepEquals(taken, type); i++) free = $"{name}_v{i}";
        return free;
    }

    private static void Rename(JsonNode? node, Dictionary<string, string> renamed)
    {
        if (renamed.Count == 0) return;
        if (node is JsonArray list)
            foreach (var item in list) Rename(item, renamed);
        if (node is not JsonObject obj) return;
        if (obj["$ref"] is JsonValue text && text.TryGetValue<string>(out var target) && target.StartsWith(RemoteDocuments.ReferencePrefix, StringComparison.Ordinal)
            && renamed.TryGetValue(target[RemoteDocuments.ReferencePrefix.Length..], out var other)) obj["$ref"] = RemoteDocuments.ReferencePrefix + other;
        foreach (var (_, value) in obj) Rename(value, renamed);
    }

    private static JsonObject Part(JsonObject document, string name)
    {
        if (document[name] is not JsonObject part) document[name] = part = [];
        return part;
    }

    private static JsonObject Ordered(JsonObject items) => new(items.OrderBy(i => i.Key, StringComparer.Ordinal).Select(i => new KeyValuePair<string, JsonNode?>(i.Key, i.Value?.DeepClone())));
}
