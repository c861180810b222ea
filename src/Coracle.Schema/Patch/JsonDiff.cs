using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>
/// Finds the JSON patch (RFC 6902) that makes one document of another: of "add", "remove" and "replace" alone. Items of arrays that moved are taken out and put in again; what arrays have in common at
/// their ends stays.
/// </summary>
public static class JsonDiff
{
    /// <summary>Operations that make <paramref name="after"/> of <paramref name="before"/>, which must both be objects or both arrays; none when they are the same. Neither is changed.</summary>
    public static JsonArray Create(JsonNode before, JsonNode after)
    {
        var operations = new JsonArray();
        Compare(operations, "", before, after);
        return operations;
    }

    private static void Compare(JsonArray operations, string path, JsonNode? before, JsonNode? after)
    {
        if (before is JsonObject oldObject && after is JsonObject newObject) CompareObjects(operations, path, oldObject, newObject);
        else if (before is JsonArray oldArray && after is JsonArray newArray) CompareArrays(operations, path, oldArray, newArray);
        else if (!JsonNode.DeepEquals(before, after)) Put(operations, "replace", path, after);
    }

    private static void CompareObjects(JsonArray operations, string path, JsonObject before, JsonObject after)
    {
        foreach (var (name, _) in before)
            if (!after.ContainsKey(name)) operations.Add((JsonNode)new JsonObject { ["op"] = "remove", ["path"] = Below(path, name) });
        foreach (var (name, value) in after)
        {
            if (before.TryGetPropertyValue(name, out var old)) Compare(operations, Below(path, name), old, value);
            else Put(operations, "add", Below(path, name), value);
        }
    }

    private static void CompareArrays(JsonArray operations, string path, JsonArray before, JsonArray after)
    {
        var (head, tail) = (0, 0);
        var shorter = Math.Min(before.Count, after.Count);
        while (head < shorter && JsonNode.DeepEquals(before[head], after[head])) head++;
        while (tail < shorter - head && JsonNode.DeepEquals(before[^(tail + 1)], after[^(tail + 1)])) tail++;
        var (oldEnd, newEnd) = (before.Count - tail, after.Count - tail);
        var common = Math.Min(oldEnd, newEnd);
        for (var i = head; i < common; i++) Compare(operations, $"{path}/{i}", before[i], after[i]);
        // From the end, so that places before it stay what they are.
        for (var i = oldEnd - 1; i >= newEnd; i--) operations.Add((JsonNode)new JsonObject { ["op"] = "remove", ["path"] = $"{path}/{i}" });
        for (var i = Math.Max(head, common); i < newEnd; i++) Put(operations, "add", $"{path}/{i}", after[i]);
    }

    private static void Put(JsonArray operations, string operation, string path, JsonNode? value) =>
        operations.Add((JsonNode)new JsonObject { ["op"] = operation, ["path"] = path, ["value"] = value?.DeepClone() });

    private static string Below(string path, string name) =>
        $"{path}/{(name.AsSpan().IndexOfAny('~', '/') < 0 ? name : name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal))}";
}
