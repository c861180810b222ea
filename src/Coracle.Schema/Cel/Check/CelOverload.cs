namespace Coracle.Schema.Cel;

/// <summary>One way to call a function: the types it takes and gives, and what it does with values of these.</summary>
public sealed class CelOverload
{
    private CelOverload(string id, bool member, CelType[] args, CelType result) => (Id, IsMember, Args, Result) = (id, member, args, result);

    /// <summary>The name under which costs are kept.</summary>
    public string Id { get; }

    /// <summary>Called as value.name(...); the value is the first of the arguments.</summary>
    public bool IsMember { get; }
    public IReadOnlyList<CelType> Args { get; }
    public CelType Result { get; }

    internal Func<CelValue, CelValue>? Unary { get; private init; }
    internal Func<CelValue, CelValue, CelValue>? Binary { get; private init; }
    internal Func<CelValue[], CelValue>? Many { get; private init; }

    /// <summary>Sees to argument types itself: what does not fit is told in its own words.</summary>
    internal bool Unguarded { get; init; }

    public static CelOverload Function(string id, CelType[] args, CelType result, Func<CelValue, CelValue> run) => new(id, false, args, result) { Unary = run };
    public static CelOverload Function(string id, CelType[] args, CelType result, Func<CelValue, CelValue, CelValue> run) => new(id, false, args, result) { Binary = run };
    public static CelOverload Function(string id, CelType[] args, CelType result, Func<CelValue[], CelValue> run) => new(id, false, args, result) { Many = run };
    public static CelOverload Member(string id, CelType[] args, CelType result, Func<CelValue, CelValue> run) => new(id, true, args, result) { Unary = run };
    public static CelOverload Member(string id, CelType[] args, CelType result, Func<CelValue, CelValue, CelValue> run) => new(id, true, args, result) { Binary = run };
    public static CelOverload Member(string id, CelType[] args, CelType result, Func<CelValue[], CelValue> run) => new(id, true, args, result) { Many = run };

    internal static CelOverload Operator(string id, CelType[] args, CelType result, Func<CelValue, CelValue, CelValue> run) => new(id, false, args, result) { Binary = run, Unguarded = true };
    internal static CelOverload Operator(string id, CelType[] args, CelType result, Func<CelValue, CelValue> run) => new(id, false, args, result) { Unary = run, Unguarded = true };

    /// <summary>Only for the checker: the compiler knows what the operator does.</summary>
    internal static CelOverload Declared(string id, CelType[] args, CelType result) => new(id, false, args, result) { Unguarded = true };

    internal CelValue Call(CelValue[] args) => args.Length switch
    {
        1 when Unary is not null => Unary(args[0]),
        2 when Binary is not null => Binary(args[0], args[1]),
        _ => Many is not null ? Many(args) : CelValue.NoSuchOverload,
    };

    /// <summary>Whether values are of the types that this overload takes.</summary>
    internal bool Takes(ReadOnlySpan<CelValue> args)
    {
        if (args.Length != Args.Count) return false;
        for (var i = 0; i < args.Length; i++)
            if (!Takes(Args[i], args[i]))
                return false;
        return true;
    }

    internal static bool Takes(CelType type, CelValue value) => type.Kind switch
    {
        CelTypeKind.Dyn or CelTypeKind.TypeParam => true,
        CelTypeKind.Null => value.Kind == CelKind.Null,
        CelTypeKind.Bool => value.Kind == CelKind.Bool,
        CelTypeKind.Int => value.Kind == CelKind.Int,
        CelTypeKind.Uint => value.Kind == CelKind.Uint,
        CelTypeKind.Double => value.Kind == CelKind.Double,
        CelTypeKind.String => value.Kind == CelKind.String,
        CelTypeKind.Bytes => value.Kind == CelKind.Bytes,
        CelTypeKind.Timestamp => value.Kind == CelKind.Timestamp,
        CelTypeKind.Duration => value.Kind == CelKind.Duration,
        CelTypeKind.List => value.Kind == CelKind.List,
        CelTypeKind.Map => value.Kind == CelKind.Map,
        CelTypeKind.Type => value.Kind == CelKind.Type,
        CelTypeKind.Opaque when type.IsOptional => value.Kind == CelKind.Optional,
        CelTypeKind.Opaque or CelTypeKind.Struct => value.Kind is CelKind.Object or CelKind.Map && value.RuntimeType.Name == type.Name,
        _ => false,
    };
}

/// <summary>A function by name, with its overloads in the order in which they are tried.</summary>
public sealed class CelFunction
{
    public CelFunction(string name, params CelOverload[] overloads)
    {
        Name = name;
        Overloads = overloads;
    }

    public string Name { get; }
    public IReadOnlyList<CelOverload> Overloads { get; }

    /// <summary>This function and the overloads of another of the same name.</summary>
    internal CelFunction With(CelFunction more) => new(Name, [.. Overloads, .. more.Overloads]);
}

/// <summary>Functions that belong together and are switched on as one.</summary>
public sealed class CelLibrary(string name, params CelFunction[] functions)
{
    public string Name { get; } = name;
    public IReadOnlyList<CelFunction> Functions { get; } = functions;

    /// <summary>Types that may be named in expressions.</summary>
    public IReadOnlyList<CelType> Types { get; init; } = [];
}
