using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>
/// Merges a strategic patch into an object, or into another patch. Both arguments are used up. Merging patches keeps directives and nulls for the
/// server to act on.
/// </summary>
internal sealed class StrategicMerge(bool onServer)
{
    public static readonly StrategicMerge OnServer = new(true);
    public static readonly StrategicMerge OfPatches = new(false);

    private const string BadRetainKeys = "invalid patch format of retainKeys";
    private const string BadOrder = "invalid patch format of setElementOrder list";
    private const string BadPrimitiveList = "invalid patch format of primitive list";

    /// <summary>
    /// 1. A $patch directive settles the whole object. 2. $retainKeys drops other fields. 3. Lists with $setElementOrder merge and are put in order.
    /// 4. The other fields merge one by one.
    /// </summary>
    public JsonObject Merge(JsonObject original, JsonObject patch, SchemaNode? schema)
    {
        if (patch.TryGetPropertyValue(StrategicMergePatch.Directive, out var directive)) return Direct(directive, patch); // 1
        ApplyRetainKeys(original, patch); // 2
        foreach (var key in Keys(patch)) // 3
            if (key.StartsWith(StrategicMergePatch.SetOrder, StringComparison.Ordinal))
                MergeInOrder(original, patch, key, schema);
        foreach (var key in Keys(patch)) // 4
            MergeField(original, patch, key, schema);
        return original;
    }

    private static JsonObject Direct(JsonNode? directive, JsonObject patch)
    {
        switch (Text(directive))
        {
            case "replace":
                patch.Remove(StrategicMergePatch.Directive);
                return patch;
            case "delete":
                return [];
            default:
                throw UnknownDirective(directive, patch);
        }
    }

    private void ApplyRetainKeys(JsonObject original, JsonObject patch)
    {
        if (!patch.Remove(StrategicMergePatch.RetainKeys, out var retained)) return;
        if (!onServer)
        {
            if (!original.TryGetPropertyValue(StrategicMergePatch.RetainKeys, out var existing)) original[StrategicMergePatch.RetainKeys] = retained;
            else if (!JsonNode.DeepEquals(existing, retained))
                throw Fail($"{GoText.Print(existing)} and {GoText.Print(retained)} are not deep equal: this may happen when calculating the 3-way diff patch");
            return;
        }
        if (retained is not JsonArray list) throw Bad(BadRetainKeys);
        var keep = list.Select(Text).ToHashSet();
        foreach (var (key, value) in patch)
            if (value is not null && !IsListDirective(key) && !keep.Contains(key))
                throw Bad(BadRetainKeys);
        foreach (var key in Keys(original))
            if (!keep.Contains(key))
                original.Remove(key);
    }

    /// <summary>Merges the list that a $setElementOrder names, and orders it: by the directive, then as it was.</summary>
    private void MergeInOrder(JsonObject original, JsonObject patch, string key, SchemaNode? schema)
    {
        patch.Remove(key, out var directive);
        if (!onServer)
        {
            if (!original.TryGetPropertyValue(key, out var existing)) original[key] = directive?.DeepClone();
            else if (!JsonNode.DeepEquals(existing, directive)) throw Bad(BadOrder);
        }
        var order = Take(directive);
        var name = NameBehind(key, StrategicMergePatch.SetOrder, BadOrder);
        var before = original.TryGetPropertyValue(name, out var live) ? Take(live) : null;
        var changes = patch.TryGetPropertyValue(name, out var given) ? Take(given) : null;
        var meta = PatchMeta.OfList(schema, name);
        StrategicOrder.Check(changes ?? [], order, meta.MergeKey);
        if (before is null && changes is null) return;

        var kind = StrategicOrder.ElementType(before ?? [], changes ?? []);
        var count = before?.Count ?? 0;
        List<JsonNode?> merged;
        if (changes is null) merged = before!;
        else if (before is null) merged = changes.Where(StripDirectives).ToList();
        else merged = MergeLists(before, changes, meta, false);

        // Upstream takes for the server's order what the list's memory holds after the merge, where added items fill the places of deleted ones.
        List<JsonNode?> serverOrder = [.. (before ?? []).Take(count)];
        var (ordered, others) = StrategicOrder.Partition(merged, order, meta.MergeKey);
        var all = StrategicOrder.Normalize(ordered, others, order, serverOrder, meta.MergeKey, kind);
        patch.Remove(name);
        original[name] = new JsonArray([.. all]);
    }

    private void MergeField(JsonObject original, JsonObject patch, string key, SchemaNode? schema)
    {
        patch.Remove(key, out var change);
        var deletes = key.StartsWith(StrategicMergePatch.DeleteFromList, StringComparison.Ordinal);
        if (deletes && !onServer)
        {
            original[key] = change;
            return;
        }
        var name = deletes ? NameBehind(key, StrategicMergePatch.DeleteFromList, BadPrimitiveList) : key;
        if (change is null)
        {
            original.Remove(name);
            if (onServer) return;
        }
        if (!original.TryGetPropertyValue(name, out var value) || GoKinds.Name(value) != GoKinds.Name(change))
        {
            if (!deletes) Put(original, name, change);
            return;
        }
        switch (value, change)
        {
            case (JsonObject inner, JsonObject changes):
                var ofObject = PatchMeta.OfObject(schema, name);
                original.Remove(name);
                original[name] = ofObject.Replaces ? changes : Merge(inner, changes, ofObject.Schema);
                break;
            case (JsonArray list, JsonArray changes):
                var ofList = PatchMeta.OfList(schema, name);
                original[name] = ofList.Merges || deletes ? new JsonArray([.. MergeLists(Take(list), Take(changes), ofList, deletes)]) : changes;
                break;
            default:
                Put(original, name, change);
                break;
        }
    }

