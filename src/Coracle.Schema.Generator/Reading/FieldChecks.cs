using Coracle.Schema.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Coracle.Schema.Generator.Reading;

/// <summary>Finds attributes that do not fit the property they are on.</summary>
internal static class FieldChecks
{
    public static void Check(IPropertySymbol property, Shape shape, Findings findings)
    {
        if (property.Attribute("Default") is { } value && !Fits(value, shape))
            findings.Add(Diagnostics.BadDefault, value.Place(property), property.Name, Shown(value), property.Type.ToDisplayString());
        if (property.Attribute("ListType") is { } listType && ListFault(property, listType, shape) is { } fault)
            findings.Add(Diagnostics.BadListType, listType.Place(property), property.Name, fault);
        Expect(property, "OneOf", shape.Leaf.Kind == ShapeKind.String, "only strings have named values", findings);
        Expect(property, "Pattern", shape.Leaf.Kind == ShapeKind.String, "only strings match a pattern", findings);
        Expect(property, "MicroTime", shape.Kind == ShapeKind.Time, "only a DateTimeOffset has microseconds", findings);
        Expect(property, "Atomic", shape.Kind is ShapeKind.Map or ShapeKind.Object, "for a list use [ListType(\"atomic\")]", findings);
        Expect(property, "Granular", shape.Kind is ShapeKind.Map or ShapeKind.Object, "for a list use [ListType(\"map\", ...)]", findings);
        Expect(property, "Range", HasSize(shape), "it has no size", findings);
    }

    private static bool HasSize(Shape shape) =>
        shape.IsCollection || shape.Kind is ShapeKind.Int or ShapeKind.Long or ShapeKind.Double or ShapeKind.String;

    /// <summary>An absent field must read as what an absent field means.</summary>
    public static void CheckInitialValue(
        IPropertySymbol property, FieldModel field, SemanticModel semantics, Findings findings, CancellationToken cancellation)
    {
        if (field.Presence == Presence.Always) return;
        var declaration = property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) as PropertyDeclarationSyntax;
        if (declaration?.Initializer?.Value is not { } value || value.SyntaxTree != semantics.SyntaxTree) return;
        if (semantics.GetConstantValue(value, cancellation).Value is not { } constant) return;
        if (field.Shape.Nullable || constant is not ("" or 0 or 0L or 0d or false))
            findings.Add(Diagnostics.InitialValue, value.GetLocation(), property.Name, value.ToString());
    }

    private static void Expect(IPropertySymbol property, string name, bool fits, string otherwise, Findings findings)
    {
        if (fits || property.Attribute(name) is not { } attribute) return;
        findings.Add(Diagnostics.MisplacedAttribute, attribute.Place(property), property.Name, name, property.Type.ToDisplayString(), otherwise);
    }

    private static bool Fits(AttributeData attribute, Shape shape) => attribute.ConstructorArguments.FirstOrDefault().Value switch
    {
        string => shape.Kind is ShapeKind.String or ShapeKind.IntOrString or ShapeKind.Quantity,
        bool => shape.Kind is ShapeKind.Bool,
        long number => shape.Kind is ShapeKind.Long or ShapeKind.Double or ShapeKind.Quantity ||
            (shape.Kind is ShapeKind.Int or ShapeKind.IntOrString && number is >= int.MinValue and <= int.MaxValue),
        _ => false,
    };

    private static string Shown(AttributeData attribute) => attribute.ConstructorArguments.Length == 1 ? attribute.ConstructorArguments[0].ToCSharpString() : "";

    private static string? ListFault(IPropertySymbol property, AttributeData listType, Shape shape)
    {
        var keys = listType.Texts(1).ToList();
        // Upstream publishes bytes, which are a list in Go, as an atomic one here and there.
        if (shape.Kind == ShapeKind.Bytes && listType.Text(0) == "atomic" && keys.Count == 0) return null;
        if (shape.Kind != ShapeKind.List) return "the property is no List<T>";
        switch (listType.Text(0))
        {
            case "atomic" or "set":
                return keys.Count == 0 ? null : "only a \"map\" has keys";
            case "map":
                return keys.Count == 0 ? "a \"map\" needs the names of its key fields" : KeyFault(property, keys);
            default:
                return $"\"{listType.Text(0)}\" is none of \"atomic\", \"set\" and \"map\"";
        }
    }

    private static string? KeyFault(IPropertySymbol property, List<string> keys)
    {
        if (((INamedTypeSymbol)property.Type).TypeArguments[0] is not INamedTypeSymbol item || !ShapeReader.IsApiType(item))
            return "the items of a \"map\" must be objects";
        var names = FieldReader.PropertiesOf(item).Select(FieldReader.JsonNameOf).ToList();
        if (item.Has("Kind")) names.AddRange(["kind", "apiVersion"]);
        var missing = keys.FirstOrDefault(key => !names.Contains(key));
        return missing is null ? null : $"{item.Name} has no field \"{missing}\"";
    }
}
