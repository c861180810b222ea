using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>Lists of the types "set" and "map" hold nothing twice (apiextensions-apiserver, pkg/apiserver/schema/listtype).</summary>
public static class ListItems
{
    public static void Validate(JsonNode? value, SchemaNode node, FieldPath path, FieldErrors errors)
    {
        if (!node.HasSets) return;
        switch (value)
        {
            case JsonArray list: Items(list, node, path, errors); break;
            case JsonObject map when node.Type == SchemaType.Map && node.Items is { Checks: not null } items:
                foreach (var (key, item) in map) Validate(item, items, path.Key(key), errors);
                break;
            case JsonObject obj:
                foreach (var (name, field) in obj)
                    if (node.Property(name)?.Node is { Checks: not null, HasSets: true } below) Validate(field, below, path.Child(name), errors);
                break;
        }
    }

    private static void Items(JsonArray list, SchemaNode node, FieldPath path, FieldErrors errors)
    {
        if (node.ListType == "set") Distinct(list, list, path, errors);
        else if (node.ListType == "map") DistinctKeys(list, node, path, errors);
        if (node.Items is not { Checks: not null } items || node.Type == SchemaType.Map) return;
        for (var i = 0; i < list.Count; i++) Validate(list[i], items, path[i], errors);
    }

    // Without making anything of short lists.
    private const int ShortMost = 16;

    private static bool AreDistinct(JsonArray list, SchemaNode node)
    {
        for (var i = 1; i < list.Count; i++)
            for (var j = 0; j < i; j++)
                if (list[i] is not JsonObject one || list[j] is not JsonObject other || OldItems.SameKeys(node, one, other)) return false;
        return true;
    }

    private static void DistinctKeys(JsonArray list, SchemaNode node, FieldPath path, FieldErrors errors)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is null or JsonObject) continue;
            errors.Invalid(path[i], list[i] is JsonValue value && value.TryGetValue<string>(out var text) ? text : list[i], "must be an object for an array of list-type map");
            return;
        }
        if (list.Count < 2 || list.Count <= ShortMost && AreDistinct(list, node)) return;
        var keys = new JsonArray();
        foreach (var item in list)
        {
            var key = new JsonObject();
            foreach (var name in node.ListKeys)
                if (item is JsonObject obj && obj.TryGetPropertyValue(name, out var part)) key[name] = part?.DeepClone();
            keys.Add((JsonNode)key);
        }
        Distinct(keys, keys, path, errors);
    }

    // The first repetition of a value is told, and no further ones.
    private static void Distinct(JsonArray list, JsonArray shown, FieldPath path, FieldErrors errors)
    {
        if (list.Count < 2) return;
        var seen = new Dictionary<string, int>(list.Count, StringComparer.Ordinal);
        for (var i = 0; i < list.Count; i++)
        {
            var text = list[i]?.ToJsonString() ?? "null";
            var times = seen.GetValueOrDefault(text);
            seen[text] = times + 1;
            if (times == 1) errors.Duplicate(path[i], shown[i] is JsonValue value && value.TryGetValue<string>(out var plain) ? plain : shown[i]);
        }
    }
}
