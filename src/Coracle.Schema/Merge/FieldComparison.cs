using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>What differs between two objects, by field (structured-merge-diff, typed.Comparison).</summary>
internal sealed class FieldComparison
{
    private readonly List<PathElement> path = [];

    public FieldSet Added { get; private set; } = new();
    public FieldSet Modified { get; private set; } = new();
    public FieldSet Removed { get; private set; } = new();

    /// <summary>What was added or modified.</summary>
    public FieldSet Changed => changed ??= Modified.Union(Added);
    private FieldSet? changed;

    public FieldSet All => all ??= Changed.Union(Removed);
    private FieldSet? all;

    public bool IsSame => Added.IsEmpty && Modified.IsEmpty && Removed.IsEmpty;

    public static FieldComparison Of(JsonNode? before, JsonNode? after, MergeType type, FieldSet? ignored = null)
    {
        var comparison = new FieldComparison();
        comparison.Compare(Maybe.Of(before), Maybe.Of(after), type);
        if (ignored is null) return comparison;
        comparison.Added = comparison.Added.ExceptBelow(ignored);
        comparison.Modified = comparison.Modified.ExceptBelow(ignored);
        comparison.Removed = comparison.Removed.ExceptBelow(ignored);
        return comparison;
    }

    private void Compare(Maybe before, Maybe after, MergeType type)
    {
        var (left, right) = (type.Form(before), type.Form(after));
        bool leaf;
        if (!after.Present) leaf = Compare(before, after, type, left);
        else if (!before.Present || left == right) leaf = Compare(before, after, type, right);
        else
        {
            Compare(before, after, type, left);
            leaf = Compare(before, after, type, right);
        }
        if (leaf) return;
        if (!before.Present) Insert(Added);
        else if (!after.Present) Insert(Removed);
    }

    /// <summary>True when the values were compared as a whole.</summary>
    private bool Compare(Maybe before, Maybe after, MergeType type, MergeForm form)
    {
        switch (form)
        {
            case MergeForm.List:
                var (oldList, newList) = (before.Node as JsonArray, after.Node as JsonArray);
                if (type.IsAtomicList || (oldList?.Count ?? 0) == 0 && (newList?.Count ?? 0) == 0) break;
                CompareItems(oldList, newList, type);
                return false;
            case MergeForm.Map:
                var (oldMap, newMap) = (before.Node as JsonObject, after.Node as JsonObject);
                if (type.IsAtomicMap || (oldMap?.Count ?? 0) == 0 && (newMap?.Count ?? 0) == 0) break;
                CompareFields(oldMap, newMap, type);
                return false;
        }
        if (!before.Present) Insert(Added);
        else if (!after.Present) Insert(Removed);
        else if (!JsonNode.DeepEquals(before.Node, after.Node)) Insert(Modified);
        return true;
    }

    private void CompareFields(JsonObject? before, JsonObject? after, MergeType type)
    {
        if (before is not null)
            foreach (var (name, value) in before)
                CompareField(name, Maybe.Of(value), Maybe.In(after, name), type);
        if (after is not null)
            foreach (var (name, value) in after)
                if (before is null || !before.ContainsKey(name))
                    Add(PathElement.Field(name), value, type.Field(name) ?? MergeType.Untyped);
    }

    private void CompareField(string name, Maybe before, Maybe after, MergeType type)
    {
        path.Add(PathElement.Field(name));
        Compare(before, after, type.Field(name) ?? MergeType.Untyped);
        path.RemoveAt(path.Count - 1);
    }

    /// <summary>What was not there is added with all that is in it.</summary>
    private void Add(PathElement step, JsonNode? value, MergeType type)
    {
        path.Add(step);
        Added.Insert(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(path), TypedObject.Parts(value, type));
        path.RemoveAt(path.Count - 1);
    }

    private void CompareItems(JsonArray? before, JsonArray? after, MergeType type)
    {
        // Lists that are the same item by item (which is most of them) have no differences to find.
        if (before is not null && after is not null && JsonNode.DeepEquals(before, after)) return;
        if (before is null or [])
        {
            foreach (var (name, items) in ByName(after, type)) AddItems(name, items, type);
            return;
        }
        var (old, now) = (ByName(before, type), ByName(after, type));
        foreach (var (name, items) in old) CompareItem(name, items, now.GetValueOrDefault(name) ?? [], type);
        foreach (var (name, items) in now)
            if (!old.ContainsKey(name))
                AddItems(name, items, type);
    }

    // Of items of the same name none is looked into.
    private void AddItems(PathElement name, List<JsonNode?> items, MergeType type)
    {
        if (items.Count == 1) Add(name, items[0], type.Items);
        else CompareItem(name, [], items, type);
    }

    /// <summary>Items of the same name are compared as one value; one that was doubled loses or gains its parts.</summary>
    private void CompareItem(PathElement name, List<JsonNode?> before, List<JsonNode?> after, MergeType type)
    {
        path.Add(name);
        if (before.Count <= 1 && after.Count <= 1)
            Compare(before.Count == 0 ? Maybe.Absent : Maybe.Of(before[0]), after.Count == 0 ? Maybe.Absent : Maybe.Of(after[0]), type.Items);
        else if (before.Count >= 2 && after.Count >= 2)
        {
            if (before.Count != after.Count || !before.Zip(after, JsonNode.DeepEquals).All(same => same)) Insert(Modified);
        }
        else if (before.Count >= 2)
        {
            if (after.Count > 0) Compare(Maybe.Absent, Maybe.Of(after[0]), type.Items);
            Insert(Removed);
        }
        else
        {
            if (before.Count > 0) Compare(Maybe.Of(before[0]), Maybe.Absent, type.Items);
            Insert(Added);
        }
        path.RemoveAt(path.Count - 1);
    }

    private static Dictionary<PathElement, List<JsonNode?>> ByName(JsonArray? list, MergeType type)
    {
        var items = new Dictionary<PathElement, List<JsonNode?>>(list?.Count ?? 0);
        foreach (var item in list ?? [])
        {
            if (type.Name(item, out _) is not { } name) continue;
            if (items.TryGetValue(name, out var same)) same.Add(item);
            else items.Add(name, [item]);
        }
        return items;
    }

    private void Insert(FieldSet set) => set.Insert(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(path));
}
