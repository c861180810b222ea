namespace Coracle.Schema.Cel;

/// <summary>The families of types.</summary>
public enum CelTypeKind : byte { Error, Dyn, Null, Bool, Int, Uint, Double, String, Bytes, Timestamp, Duration, List, Map, Type, Opaque, Struct, TypeParam }

/// <summary>
/// A type as the checker knows it. Structs are known by name; what fields they have is said by the <see cref="CelDeclaration"/> behind them.
/// Immutable, compared by content.
/// </summary>
public sealed class CelType : IEquatable<CelType>
{
    private CelType(CelTypeKind kind, string name, params CelType[] parameters) => (Kind, Name, Parameters) = (kind, name, parameters);

    public static CelType Error { get; } = new(CelTypeKind.Error, "*error*");
    public static CelType Dyn { get; } = new(CelTypeKind.Dyn, "dyn");
    public static CelType Null { get; } = new(CelTypeKind.Null, "null_type");
    public static CelType Bool { get; } = new(CelTypeKind.Bool, "bool");
    public static CelType Int { get; } = new(CelTypeKind.Int, "int");
    public static CelType Uint { get; } = new(CelTypeKind.Uint, "uint");
    public static CelType Double { get; } = new(CelTypeKind.Double, "double");
    public static CelType String { get; } = new(CelTypeKind.String, "string");
    public static CelType Bytes { get; } = new(CelTypeKind.Bytes, "bytes");
    public static CelType Timestamp { get; } = new(CelTypeKind.Timestamp, "google.protobuf.Timestamp");
    public static CelType Duration { get; } = new(CelTypeKind.Duration, "google.protobuf.Duration");

    /// <summary>The type of types.</summary>
    public static CelType Type { get; } = new(CelTypeKind.Type, "type");

    public static CelType List(CelType element) => new(CelTypeKind.List, "list", element);
    public static CelType Map(CelType key, CelType value) => new(CelTypeKind.Map, "map", key, value);
    public static CelType TypeOf(CelType type) => new(CelTypeKind.Type, "type", type);
    public static CelType Opaque(string name, params CelType[] parameters) => new(CelTypeKind.Opaque, name, parameters);
    public static CelType Optional(CelType value) => Opaque("optional_type", value);
    public static CelType Struct(string name) => new(CelTypeKind.Struct, name);
    internal static CelType Struct(string name, CelDeclaration declaration) => new(CelTypeKind.Struct, name) { Declaration = declaration };
    public static CelType Param(string name) => new(CelTypeKind.TypeParam, name);

    public CelTypeKind Kind { get; }
    public string Name { get; }
    public IReadOnlyList<CelType> Parameters { get; }

    /// <summary>What fields a struct has, where its schema says so. Not part of what types are compared by: the name is.</summary>
    internal CelDeclaration? Declaration { get; private init; }

    internal bool IsDyn => Kind == CelTypeKind.Dyn;
    internal bool IsDynOrError => Kind is CelTypeKind.Dyn or CelTypeKind.Error;
    internal bool IsOptional => Kind == CelTypeKind.Opaque && Name == "optional_type";

    /// <summary>Types whose values are hashed into sets by the planner: what is not made of parts.</summary>
    internal bool IsPrimitive => Kind is >= CelTypeKind.Bool and <= CelTypeKind.Bytes;

    public bool Equals(CelType? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || Kind != other.Kind || Name != other.Name || Parameters.Count != other.Parameters.Count) return false;
        for (var i = 0; i < Parameters.Count; i++)
            if (!Parameters[i].Equals(other.Parameters[i]))
                return false;
        return true;
    }

    public override bool Equals(object? obj) => obj is CelType other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(Kind, Name, Parameters.Count);

    /// <summary>As cel-go's messages write types: list(int), map(string, dyn), timestamp.</summary>
    public override string ToString() => Kind switch
    {
        CelTypeKind.Error => "!error!",
        CelTypeKind.Null => "null",
        CelTypeKind.Timestamp => "timestamp",
        CelTypeKind.Duration => "duration",
        _ => Parameters.Count == 0 ? Name : $"{Name}({string.Join(", ", Parameters)})",
    };
}
