using T = Coracle.Schema.Cel.CelType;

namespace Coracle.Schema.Cel;

/// <summary>The functions of the language itself.</summary>
internal static class StandardLibrary
{
    private static readonly T A = T.Param("A"), B = T.Param("B");
    private static readonly T ListOfA = T.List(A), MapOfAB = T.Map(A, B);

    public static CelLibrary Library { get; } = new("standard", [.. Logic(), .. Math(), .. Order(), .. Containers(), .. ConversionFunctions(), .. Strings(), .. Times.Functions()])
    {
        Types = [T.Bool, T.Int, T.Uint, T.Double, T.String, T.Bytes, T.Null, T.Type, T.Timestamp, T.Duration, T.List(T.Dyn), T.Map(T.Dyn, T.Dyn)],
    };

    private static IEnumerable<CelFunction> Logic() =>
    [
        new(Operators.Conditional, CelOverload.Declared("conditional", [T.Bool, A, A], A)),
        new(Operators.And, CelOverload.Declared("logical_and", [T.Bool, T.Bool], T.Bool)),
        new(Operators.Or, CelOverload.Declared("logical_or", [T.Bool, T.Bool], T.Bool)),
        new(Operators.Not, CelOverload.Operator("logical_not", [T.Bool], T.Bool, Arithmetic.Not)),
        new(Operators.NotStrictlyFalse, CelOverload.Declared("not_strictly_false", [T.Bool], T.Bool)),
        new(Operators.Equal, CelOverload.Operator("equals", [A, A], T.Bool, Equality.Equal)),
        new(Operators.NotEqual, CelOverload.Operator("not_equals", [A, A], T.Bool, (a, b) => Arithmetic.Not(Equality.Equal(a, b)))),
    ];

    private static CelFunction Infix(string name, Func<CelValue, CelValue, CelValue> run, params (string Id, T Left, T Right, T Result)[] overloads) =>
        new(name, Array.ConvertAll(overloads, o => CelOverload.Operator(o.Id, [o.Left, o.Right], o.Result, run)));

    private static IEnumerable<CelFunction> Math() =>
    [
        Infix(Operators.Add, Arithmetic.Add, ("add_bytes", T.Bytes, T.Bytes, T.Bytes), ("add_double", T.Double, T.Double, T.Double),
            ("add_duration_duration", T.Duration, T.Duration, T.Duration), ("add_duration_timestamp", T.Duration, T.Timestamp, T.Timestamp),
            ("add_timestamp_duration", T.Timestamp, T.Duration, T.Timestamp), ("add_int64", T.Int, T.Int, T.Int), ("add_list", ListOfA, ListOfA, ListOfA),
            ("add_string", T.String, T.String, T.String), ("add_uint64", T.Uint, T.Uint, T.Uint)),
        Infix(Operators.Divide, Arithmetic.Divide, ("divide_double", T.Double, T.Double, T.Double), ("divide_int64", T.Int, T.Int, T.Int), ("divide_uint64", T.Uint, T.Uint, T.Uint)),
        Infix(Operators.Modulo, Arithmetic.Modulo, ("modulo_int64", T.Int, T.Int, T.Int), ("modulo_uint64", T.Uint, T.Uint, T.Uint)),
        Infix(Operators.Multiply, Arithmetic.Multiply, ("multiply_double", T.Double, T.Double, T.Double), ("multiply_int64", T.Int, T.Int, T.Int), ("multiply_uint64", T.Uint, T.Uint, T.Uint)),
        Infix(Operators.Subtract, Arithmetic.Subtract, ("subtract_double", T.Double, T.Double, T.Double), ("subtract_duration_duration", T.Duration, T.Duration, T.Duration),
            ("subtract_int64", T.Int, T.Int, T.Int), ("subtract_timestamp_duration", T.Timestamp, T.Duration, T.Timestamp),
            ("subtract_timestamp_timestamp", T.Timestamp, T.Timestamp, T.Duration), ("subtract_uint64", T.Uint, T.Uint, T.Uint)),
        new(Operators.Negate, CelOverload.Operator("negate_double", [T.Double], T.Double, Arithmetic.Negate), CelOverload.Operator("negate_int64", [T.Int], T.Int, Arithmetic.Negate)),
    ];

    private static IEnumerable<CelFunction> Order() =>
    [
        Compared(Operators.Less, "less", Arithmetic.Less),
        Compared(Operators.LessEqual, "less_equals", Arithmetic.LessEqual),
        Compared(Operators.Greater, "greater", Arithmetic.Greater),
        Compared(Operators.GreaterEqual, "greater_equals", Arithmetic.GreaterEqual),
    ];

    private static CelFunction Compared(string name, string id, Func<CelValue, CelValue, CelValue> run) => Infix(name, run,
        (id + "_bool", T.Bool, T.Bool, T.Bool),
        (id + "_int64", T.Int, T.Int, T.Bool), (id + "_int64_double", T.Int, T.Double, T.Bool), (id + "_int64_uint64", T.Int, T.Uint, T.Bool),
        (id + "_uint64", T.Uint, T.Uint, T.Bool), (id + "_uint64_double", T.Uint, T.Double, T.Bool), (id + "_uint64_int64", T.Uint, T.Int, T.Bool),
        (id + "_double", T.Double, T.Double, T.Bool), (id + "_double_int64", T.Double, T.Int, T.Bool), (id + "_double_uint64", T.Double, T.Uint, T.Bool),
        (id + "_string", T.String, T.String, T.Bool), (id + "_bytes", T.Bytes, T.Bytes, T.Bool), (id + "_timestamp", T.Timestamp, T.Timestamp, T.Bool),
        (id + "_duration", T.Duration, T.Duration, T.Bool));

