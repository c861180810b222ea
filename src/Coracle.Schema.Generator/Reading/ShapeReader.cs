using Coracle.Schema.Generator.Model;
using Microsoft.CodeAnalysis;

namespace Coracle.Schema.Generator.Reading;

/// <summary>A C# type to the shape of its JSON.</summary>
internal static class ShapeReader
{
    /// <summary>Null when the type has no JSON form.</summary>
    public static Shape? Read(ITypeSymbol type)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            return Read(nullable.TypeArguments[0]) is { IsStruct: true } inner ? inner with { Nullable = true } : null;
        if (Simple(type) is { } kind)
            return new(kind, kind == ShapeKind.Bytes ? MayBeNull(type) : IsNullableReference(type), NameOf(type), null);
        if (Element(type) is var (collection, elementType))
            return CanBeElement(elementType) && Read(elementType) is { } element
                ? new(collection, MayBeNull(type), NameOf(type), element with { Nullable = false })
                : null;
        return IsApiType(type) ? new(ShapeKind.Object, MayBeNull(type), NameOf(type), null) : null;
    }

    public static bool IsApiType(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Class && (type.Has("ApiType") || type.Has("Kind") || type.AllInterfaces.Any(IsApiInterface));

    /// <summary>Of a class that was completed in another assembly, or by hand.</summary>
    private static bool IsApiInterface(INamedTypeSymbol type) => type.OriginalDefinition.ToDisplayString() == "Coracle.Schema.IApiType<TSelf>";

    private static ShapeKind? Simple(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_String => ShapeKind.String,
        SpecialType.System_Int32 => ShapeKind.Int,
        SpecialType.System_Int64 => ShapeKind.Long,
        SpecialType.System_Double => ShapeKind.Double,
        SpecialType.System_Boolean => ShapeKind.Bool,
        _ when type is IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte } => ShapeKind.Bytes,
        _ => type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString() switch
        {
            "System.DateTimeOffset" => ShapeKind.Time,
            "Coracle.Schema.Quantity" => ShapeKind.Quantity,
            "Coracle.Schema.IntOrString" => ShapeKind.IntOrString,
            "Coracle.Schema.RawJson" => ShapeKind.Raw,
            _ => null,
        },
    };

    private static (ShapeKind, ITypeSymbol)? Element(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol { IsGenericType: true } named) return null;
        return named.OriginalDefinition.ToDisplayString() switch
        {
            "System.Collections.Generic.List<T>" => (ShapeKind.List, named.TypeArguments[0]),
            "System.Collections.Generic.Dictionary<TKey, TValue>" when named.TypeArguments[0].SpecialType == SpecialType.System_String =>
                (ShapeKind.Map, named.TypeArguments[1]),
            _ => null,
        };
    }

    /// <summary>A list or map holds no nulls: Go's encoder would not write them either.</summary>
    private static bool CanBeElement(ITypeSymbol type) =>
        !IsNullableReference(type) && type.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T;

    private static bool IsNullableReference(ITypeSymbol type) => type is { IsReferenceType: true, NullableAnnotation: NullableAnnotation.Annotated };

    /// <summary>Objects and collections of code without nullable annotations may be null as well; strings there are values, as in Go.</summary>
    private static bool MayBeNull(ITypeSymbol type) => type.NullableAnnotation != NullableAnnotation.NotAnnotated;

    private static string NameOf(ITypeSymbol type) =>
        type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
}
