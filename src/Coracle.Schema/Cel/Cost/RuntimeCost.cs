namespace Coracle.Schema.Cel;

/// <summary>What a call costs once its arguments are known: fixed, or by their sizes (cel-go's interpreter/runtimecost.go, apiserver's library/cost.go).</summary>
internal sealed class RuntimeCost
{
    private readonly CallCost? calculate;

    private RuntimeCost(long cost) => Fixed = cost;
    private RuntimeCost(CallCost calculate) => this.calculate = calculate;

    public static RuntimeCost One { get; } = new(1);

    public bool IsFixed => calculate is null;
    public long Fixed { get; }
    public long Calculate(ReadOnlySpan<CelValue> args, CelValue result) => calculate!(args, result);

    /// <summary>One walk over so many characters or bytes.</summary>
    public static long Traversal(long size) => (long)Math.Ceiling(size * 0.1);

    /// <summary>The size of what has one: characters, bytes, items, entries. All else is one.</summary>
    public static long Size(CelValue value) => value.Kind switch
    {
        CelKind.String => CelSource.CodePoints(value.AsString),
        CelKind.Bytes => value.AsBytes.Length,
        CelKind.List => value.AsList.Count,
        CelKind.Map => value.AsMap.Count,
        CelKind.Optional when value.HasValue => Size(value.OptionalValue),
        CelKind.Object => value.AsObject.Size ?? 1,
        _ => 1,
    };

    public static RuntimeCost Of(CallExpr call)
    {
        var id = call.Overloads.Count == 1 ? call.Overloads[0].Id : "";
        return LibraryCost(call.Function, id) ?? Standard(id);
    }

    private static RuntimeCost? LibraryCost(string function, string overload) => LibraryCosts.Runtime(function, overload) is { } known ? new(known) : null;

    /// <summary>What <c>==</c> costs: one for Kubernetes' own types, otherwise a walk over the shorter side.</summary>
    public static long OfEquality(CelValue left, CelValue right) => left.Kind == CelKind.Object && left.AsObject is not PreservedJson ? 1 : Traversal(Math.Min(Size(left), Size(right)));

    private static RuntimeCost Standard(string overload) => overload switch
    {
        "starts_with_string" or "ends_with_string" or "string_to_bytes" or "bytes_to_string" => new((args, _) => Traversal(Size(args[0]))),
        "in_list" => new((args, _) => Size(args[1])),
        "less_string" or "greater_string" or "less_equals_string" or "greater_equals_string" or "less_bytes" or "greater_bytes" or "less_equals_bytes" or "greater_equals_bytes" =>
            new((args, _) => Traversal(Math.Min(Size(args[0]), Size(args[1])))),
        "add_string" or "add_bytes" => new((args, _) => Traversal(Size(args[0]) + Size(args[1]))),
        "matches_string" => new((args, _) => Traversal(1 + Size(args[0])) * (long)Math.Ceiling(Size(args[1]) * 0.25)),
        "contains_string" => new((args, _) => Traversal(Size(args[0])) * Traversal(Size(args[1]))),
        _ => One,
    };
}
