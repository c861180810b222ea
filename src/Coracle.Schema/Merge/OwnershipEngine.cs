using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>A field that an apply would take from its manager.</summary>
public sealed record FieldConflict(string Manager, PathElement[] Path);

/// <summary>
/// Who owns which fields after an update or an apply (structured-merge-diff, merge.Updater). Managers are known by any name; the dictionaries given are
/// changed.
/// </summary>
public sealed class OwnershipEngine(MergeVersions versions, FieldSet? ignored = null)
{
    /// <summary>
    /// Gives a manager the fields that an update has changed, and takes them from all others. What the update removed is nobody's. False when the
    /// update changed nothing.
    /// </summary>
    public bool Update(JsonObject live, JsonObject updated, string apiVersion, Dictionary<string, ManagerFields> managers, string manager)
    {
        var (comparison, _) = Settle(live, updated, apiVersion, managers, manager, force: true);
        var before = managers.TryGetValue(manager, out var existing) ? existing.Set : FieldSet.Empty;
        var owned = before.Except(comparison.Removed).Union(comparison.Changed);
        if (ignored is not null) owned = owned.ExceptBelow(ignored);
        if (owned.IsEmpty) managers.Remove(manager);
        else managers[manager] = new(owned, apiVersion, false);
        return !comparison.IsSame;
    }

    /// <summary>
    /// Merges what a manager applies. 1. Join it with what is there. 2. Remove what the manager applied before, does not now, and nobody else owns.
    /// 3. Take changed fields from their managers, which is a conflict unless forced. The result is null when nothing changed.
    /// </summary>
    public (JsonObject? Merged, IReadOnlyList<FieldConflict> Conflicts) Apply(
        JsonObject live, JsonObject applied, string apiVersion, Dictionary<string, ManagerFields> managers, string manager, bool force)
    {
        Reconcile(live, apiVersion, managers);
        var type = TypeOf(apiVersion);
        var merged = TypedMerge.Merge(live, applied, type) as JsonObject ?? []; // 1
        var last = managers.GetValueOrDefault(manager);
        var owned = TypedObject.Fields(applied, type);
        if (ignored is not null) owned = owned.ExceptBelow(ignored);
        managers[manager] = new(owned, apiVersion, true);
        // Nearly always the same fields are applied again, and nothing is to be removed.
        if (last is not null && !(last.ApiVersion == apiVersion && owned.Contains(last.Set))) merged = Prune(merged, apiVersion, managers, last); // 2
        var (_, conflicts) = Settle(live, merged, apiVersion, managers, manager, force); // 3
        return conflicts.Count > 0 ? (null, conflicts) : (JsonNode.DeepEquals(live, merged) ? null : merged, []);
    }

    private MergeType TypeOf(string apiVersion) => MergeType.Of(versions.Schema(apiVersion) ?? throw new InvalidOperationException("no schema of " + apiVersion));

    /// <summary>Compares before and after in every version that managers use, and takes changed and removed fields from all but one.</summary>
    private (FieldComparison Comparison, IReadOnlyList<FieldConflict> Conflicts) Settle(
        JsonObject live, JsonObject updated, string apiVersion, Dictionary<string, ManagerFields> managers, string manager, bool force)
    {
        var own = FieldComparison.Of(live, updated, TypeOf(apiVersion), ignored);
        if (managers.Count == 0) return (own, []);
        var comparisons = new Dictionary<string, FieldComparison?> { [apiVersion] = own };
        var left = new Dictionary<string, ManagerFields>(managers.Count);
        var conflicts = new List<FieldConflict>();
        foreach (var (name, fields) in managers.OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            if (name == manager)
            {
                left[name] = fields;
                continue;
            }
            if (!comparisons.TryGetValue(fields.ApiVersion, out var comparison))
                comparisons[fields.ApiVersion] = comparison = CompareIn(fields.ApiVersion, live, updated, apiVersion);
            if (comparison is null) continue; // the version is gone, and the manager with it

            if (!fields.Touches(comparison.All))
            {
                left[name] = fields;
                continue;
            }
            var taken = fields.Set.Intersect(comparison.Changed);
            if (!force) conflicts.AddRange(taken.Paths().Select(path => new FieldConflict(name, path)));
            var rest = fields.Set.Except(taken).Except(comparison.Removed);
            if (!rest.IsEmpty) left[name] = fields.With(rest);
        }
        if (!force && conflicts.Count > 0) return (own, conflicts);
        managers.Clear();
        foreach (var (name, fields) in left) managers[name] = fields;
        if (managers.TryGetValue(manager, out var mine) && mine.Set.IsEmpty) managers.Remove(manager);
        return (own, []);
    }

