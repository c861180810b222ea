using T = Coracle.Schema.Cel.CelType;

namespace Coracle.Schema.Cel;

/// <summary>Values that may be absent: <c>a.?b.orValue(1)</c>.</summary>
internal static class Optionals
{
    private static readonly T K = T.Param("K"), V = T.Param("V");
    private static readonly T OptionalV = T.Optional(V), ListV = T.List(V), MapKV = T.Map(K, V);

    public static CelLibrary Library { get; } = new("optional",
        new("optional.of", CelOverload.Function("optional_of", [V], OptionalV, CelValue.Optional)),
        new("optional.ofNonZeroValue", CelOverload.Function("optional_ofNonZeroValue", [V], OptionalV, v => IsZero(v) ? CelValue.None : CelValue.Optional(v))),
        new("optional.none", CelOverload.Function("optional_none", [], OptionalV, (CelValue[] _) => CelValue.None)),
        new("value", CelOverload.Member("optional_value", [OptionalV], V, o => o.HasValue ? o.OptionalValue : CelValue.Error("optional.none() dereference"))),
        new("hasValue", CelOverload.Member("optional_hasValue", [OptionalV], T.Bool, o => CelValue.Bool(o.HasValue))),
        new("or", CelOverload.Member("optional_or_optional", [OptionalV, OptionalV], OptionalV, (o, other) => o.HasValue ? o : other)),
        new("orValue", CelOverload.Member("optional_orValue_value", [OptionalV, V], V, (o, other) => o.HasValue ? o.OptionalValue : other)),
        new(Operators.OptSelect, CelOverload.Declared("select_optional_field", [T.Dyn, T.String], OptionalV)),
        new(Operators.OptIndex,
            CelOverload.Declared("list_optindex_optional_int", [ListV, T.Int], OptionalV),
            CelOverload.Declared("optional_list_optindex_optional_int", [T.Optional(ListV), T.Int], OptionalV),
            CelOverload.Declared("map_optindex_optional_value", [MapKV, K], OptionalV),
            CelOverload.Declared("optional_map_optindex_optional_value", [T.Optional(MapKV), K], OptionalV)),
        new(Operators.Index,
            CelOverload.Declared("optional_list_index_int", [T.Optional(ListV), T.Int], OptionalV),
            CelOverload.Declared("optional_map_index_value", [T.Optional(MapKV), K], OptionalV)),
        new("last", CelOverload.Member("list_last", [ListV], OptionalV, l => l.AsList.Count == 0 ? CelValue.None : Held(l.AsList[l.AsList.Count - 1]))),
        new("first", CelOverload.Member("list_first", [ListV], OptionalV, l => l.AsList.Count == 0 ? CelValue.None : Held(l.AsList[0]))),
        new("optional.unwrap", CelOverload.Function("optional_unwrap", [T.List(OptionalV)], ListV, Unwrap)),
        new("unwrapOpt", CelOverload.Member("optional_unwrapOpt", [T.List(OptionalV)], ListV, Unwrap)))
    {
        Types = [T.Optional(T.Dyn)],
    };

    private static CelValue Held(CelValue value) => value.IsError ? value : CelValue.Optional(value);

    private static CelValue Unwrap(CelValue list)
    {
        var values = new List<CelValue>();
        foreach (var item in list.AsList.Items())
        {
            if (item.Kind != CelKind.Optional) return CelValue.Error($"value {item} is not optional");
            if (item.HasValue) values.Add(item.OptionalValue);
        }
        return CelValue.List(new CelArray([.. values]));
    }

    private static bool IsZero(CelValue value) => value.Kind switch
    {
        CelKind.Null => true,
        CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Duration => value.AsInt == 0,
        CelKind.Double => value.AsDouble == 0,
        CelKind.String => value.AsString.Length == 0,
        CelKind.Bytes => value.AsBytes.Length == 0,
        CelKind.List => value.AsList.Count == 0,
        CelKind.Map => value.AsMap.Count == 0,
        CelKind.Timestamp => value.Seconds == TimeText.MinSeconds && value.Nanos == 0,
        CelKind.Optional => !value.HasValue || IsZero(value.OptionalValue),
        CelKind.Object => value.AsObject.IsZero,
        _ => false,
    };
}
