using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>The lists of strategic merges: how items are found by their merge key, and in which order they end up.</summary>
internal static class StrategicOrder
{
    /// <summary>The one Go type of all items. Throws when there are none, several, or lists.</summary>
    public static string ElementType(params ReadOnlySpan<List<JsonNode?>> lists)
    {
        string? type = null;
        foreach (var list in lists)
            foreach (var item in list)
            {
                var current = GoKinds.Name(item) ?? "<nil>";
                if (current == GoKinds.Slice && type is null) throw new PatchException(PatchFault.Unprocessable, "lists of lists are not supported");
                if (type is not null && type != current)
                    throw Fail($"list element types are not identical: [{string.Join(' ', lists.ToArray().Select(Print))}]");
                type = current;
            }
        return type ?? throw Fail("no elements in any of the given slices");
    }

    /// <summary>The value of an item's merge key. Throws when it has none.</summary>
    public static JsonNode? KeyOf(JsonNode? item, string mergeKey)
    {
        if (item is not JsonObject obj) throw Fail($"expected a {GoKinds.Map}, but received a {GoKinds.Name(item) ?? "%!s(<nil>)"}");
        return obj.TryGetPropertyValue(mergeKey, out var value)
            ? value
            : throw Fail($"map: {GoText.Print(obj)} does not contain declared merge key: {mergeKey}");
    }

    /// <summary>The first item with this value of the merge key, or -1.</summary>
    public static int IndexOf(List<JsonNode?> items, string mergeKey, JsonNode? value)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is not JsonObject item) throw Fail($"value for key {i} is not a map");
            if (item.TryGetPropertyValue(mergeKey, out var key) && Same(key, value)) return i;
        }
        return -1;
    }

    /// <summary>Items without their repetitions.</summary>
    public static List<JsonNode?> Distinct(IEnumerable<JsonNode?> items)
    {
        var seen = new HashSet<string>();
        return items.Where(item => seen.Add(item?.ToJsonString() ?? "null")).ToList();
    }

    /// <summary>Splits items into those that a list names and the others.</summary>
    public static (List<JsonNode?> Named, List<JsonNode?> Others) Partition(List<JsonNode?> items, List<JsonNode?> by, string mergeKey)
    {
        var (named, others) = (new List<JsonNode?>(), new List<JsonNode?>());
        foreach (var item in items)
        {
            var found = mergeKey.Length == 0 ? by.Exists(other => Same(other, item)) : IndexOf(by, mergeKey, KeyOf(item, mergeKey)) >= 0;
            (found ? named : others).Add(item);
        }
        return (named, others);
    }

    /// <summary>Puts the patch's items in the patch's order and the server's in the server's, and joins the two as far as possible in the server's order.</summary>
    public static List<JsonNode?> Normalize(
        List<JsonNode?> patch, List<JsonNode?> serverOnly, List<JsonNode?> patchOrder, List<JsonNode?> serverOrder, string mergeKey, string kind)
    {
        var right = Sort(patch, patchOrder, mergeKey, kind);
        var left = Sort(serverOnly, serverOrder, mergeKey, kind);
        var joined = new List<JsonNode?>(left.Count + right.Count);
        var (i, j) = (0, 0);
        while (i < left.Count && j < right.Count)
        {
            var (before, after) = (Position(serverOrder, left[i], mergeKey, kind), Position(serverOrder, right[j], mergeKey, kind));
            joined.Add(before >= 0 && after >= 0 && before < after ? left[i++] : right[j++]);
        }
        joined.AddRange(left[i..]);
        joined.AddRange(right[j..]);
        return joined;
    }

    /// <summary>Sorts items by their place in another list; items to delete come last.</summary>
    public static List<JsonNode?> Sort(List<JsonNode?> items, List<JsonNode?> order, string mergeKey, string kind)
    {
        if (kind == GoKinds.Map)
        {
            foreach (var item in items) KeyOf(item, mergeKey);
            foreach (var item in order) KeyOf(item, mergeKey);
        }
        return [.. items.OrderBy(item => IsDelete(item) ? 1 : 0).ThenBy(item => Position(order, item, mergeKey, kind))];
    }

    /// <summary>Checks that the items of a patch stand in the order that its $setElementOrder gives, and that it names them all.</summary>
    public static void Check(List<JsonNode?> patch, List<JsonNode?> order, string mergeKey)
    {
        if (patch.Count == 0 || order.Count == 0) return;
        var (at, ordered) = (0, 0);
        var items = mergeKey.Length == 0 ? patch : patch.Where(item => !IsDelete(Map(item))).ToList();
        while (at < items.Count && ordered < order.Count)
        {
            if (items[at] is JsonObject item && item.ContainsKey(StrategicMergePatch.Directive))
            {
                at++;
                continue;
            }
            var same = mergeKey.Length == 0 ? Same(items[at], order[ordered]) : Same(KeyOf(items[at], mergeKey), KeyOf(order[ordered], mergeKey));
            if (same) at++;
            ordered++;
        }
        if (at < items.Count && ordered >= order.Count)
            throw Fail($"The order in patch list:\n{Print(patch)}\n doesn't match {StrategicMergePatch.SetOrder} list:\n{Print(order)}\n");
    }

    private static JsonObject Map(JsonNode? item) =>
        item as JsonObject ?? throw Fail($"expected a {GoKinds.Map}, but received a {GoKinds.Name(item) ?? "%!s(<nil>)"}");

    private static bool IsDelete(JsonNode? item) =>
        item is JsonObject obj && obj[StrategicMergePatch.Directive] is JsonValue directive && directive.TryGetValue<string>(out var text) && text == "delete";

    private static int Position(List<JsonNode?> order, JsonNode? item, string mergeKey, string kind)
    {
        if (kind != GoKinds.Map) return order.FindIndex(other => Same(other, item));
        var key = (item as JsonObject)?[mergeKey];
        return order.FindIndex(other => Same((other as JsonObject)?[mergeKey], key));
    }

    private static bool Same(JsonNode? left, JsonNode? right) => JsonNode.DeepEquals(left, right);

    private static string Print(List<JsonNode?> list) => "[" + string.Join(' ', list.Select(GoText.Print)) + "]";

    private static PatchException Fail(string message) => new(PatchFault.Internal, message);
}
