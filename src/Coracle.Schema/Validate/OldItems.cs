using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>The items of a list before a change, found by their keys. Only lists of the type "map" tell which item was which.</summary>
internal struct OldItems(SchemaNode list, JsonArray? before)
{
    // Short lists are gone through; an index would cost more than it saves.
    private const int ShortMost = 16;

    private Dictionary<string, JsonNode?>? byKeys;

    public JsonNode? Of(JsonNode? item, out bool known)
    {
        known = false;
        if (before is null || list.ListType != "map" || item is not JsonObject obj) return null;
        if (before.Count <= ShortMost) return Find(obj, out known);
        byKeys ??= Index(list, before);
        known = byKeys.TryGetValue(Keys(list, obj), out var found);
        return found;
    }

    private readonly JsonObject? Find(JsonObject item, out bool known)
    {
        for (var i = 0; i < before!.Count; i++)
        {
            if (before[i] is not JsonObject candidate || !SameKeys(list, item, candidate)) continue;
            known = true;
            return candidate;
        }
        known = false;
        return null;
    }

    /// <summary>Whether two items have the same keys.</summary>
    public static bool SameKeys(SchemaNode list, JsonObject one, JsonObject other)
    {
        for (var i = 0; i < list.ListKeys.Count; i++)
            if (!Same(one[list.ListKeys[i]], other[list.ListKeys[i]])) return false;
        return true;
    }

    private static bool Same(JsonNode? one, JsonNode? other)
    {
        if (one is null || other is null) return one is null && other is null;
        var (kind, otherKind) = (one.GetValueKind(), other.GetValueKind());
        return kind == otherKind && (kind == JsonValueKind.String ? one.GetValue<string>() == other.GetValue<string>() : JsonNode.DeepEquals(one, other));
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
