using System.Globalization;
using T = Coracle.Schema.Cel.CelType;

namespace Coracle.Schema.Cel;

/// <summary>Functions of lists: Kubernetes' own, cel-go's (version 3), and cel-go's sets.</summary>
internal static class Lists
{
    private static readonly T A = T.Param("T"), ListOfA = T.List(A);

    private static readonly (string Name, T Type)[] Comparable =
    [
        ("int", T.Int), ("uint", T.Uint), ("double", T.Double), ("bool", T.Bool), ("duration", T.Duration), ("timestamp", T.Timestamp), ("string", T.String), ("bytes", T.Bytes),
    ];

    private static readonly (string Name, T Type, CelValue Zero)[] Summable =
        [("int", T.Int, CelValue.Int(0)), ("uint", T.Uint, CelValue.Uint(0)), ("double", T.Double, CelValue.Double(0)), ("duration", T.Duration, CelValue.Duration(0))];

    public static CelLibrary Kubernetes { get; } = new("k8s.lists",
        new("isSorted", Array.ConvertAll(Comparable, c => CelOverload.Member($"list_{c.Name}_is_sorted_bool", [T.List(c.Type)], T.Bool, IsSorted))),
        new("sum", Array.ConvertAll(Summable, c => CelOverload.Member($"list_{c.Name}_sum_{c.Name}", [T.List(c.Type)], c.Type, l => Sum(l.AsList, c.Zero)))),
        new("max", Array.ConvertAll(Comparable, c => CelOverload.Member($"list_{c.Name}_max_{c.Name}", [T.List(c.Type)], c.Type, l => Best(l.AsList, "max", -1)))),
        new("min", Array.ConvertAll(Comparable, c => CelOverload.Member($"list_{c.Name}_min_{c.Name}", [T.List(c.Type)], c.Type, l => Best(l.AsList, "min", 1)))),
        new("indexOf", CelOverload.Member("list_a_index_of_int", [ListOfA, A], T.Int, (l, item) => Find(l.AsList, item, 0, 1))),
        new("lastIndexOf", CelOverload.Member("list_a_last_index_of_int", [ListOfA, A], T.Int, (l, item) => Find(l.AsList, item, l.AsList.Count - 1, -1))));

    public static CelLibrary Library { get; } = new("cel.lib.ext.lists",
        new("slice", CelOverload.Member("list_slice", [ListOfA, T.Int, T.Int], ListOfA, Slice)),
        new("flatten",
            CelOverload.Member("list_flatten", [T.List(ListOfA)], ListOfA, l => Flatten(l.AsList, 1)),
            CelOverload.Member("list_flatten_int", [T.List(T.Dyn), T.Int], T.List(T.Dyn), (l, depth) => Flatten(l.AsList, depth.AsInt))),
        new("sort", Array.ConvertAll(Comparable, c => CelOverload.Member($"list_{c.Type.Name}_sort", [T.List(c.Type)], T.List(c.Type), l => Sort(l, l)))),
        new("@sortByAssociatedKeys", Array.ConvertAll(Comparable, c => CelOverload.Member($"list_{c.Type.Name}_sortByAssociatedKeys", [ListOfA, T.List(c.Type)], ListOfA, Sort))),
        new("lists.range", CelOverload.Function("lists_range", [T.Int], T.List(T.Int), n => CelValue.List(new RangeList((int)Math.Clamp(n.AsInt, 0, int.MaxValue))))),
        new("reverse", CelOverload.Member("list_reverse", [ListOfA], ListOfA, l => CelValue.List(new CelArray([.. l.AsList.Items().Reverse()])))),
        new("distinct", CelOverload.Member("list_distinct", [ListOfA], ListOfA, Distinct)));

    public static CelLibrary Sets { get; } = new("cel.lib.ext.sets",
        new("sets.contains", CelOverload.Function("list_sets_contains_list", [ListOfA, ListOfA], T.Bool, Contains)),
        new("sets.equivalent", CelOverload.Function("list_sets_equivalent_list", [ListOfA, ListOfA], T.Bool, (a, b) => Contains(a, b) is { IsTrue: false } no ? no : Contains(b, a))),
        new("sets.intersects", CelOverload.Function("list_sets_intersects_list", [ListOfA, ListOfA], T.Bool, (a, b) => CelValue.Bool(a.AsList.Items().Any(x => Arithmetic.In(x, b).IsTrue)))));

