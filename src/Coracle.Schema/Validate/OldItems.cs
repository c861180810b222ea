using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>The items of a list before a change, found by their keys. Only lists of the type "map" tell which item was which.</summary>
internal struct OldItems(SchemaNode list, JsonArray? before)
{
    private Dictionary<string, JsonNode?>? byKeys;

    public JsonNode? Of(JsonNode? item, out bool known)
    {
        known = false;
        if (before is null || list.ListType != "map" || item is not JsonObject obj) return null;
        byKeys ??= Index(list, before);
        known = byKeys.TryGetValue(Keys(list, obj), out var found);
        return found;
    }

    private static Dictionary<string, JsonNode?> Index(SchemaNode list, JsonArray before)
    {
        var index = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var item in before)
            if (item is JsonObject obj) index.TryAdd(Keys(list, obj), obj);
        return index;
    }

    private static string Keys(SchemaNode list, JsonObject item)
    {
        if (list.ListKeys.Count == 1) return item[list.ListKeys[0]]?.ToJsonString() ?? "";
        return string.Join('\n', list.ListKeys.Select(key => item[key]?.ToJsonString() ?? ""));
    }
}
