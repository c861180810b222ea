using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>Merges what is applied into what is there: nothing is removed, and what both say is as applied.</summary>
internal static class TypedMerge
{
    /// <summary>A new value of both; the arguments are not changed.</summary>
    public static JsonNode? Merge(JsonNode? live, JsonNode? applied, MergeType type) => Merge(Maybe.Of(live), Maybe.Of(applied), type).Node;

    private static Maybe Merge(Maybe live, Maybe applied, MergeType type)
    {
        switch (type.Form(applied.Present ? applied : live))
        {
            case MergeForm.List:
                var (oldList, newList) = (live.Node as JsonArray, applied.Node as JsonArray);
                if (type.IsAtomicList || (oldList?.Count ?? 0) == 0 && (newList?.Count ?? 0) == 0) break;
                return MergeItems(oldList, newList, type);
            case MergeForm.Map:
                var (oldMap, newMap) = (live.Node as JsonObject, applied.Node as JsonObject);
                if (type.IsAtomicMap || (oldMap?.Count ?? 0) == 0 && (newMap?.Count ?? 0) == 0) break;
                return MergeFields(oldMap, newMap, type);
        }
        return Maybe.Of((applied.Present ? applied : live).Node?.DeepClone());
    }

    private static Maybe MergeFields(JsonObject? live, JsonObject? applied, MergeType type)
    {
        var merged = new JsonObject();
        foreach (var (name, value) in live ?? []) Add(name, Maybe.Of(value), Maybe.In(applied, name));
        foreach (var (name, value) in applied ?? [])
            if (live is null || !live.ContainsKey(name))
                Add(name, Maybe.Absent, Maybe.Of(value));
        return merged.Count > 0 ? Maybe.Of(merged) : Maybe.Absent;

        void Add(string name, Maybe before, Maybe after)
        {
            var field = Merge(before, after, type.Field(name) ?? MergeType.Untyped);
            if (field.Present) merged[name] = field.Node;
        }
    }

    /// <summary>
    /// Joins two lists: items of the one that the other does not have keep their place before the next item that both have; shared items come in the
    /// order in which they are applied.
    /// </summary>
    private static Maybe MergeItems(JsonArray? live, JsonArray? applied, MergeType type)
    {
        var (left, oldItems) = Index(live, type);
        var (right, newItems) = Index(applied, type);
        var shared = new Queue<PathElement>(right.Where(oldItems.ContainsKey));
        var mergedNames = new HashSet<PathElement>(right.Count);
        var merged = new JsonArray();
        var (i, j) = (0, 0);
        while (i < left.Count || j < right.Count)
        {
            if (i < left.Count && j < right.Count)
            {
                if (left[i] == right[j])
                {
                    Take(right[j], Find(oldItems, right[j]), Find(newItems, right[j]));
                    mergedNames.Add(right[j]);
                    shared.TryDequeue(out _);
                    i++;
                    j++;
                    continue;
                }
                if (newItems.ContainsKey(left[i]) && shared.TryPeek(out var next) && next != left[i])
                {
                    i++; // shared, but its turn is not now
                    continue;
                }
            }
            if (i < left.Count)
            {
                if (!newItems.ContainsKey(left[i]))
                {
                    Take(left[i], Maybe.Of(live![i]), Maybe.Absent);
                    i++;
                    continue;
                }
                if (mergedNames.Contains(left[i])) i++;
            }
            if (j < right.Count)
            {
                Take(right[j], Find(oldItems, right[j]), Find(newItems, right[j]));
                mergedNames.Add(right[j]);
                if (shared.TryPeek(out var next) && next == right[j]) shared.Dequeue();
                j++;
            }
        }
        return merged.Count > 0 ? Maybe.Of(merged) : Maybe.Absent;

        void Take(PathElement name, Maybe before, Maybe after)
        {
            var item = Merge(before, after, type.Items);
            if (item.Present) merged.Add(item.Node);
        }
    }

    private static Maybe Find(Dictionary<PathElement, JsonNode?> items, PathElement name) => items.TryGetValue(name, out var item) ? Maybe.Of(item) : Maybe.Absent;

    /// <summary>The names of items in order, and the items by name. Items that are there twice are not merged, but replaced.</summary>
    private static (List<PathElement> Names, Dictionary<PathElement, JsonNode?> Items) Index(JsonArray? list, MergeType type)
    {
        var names = new List<PathElement>(list?.Count ?? 0);
        var items = new Dictionary<PathElement, JsonNode?>(list?.Count ?? 0);
        foreach (var item in list ?? [])
        {
            if (type.Name(item, out _) is not { } name) continue;
            if (!items.TryAdd(name, item)) items[name] = null;
            names.Add(name);
        }
        return (names, items);
    }
}
