using System.Text.Json.Nodes;

namespace Coracle.ApiServer.Published.Tests;

/// <summary>Descriptions: ours are our own, so they stay out of comparisons.</summary>
internal static class Words
{
    /// <summary>A copy without descriptions. A property that has the name "description" is an object and stays.</summary>
    public static JsonNode? Without(JsonNode? node) => node switch
    {
        JsonObject obj => Unwrapped(new JsonObject(obj.Where(p => !IsDescription(p)).Select(p => new KeyValuePair<string, JsonNode?>(p.Key, Without(p.Value))))),
        JsonArray list => new JsonArray([.. list.Select(Without)]),
        _ => node?.DeepClone(),
    };

    // A reference is wrapped for the sake of the description beside it; upstream describes a few fields with nothing.
    private static JsonObject Unwrapped(JsonObject obj) =>
        obj is { Count: 1 } && obj["allOf"] is JsonArray { Count: 1 } all ? all[0]!.DeepClone().AsObject() : obj;

    public static IEnumerable<(string Path, string Text)> In(JsonNode? node, string path = "") => node switch
    {
        JsonObject obj => obj.SelectMany(p => IsDescription(p) ? [(path, (string)p.Value!)] : In(p.Value, $"{path} > {p.Key}")),
        JsonArray list => list.SelectMany((item, i) => In(item, $"{path}[{i}]")),
        _ => [],
    };

    private static bool IsDescription(KeyValuePair<string, JsonNode?> property) => property is { Key: "description", Value: JsonValue };
}
