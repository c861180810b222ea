using Microsoft.CodeAnalysis;

namespace Coracle.Schema.Generator.Reading;

/// <summary>Finds attributes of Coracle.Schema on a symbol, and their arguments.</summary>
internal static class Attributes
{
    private const string Namespace = "Coracle.Schema.";

    public const string ApiType = Namespace + "ApiTypeAttribute";
    public const string Kind = Namespace + "KindAttribute";

    /// <summary>The attribute "Field" for Coracle.Schema.FieldAttribute, or null.</summary>
    public static AttributeData? Attribute(this ISymbol symbol, string name) => symbol.AllAttributes(name).FirstOrDefault();

    public static bool Has(this ISymbol symbol, string name) => symbol.Attribute(name) is not null;

    public static IEnumerable<AttributeData> AllAttributes(this ISymbol symbol, string name)
    {
        var full = Namespace + name + "Attribute";
        return symbol.GetAttributes().Where(attribute => attribute.AttributeClass?.ToDisplayString() == full);
    }

    /// <summary>A constructor's argument by position.</summary>
    public static string? Text(this AttributeData attribute, int position) =>
        attribute.ConstructorArguments.Length > position ? attribute.ConstructorArguments[position].Value as string : null;

    /// <summary>A params array of a constructor.</summary>
    public static IEnumerable<string> Texts(this AttributeData attribute, int position) =>
        attribute.ConstructorArguments.Length > position ? Strings(attribute.ConstructorArguments[position]) : [];

    public static T Named<T>(this AttributeData attribute, string name, T otherwise)
    {
        foreach (var argument in attribute.NamedArguments)
            if (argument.Key == name && argument.Value.Kind != TypedConstantKind.Array && argument.Value.Value is T value)
                return value;
        return otherwise;
    }

    public static IEnumerable<string> NamedTexts(this AttributeData attribute, string name)
    {
        foreach (var argument in attribute.NamedArguments)
            if (argument.Key == name && argument.Value.Kind == TypedConstantKind.Array)
                return Strings(argument.Value);
        return [];
    }

    public static Location? Place(this AttributeData attribute, ISymbol owner) =>
        attribute.ApplicationSyntaxReference is { } syntax ? Location.Create(syntax.SyntaxTree, syntax.Span) : owner.Locations.FirstOrDefault();

    private static IEnumerable<string> Strings(TypedConstant constant) =>
        constant.Kind == TypedConstantKind.Array && !constant.IsNull ? constant.Values.Select(value => value.Value as string ?? "") : [];
}