    private static CelValue Contains(CelValue list, CelValue part)
    {
        foreach (var item in part.AsList.Items())
            if (Arithmetic.In(item, list) is { IsTrue: false } no)
                return no;
        return CelValue.True;
    }

    private static CelValue IsSorted(CelValue list)
    {
        var items = list.AsList;
        for (var i = 1; i < items.Count; i++)
        {
            if (items[i].IsError) return items[i];
            if (Equality.Compare(items[i - 1], items[i]) is not { } order) return CelValue.NoSuchOverload;
            if (order > 0) return CelValue.False;
        }
        return CelValue.True;
    }

    private static CelValue Sum(CelList list, CelValue sum)
    {
        for (var i = 0; i < list.Count && !sum.IsError; i++) sum = list[i].IsError ? list[i] : Arithmetic.Add(sum, list[i]);
        return sum;
    }

    private static CelValue Best(CelList list, string name, int worse)
    {
        if (list.Count == 0) return CelValue.Error($"{name} called on empty list");
        var best = list[0];
        for (var i = 1; i < list.Count; i++)
        {
            if (Equality.Compare(best, list[i]) is not { } order) return list[i].IsError ? list[i] : CelValue.NoSuchOverload;
            if (order == worse) best = list[i];
        }
        return best;
    }

    private static CelValue Find(CelList list, CelValue item, int from, int step)
    {
        for (var i = from; i >= 0 && i < list.Count; i += step)
            if (Equality.Same(list[i], item))
                return CelValue.Int(i);
        return CelValue.Int(-1);
    }

    private static CelValue Slice(CelValue[] args)
    {
        var (list, start, end) = (args[0].AsList, args[1].AsInt, args[2].AsInt);
        var call = string.Create(CultureInfo.InvariantCulture, $"cannot slice({start}, {end}), ");
        if (start < 0 || end < 0) return CelValue.Error(call + "negative indexes not supported");
        if (start > end) return CelValue.Error(call + "start index must be less than or equal to end index");
        if (list.Count < end) return CelValue.Error(string.Create(CultureInfo.InvariantCulture, $"{call}list is length {list.Count}"));
        return CelValue.List(new CelArray([.. list.Items().Skip((int)start).Take((int)(end - start))]));
    }

    private static CelValue Flatten(CelList list, long depth)
    {
        if (depth < 0) return CelValue.Error("level must be non-negative");
        var flat = new List<CelValue>();
        Flatten(list, depth, flat);
        return CelValue.List(new CelArray([.. flat]));
    }

    private static void Flatten(CelList list, long depth, List<CelValue> flat)
    {
        Work.Add(list.Count);
        foreach (var item in list.Items())
            if (item.Kind == CelKind.List && depth > 0) Flatten(item.AsList, depth - 1, flat);
            else flat.Add(item);
    }

    /// <summary>The items in the order of their keys. Equal keys keep their order, where upstream leaves it open.</summary>
    private static CelValue Sort(CelValue list, CelValue keys)
    {
        var (items, by) = (list.AsList, keys.AsList);
        if (items.Count != by.Count)
            return CelValue.Error(string.Create(CultureInfo.InvariantCulture,
                $"@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got {items.Count} and {by.Count} elements respectively"));
        if (items.Count == 0) return list;
        CelValue[] sorted = [.. by.Items()];
        if (Equality.Compare(sorted[0], sorted[0]) is null && sorted[0].Kind != CelKind.Double) return CelValue.Error("list elements must be comparable");
        if (Array.Exists(sorted, k => k.Kind != sorted[0].Kind)) return CelValue.Error("list elements must have the same type");
        var order = Enumerable.Range(0, items.Count).Order(Comparer<int>.Create((a, b) => Equality.Compare(sorted[a], sorted[b]) ?? 0));
        return CelValue.List(new CelArray([.. order.Select(i => items[i])]));
    }

    private static CelValue Distinct(CelValue list)
    {
        var unique = new List<CelValue>();
        foreach (var item in list.AsList.Items())
            if (!unique.Exists(u => Equality.Same(u, item)))
                unique.Add(item);
        return CelValue.List(new CelArray([.. unique]));
    }
}

/// <summary>0, 1, 2 and so on, without being written down.</summary>
internal sealed class RangeList(int count) : CelList
{
    public override int Count => count;
    public override CelValue this[int index] => CelValue.Int(index);
}
