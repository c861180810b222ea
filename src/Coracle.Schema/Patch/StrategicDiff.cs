using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>Computes strategic merge patches: with changes and additions, with deletions, or with both. The arguments are not changed.</summary>
internal sealed class StrategicDiff(bool additions, bool deletions)
{
    /// <summary>The patch that turns one object into the other.</summary>
    public JsonObject Diff(JsonObject original, JsonObject modified, SchemaNode? schema, bool retainKeys)
    {
        var patch = new JsonObject();
        foreach (var (key, value) in modified)
        {
            if (!original.TryGetPropertyValue(key, out var before) || GoKinds.Name(before) != GoKinds.Name(value))
            {
                if (additions) patch[key] = value?.DeepClone();
            }
            else DiffField(patch, key, before, value, schema);
        }
        var removed = original.Where(p => !modified.ContainsKey(p.Key)).ToList();
        if (deletions)
            foreach (var (key, _) in removed) patch[key] = null;

        var kept = retainKeys ? modified.Where(p => p.Value is not null).Select(p => p.Key).Order(StringComparer.Ordinal).ToList() : [];
        if (kept.Count > 0 && (patch.Count > 0 || removed.Exists(p => p.Value is not null)))
            patch[StrategicMergePatch.RetainKeys] = new JsonArray([.. kept.Select(key => (JsonNode)key)]);
        return patch;
    }

    private void DiffField(JsonObject patch, string key, JsonNode? before, JsonNode? value, SchemaNode? schema)
    {
        if (JsonNode.DeepEquals(before, value)) return;
        switch (before, value)
        {
            case (JsonObject old, JsonObject now):
                var ofObject = PatchMeta.OfObject(schema, key);
                if (ofObject.Replaces)
                {
                    if (additions) patch[key] = now.DeepClone();
                }
                else if (Diff(old, now, ofObject.Schema, ofObject.RetainKeys) is { Count: > 0 } inner) patch[key] = inner;
                break;
            case (JsonArray old, JsonArray now):
                var ofList = PatchMeta.OfList(schema, key);
                if (ofList.Merges) DiffLists(patch, key, [.. old], [.. now], ofList);
                else if (additions) patch[key] = now.DeepClone();
                break;
            default:
                if (additions) patch[key] = value?.DeepClone();
                break;
        }
    }

    private void DiffLists(JsonObject patch, string key, List<JsonNode?> original, List<JsonNode?> modified, PatchMeta meta)
    {
        if (original.Count == 0)
        {
            if (additions && modified.Count > 0) patch[key] = Array(modified);
            return;
        }
        var kind = StrategicOrder.ElementType(original, modified);
        if (kind == GoKinds.Map) DiffMaps(patch, key, original, modified, meta, kind);
        else DiffScalars(patch, key, original, modified, kind);
    }

    private void DiffMaps(JsonObject patch, string key, List<JsonNode?> original, List<JsonNode?> modified, PatchMeta meta, string kind)
    {
        var (changed, deleted) = CompareItems(original, modified, meta);
        var list = StrategicOrder.Sort(changed, modified, meta.MergeKey, kind);
        list.AddRange(deleted);
        if (list.Count > 0) patch[key] = Array(list);

        var keys = modified.Select(item => StrategicOrder.KeyOf(item, meta.MergeKey)).ToList();
        var reordered = !original.Select(item => StrategicOrder.KeyOf(item, meta.MergeKey)).SequenceEqual(keys, NodeEquality.Instance);
        if (keys.Count > 0 && (list.Count > 0 || additions && reordered))
            patch[$"{StrategicMergePatch.SetOrder}/{key}"] = new JsonArray([.. keys.Select(value => new JsonObject { [meta.MergeKey] = value?.DeepClone() })]);
    }

    /// <summary>Pairs items by merge key. Items that share a key pair in their order (a Service's ports for TCP and UDP).</summary>
    private (List<JsonNode?> Changed, List<JsonNode?> Deleted) CompareItems(List<JsonNode?> original, List<JsonNode?> modified, PatchMeta meta)
    {
        var (changed, deleted) = (new List<JsonNode?>(), new List<JsonNode?>());
        var (before, after) = (ByKey(original, meta.MergeKey), ByKey(modified, meta.MergeKey));
        var (i, j) = (0, 0);
        while (i < before.Count || j < after.Count)
        {
            var order = i == before.Count ? 1 : j == after.Count ? -1 : string.CompareOrdinal(before[i].Key, after[j].Key);
            if (order == 0)
            {
                var inner = Diff(before[i++].Item, after[j].Item, meta.Schema, meta.RetainKeys);
                if (inner.Count > 0)
                {
                    inner[meta.MergeKey] = after[j].Item[meta.MergeKey]?.DeepClone();
                    changed.Add(inner);
                }
                j++;
            }
            else if (order > 0)
            {
                if (additions) changed.Add(after[j].Item.DeepClone());
                j++;
            }
            else
            {
                var gone = before[i++].Item[meta.MergeKey]?.DeepClone();
                if (deletions) deleted.Add(new JsonObject { [meta.MergeKey] = gone, [StrategicMergePatch.Directive] = "delete" });
            }
        }
        return (changed, deleted);
    }

    private static List<(string Key, JsonObject Item)> ByKey(List<JsonNode?> items, string mergeKey) =>
        [.. items.Select(item => (Key: GoText.Print(StrategicOrder.KeyOf(item, mergeKey)), Item: (JsonObject)item!)).OrderBy(p => p.Key, StringComparer.Ordinal)];

    private void DiffScalars(JsonObject patch, string key, List<JsonNode?> original, List<JsonNode?> modified, string kind)
    {
        var added = additions ? Without(modified, original) : [];
        var deleted = deletions ? StrategicOrder.Distinct(Without(original, modified).OrderBy(GoText.Print, StringComparer.Ordinal)) : [];
        if (added.Count > 0) patch[key] = Array(StrategicOrder.Sort(added, modified, "", kind));
        if (deleted.Count > 0) patch[$"{StrategicMergePatch.DeleteFromList}/{key}"] = Array(deleted);
        if (modified.Count > 0 && (deleted.Count > 0 || additions)) patch[$"{StrategicMergePatch.SetOrder}/{key}"] = Array(modified);
    }

    /// <summary>Items of one list beyond those of the other, repetitions counted.</summary>
    private static List<JsonNode?> Without(List<JsonNode?> items, List<JsonNode?> others)
    {
        var rest = others.ToList();
        return [.. items.Where(item =>
        {
            var at = rest.FindIndex(other => JsonNode.DeepEquals(other, item));
            if (at >= 0) rest.RemoveAt(at);
            return at < 0;
        })];
    }

    private static JsonArray Array(IEnumerable<JsonNode?> items) => [.. items.Select(item => item?.Parent is null ? item : item.DeepClone())];

    private sealed class NodeEquality : IEqualityComparer<JsonNode?>
    {
        public static readonly NodeEquality Instance = new();
        public bool Equals(JsonNode? x, JsonNode? y) => JsonNode.DeepEquals(x, y);
        public int GetHashCode(JsonNode? obj) => 0;
    }
}
