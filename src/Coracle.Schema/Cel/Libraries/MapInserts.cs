using T = Coracle.Schema.Cel.CelType;

namespace Coracle.Schema.Cel;

/// <summary>What folds over two variables build maps with.</summary>
internal static class MapInserts
{
    private static readonly T K = T.Param("K"), V = T.Param("V"), MapKV = T.Map(K, V);

    public static CelLibrary Library { get; } = new("cel.lib.ext.comprev2", new CelFunction("cel.@mapInsert",
        CelOverload.Function("@mapInsert_map_key_value", [MapKV, K, V], MapKV, args => Insert(args[0], args[1], args[2])),
        CelOverload.Function("@mapInsert_map_map", [MapKV, MapKV], MapKV, All)));

    private static CelValue All(CelValue map, CelValue more)
    {
        foreach (var (key, value) in more.AsMap.Entries())
        {
            map = Insert(map, key, value);
            if (map.IsError) break;
        }
        return map;
    }

    private static CelValue Insert(CelValue map, CelValue key, CelValue value)
    {
        var grown = GrowingMap.From(map.AsMap).With(key, value);
        return grown is null ? CelValue.Error($"insert failed: key {key} already exists") : CelValue.Map(grown);
    }
}

/// <summary>A map that a fold is adding to: earlier values of the fold share its entries, each up to its own length.</summary>
internal sealed class GrowingMap : CelMap
{
    private readonly Dictionary<CelValue, int> places;
    private readonly List<KeyValuePair<CelValue, CelValue>> entries;
    private readonly int count;

    private GrowingMap(Dictionary<CelValue, int> places, List<KeyValuePair<CelValue, CelValue>> entries)
    {
        this.places = places;
        this.entries = entries;
        count = entries.Count;
    }

    public static GrowingMap From(CelMap map)
    {
        if (map is GrowingMap growing) return growing;
        return Copy(map.Entries());
    }

    private static GrowingMap Copy(IEnumerable<KeyValuePair<CelValue, CelValue>> entries)
    {
        var places = new Dictionary<CelValue, int>(Equality.KeyComparer);
        var list = new List<KeyValuePair<CelValue, CelValue>>();
        foreach (var entry in entries)
        {
            places[entry.Key] = list.Count;
            list.Add(entry);
        }
        return new(places, list);
    }

    public GrowingMap? With(CelValue key, CelValue value)
    {
        if (entries.Count != count) return Copy(Entries()).With(key, value);
        if (!places.TryAdd(key, entries.Count)) return null;
        entries.Add(new(key, value));
        return new(places, entries);
    }

    public override int Count => count;
    public override IEnumerable<KeyValuePair<CelValue, CelValue>> Entries() => entries.Take(count);

    public override bool TryGet(CelValue key, out CelValue value)
    {
        var found = places.TryGetValue(key, out var place) && place < count;
        value = found ? entries[place].Value : default;
        return found;
    }
}