    private FieldComparison? CompareIn(string apiVersion, JsonObject live, JsonObject updated, string from)
    {
        if (versions.Schema(apiVersion) is not { } schema) return null;
        return versions.Convert(live, from, apiVersion) is { } before && versions.Convert(updated, from, apiVersion) is { } after
            ? FieldComparison.Of(before, after, MergeType.Of(schema), ignored)
            : null;
    }

    /// <summary>Removes what was applied last time, but puts back what anyone owns now, and what the manager did not own alone.</summary>
    private JsonObject Prune(JsonObject merged, string apiVersion, Dictionary<string, ManagerFields> managers, ManagerFields last)
    {
        if (versions.Schema(last.ApiVersion) is not { } schema || versions.Convert(merged, apiVersion, last.ApiVersion) is not { } whole) return merged;
        var type = MergeType.Of(schema);
        var lastFields = last.Set.WithNamedParents(type);
        var pruned = TypedObject.Without(whole, lastFields, type) as JsonObject ?? [];
        pruned = AddBackOwned(whole, pruned, last.ApiVersion, managers);

        // What is gone, and was not the manager's, comes back.
        var gone = Named(whole, type).Except(Named(pruned, type)).Intersect(lastFields);
        pruned = TypedObject.Without(whole, gone, type) as JsonObject ?? [];
        return versions.Convert(pruned, last.ApiVersion, apiVersion) ?? merged;
    }

    /// <summary>Puts back what any manager owns: first in the version at hand, since conversion may need those fields.</summary>
    private JsonObject AddBackOwned(JsonObject whole, JsonObject pruned, string at, Dictionary<string, ManagerFields> managers)
    {
        var start = at;
        var owned = managers.Values.GroupBy(m => m.ApiVersion).ToDictionary(g => g.Key, g => g.Aggregate(FieldSet.Empty, (set, m) => set.Union(m.Set)));
        foreach (var version in owned.Keys.OrderBy(v => v == start ? 0 : 1).ThenBy(v => v, StringComparer.Ordinal))
        {
            if (versions.Schema(version) is not { } schema
                || versions.Convert(whole, at, version) is not { } wholeThere
                || versions.Convert(pruned, at, version) is not { } prunedThere) continue;
            var type = MergeType.Of(schema);
            var unowned = Named(wholeThere, type).Except(Named(prunedThere, type).Union(owned[version].WithNamedParents(type)));
            pruned = TypedObject.Without(wholeThere, unowned, type) as JsonObject ?? [];
            (whole, at) = (wholeThere, version);
        }
        return versions.Convert(pruned, at, start) ?? pruned;
    }

    private static FieldSet Named(JsonObject value, MergeType type) => TypedObject.Fields(value, type).WithNamedParents(type);

    /// <summary>Where a schema now says that something is owned as one, managers of parts of it own the whole.</summary>
    private void Reconcile(JsonObject live, string apiVersion, Dictionary<string, ManagerFields> managers)
    {
        foreach (var (name, fields) in managers.ToArray())
        {
            if (versions.Schema(fields.ApiVersion) is not { } schema || versions.Convert(live, apiVersion, fields.ApiVersion) is null) managers.Remove(name);
            else if (AtomicParents.Of(fields.Set, MergeType.Of(schema)) is { } atomic)
                managers[name] = fields.With(fields.Set.ExceptBelow(atomic).Union(atomic));
        }
    }
}

/// <summary>Finds paths to what is owned as one in a set that names parts of it.</summary>
internal static class AtomicParents
{
    /// <summary>The paths, or null when there are none.</summary>
    public static FieldSet? Of(FieldSet set, MergeType type)
    {
        var found = new FieldSet();
        Find(set, type, isWhole: false, [], found);
        return found.IsEmpty ? null : found;
    }

    private static void Find(FieldSet? set, MergeType? type, bool isWhole, PathElement[] path, FieldSet found)
    {
        if (type is not { Node: { } node } known || node.Type is not (SchemaType.Object or SchemaType.Map or SchemaType.Array)) return;
        var isList = node.Type == SchemaType.Array;
        if (!isList && node.Type == SchemaType.Object && node.Properties.Count == 0) return;
        if (isList ? known.IsAtomicList : known.IsAtomicMap)
        {
            if (!isWhole && (isList || set is { IsEmpty: false })) found.Insert(path);
            return;
        }
        foreach (var (element, member, children) in set?.Steps() ?? [])
            Find(children, isList ? known.Items : known.TypeBelow(element), member && children is null, [.. path, element], found);
    }
}