    private static IEnumerable<CelFunction> Containers() =>
    [
        new(Operators.Index, CelOverload.Declared("index_list", [ListOfA, T.Int], A), CelOverload.Declared("index_map", [MapOfAB, A], B)),
        Infix(Operators.In, Arithmetic.In, ("in_list", A, ListOfA, T.Bool), ("in_map", A, MapOfAB, T.Bool)),
        new("size",
            CelOverload.Operator("size_bytes", [T.Bytes], T.Int, Arithmetic.Size), CelOverload.Member("bytes_size", [T.Bytes], T.Int, Arithmetic.Size),
            CelOverload.Operator("size_list", [ListOfA], T.Int, Arithmetic.Size), CelOverload.Member("list_size", [ListOfA], T.Int, Arithmetic.Size),
            CelOverload.Operator("size_map", [MapOfAB], T.Int, Arithmetic.Size), CelOverload.Member("map_size", [MapOfAB], T.Int, Arithmetic.Size),
            CelOverload.Operator("size_string", [T.String], T.Int, Arithmetic.Size), CelOverload.Member("string_size", [T.String], T.Int, Arithmetic.Size)),
    ];

    private static CelFunction Converted(string name, T to, Func<CelValue, CelValue> run, params (string Id, T From)[] overloads) =>
        new(name, Array.ConvertAll(overloads, o => CelOverload.Operator(o.Id, [o.From], to, run)));

    private static IEnumerable<CelFunction> ConversionFunctions() =>
    [
        new("type", CelOverload.Operator("type", [A], T.TypeOf(A), v => CelValue.Type(v.RuntimeType))),
        new("dyn", CelOverload.Operator("to_dyn", [A], T.Dyn, v => v)),
        Converted("bool", T.Bool, Conversions.ToBool, ("bool_to_bool", T.Bool), ("string_to_bool", T.String)),
        Converted("bytes", T.Bytes, Conversions.ToBytes, ("bytes_to_bytes", T.Bytes), ("string_to_bytes", T.String)),
        Converted("double", T.Double, Conversions.ToDouble, ("double_to_double", T.Double), ("int64_to_double", T.Int), ("string_to_double", T.String), ("uint64_to_double", T.Uint)),
        Converted("duration", T.Duration, Conversions.ToDuration, ("duration_to_duration", T.Duration), ("int64_to_duration", T.Int), ("string_to_duration", T.String)),
        Converted("int", T.Int, Conversions.ToInt, ("int64_to_int64", T.Int), ("double_to_int64", T.Double), ("duration_to_int64", T.Duration), ("string_to_int64", T.String),
            ("timestamp_to_int64", T.Timestamp), ("uint64_to_int64", T.Uint)),
        Converted("string", T.String, Conversions.ToText, ("string_to_string", T.String), ("bool_to_string", T.Bool), ("bytes_to_string", T.Bytes), ("double_to_string", T.Double),
            ("duration_to_string", T.Duration), ("int64_to_string", T.Int), ("timestamp_to_string", T.Timestamp), ("uint64_to_string", T.Uint)),
        Converted("timestamp", T.Timestamp, Conversions.ToTimestamp, ("timestamp_to_timestamp", T.Timestamp), ("int64_to_timestamp", T.Int), ("string_to_timestamp", T.String)),
        Converted("uint", T.Uint, Conversions.ToUint, ("uint64_to_uint64", T.Uint), ("double_to_uint64", T.Double), ("int64_to_uint64", T.Int), ("string_to_uint64", T.String)),
    ];

    private static IEnumerable<CelFunction> Strings() =>
    [
        new("contains", CelOverload.Member("contains_string", [T.String, T.String], T.Bool, (s, t) => CelValue.Bool(s.AsString.Contains(t.AsString, StringComparison.Ordinal)))),
        new("endsWith", CelOverload.Member("ends_with_string", [T.String, T.String], T.Bool, (s, t) => CelValue.Bool(s.AsString.EndsWith(t.AsString, StringComparison.Ordinal)))),
        new("startsWith", CelOverload.Member("starts_with_string", [T.String, T.String], T.Bool, (s, t) => CelValue.Bool(s.AsString.StartsWith(t.AsString, StringComparison.Ordinal)))),
        new("matches", CelOverload.Function("matches", [T.String, T.String], T.Bool, Matches), CelOverload.Member("matches_string", [T.String, T.String], T.Bool, Matches)),
    ];

    private static CelValue Matches(CelValue text, CelValue pattern) =>
        GoRegex.TryCompile(pattern.AsString, out var regex, out var error) ? CelValue.Bool(regex!.IsMatch(text.AsString)) : CelValue.Error(error!);
}