    private void Put(JsonObject original, string name, JsonNode? change)
    {
        if (onServer) DiscardNulls(change);
        if (StripDirectives(change)) original[name] = change;
        else original.Remove(name);
    }

    /// <summary>Merges the items of two lists; the result is in the order of the patch, then as it was. The original list is changed.</summary>
    private List<JsonNode?> MergeLists(List<JsonNode?> original, List<JsonNode?> patch, PatchMeta meta, bool deletes)
    {
        if (original.Count == 0 && patch.Count == 0) return [];
        var kind = StrategicOrder.ElementType(original, patch);
        if (kind != GoKinds.Map)
        {
            if (deletes && onServer) return original.Where(item => !patch.Exists(gone => JsonNode.DeepEquals(gone, item))).ToList();
            var scalars = StrategicOrder.Distinct(original.Concat(patch));
            return InOrderOf(patch, scalars, original, meta.MergeKey, kind);
        }
        if (meta.MergeKey.Length == 0) throw Fail("cannot merge lists without merge key for " + (meta.Schema?.Type == SchemaType.Object ? "struct" : "map"));

        var replaced = ActOnDirectives(original, patch, meta.MergeKey);
        var (items, changes) = replaced is null ? (original, patch) : (replaced, []);
        var order = items.ToList();
        for (var i = 0; i < changes.Count; i++)
        {
            var at = StrategicOrder.IndexOf(items, meta.MergeKey, StrategicOrder.KeyOf(changes[i], meta.MergeKey));
            if (at < 0)
            {
                items.Add(changes[i]);
                continue;
            }
            // The change is used up, so the merged item stands for it where the order is made.
            var merged = Merge((JsonObject)items[at]!, (JsonObject)changes[i]!, meta.Schema);
            items[at] = changes[i] = merged;
            if (at < order.Count) order[at] = merged;
        }
        return InOrderOf(changes, items, order, meta.MergeKey, kind);
    }

    private static List<JsonNode?> InOrderOf(List<JsonNode?> patch, List<JsonNode?> merged, List<JsonNode?> original, string mergeKey, string kind)
    {
        var (ordered, others) = StrategicOrder.Partition(merged, patch, mergeKey);
        return StrategicOrder.Normalize(ordered, others, patch, original, mergeKey, kind);
    }

    /// <summary>Takes the items with $patch out of the patch and acts on them; gives the whole list when one says to replace it.</summary>
    private static List<JsonNode?>? ActOnDirectives(List<JsonNode?> original, List<JsonNode?> patch, string mergeKey)
    {
        var replace = false;
        foreach (var item in patch.Cast<JsonObject>().ToList())
        {
            if (!item.TryGetPropertyValue(StrategicMergePatch.Directive, out var directive)) continue;
            patch.Remove(item);
            switch (Text(directive))
            {
                case "delete":
                    var key = StrategicOrder.KeyOf(item, mergeKey);
                    while (StrategicOrder.IndexOf(original, mergeKey, key) is >= 0 and var at) original.RemoveAt(at);
                    break;
                case "replace": replace = true; break;
                case "merge": throw Fail("merging lists cannot yet be specified in the patch");
                default: throw UnknownDirective(directive, item);
            }
        }
        return replace ? patch : null;
    }

    /// <summary>Removes what carries a $patch directive; false when that is the value itself.</summary>
    private static bool StripDirectives(JsonNode? value)
    {
        if (value is JsonObject obj)
        {
            if (obj.ContainsKey(StrategicMergePatch.Directive)) return false;
            foreach (var key in Keys(obj))
                if (!StripDirectives(obj[key]))
                    obj.Remove(key);
        }
        else if (value is JsonArray array)
            for (var i = array.Count - 1; i >= 0; i--)
                if (!StripDirectives(array[i]))
                    array.RemoveAt(i);
        return true;
    }

    private static void DiscardNulls(JsonNode? value)
    {
        if (value is JsonArray array)
            foreach (var item in array) DiscardNulls(item);
        if (value is not JsonObject obj) return;
        foreach (var key in Keys(obj))
            if (obj[key] is { } inner) DiscardNulls(inner);
            else obj.Remove(key);
    }

    private static string[] Keys(JsonObject obj) => [.. obj.Select(p => p.Key)];

    private static bool IsListDirective(string key) =>
        key.StartsWith(StrategicMergePatch.DeleteFromList, StringComparison.Ordinal) || key.StartsWith(StrategicMergePatch.SetOrder, StringComparison.Ordinal);

    private static string NameBehind(string key, string prefix, string error)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash == prefix.Length ? key[(slash + 1)..] : throw Bad(error);
    }

    /// <summary>The items of a list, taken out of it: a node has one parent, and these go into another list.</summary>
    private static List<JsonNode?> Take(JsonNode? value)
    {
        if (value is not JsonArray array) throw Fail($"expected a {GoKinds.Slice}, but received a {GoKinds.Name(value) ?? "%!s(<nil>)"}");
        var items = array.ToList();
        array.Clear();
        return items;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static PatchException UnknownDirective(JsonNode? directive, JsonObject patch)
    {
        var shown = Text(directive) ?? (directive is null ? "%!s(<nil>)" : $"%!s({GoKinds.Name(directive)}={GoText.Print(directive)})");
        return Fail($"unknown patch type: {shown} in map: {GoText.Print(patch)}");
    }

    private static PatchException Bad(string message) => new(PatchFault.BadRequest, message);
    private static PatchException Fail(string message) => new(PatchFault.Internal, message);
}
