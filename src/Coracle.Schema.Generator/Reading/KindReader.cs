using Coracle.Schema.Generator.Model;
using Microsoft.CodeAnalysis;

namespace Coracle.Schema.Generator.Reading;

/// <summary>The Kind and Column attributes to a model.</summary>
internal static class KindReader
{
    private const string BuiltInAssembly = "Coracle.Kinds";
    private const string ObjectMeta = "Coracle.Kinds.Meta.V1.ObjectMeta";

    public static KindModel Read(INamedTypeSymbol type, AttributeData attribute, IAssemblySymbol assembly, Findings findings)
    {
        var (apiVersion, kind, plural) = (attribute.Text(0) ?? "", attribute.Text(1) ?? "", attribute.Text(2) ?? "");
        var isResource = plural.Length > 0 || !attribute.NamedTexts("Verbs").Any();
        if (Incomplete(apiVersion, kind, isResource ? plural : "subresource") is { } why)
            findings.Add(Diagnostics.BadKind, attribute.Place(type), type.Name, why);
        foreach (var fault in Faults(type, attribute))
            findings.Add(Diagnostics.BadKind, attribute.Place(type), type.Name, fault);
        var slash = apiVersion.IndexOf('/');
        return new()
        {
            Group = slash < 0 ? "" : apiVersion.Substring(0, slash),
            Version = apiVersion.Substring(slash + 1),
            Kind = kind,
            Plural = plural,
            Singular = attribute.Named<string?>("Singular", null) ?? kind.ToLowerInvariant(),
            ShortNames = attribute.NamedTexts("ShortNames").ToEquatable(),
            Categories = attribute.NamedTexts("Categories").ToEquatable(),
            Namespaced = attribute.Named("Namespaced", true),
            Status = attribute.Named("Status", false),
            Scale = attribute.Named("Scale", false),
            Verbs = attribute.NamedTexts("Verbs").ToEquatable(),
            Selectable = attribute.NamedTexts("Selectable").ToEquatable(),
            RulesType = attribute.Named<ITypeSymbol?>("Rules", null)?.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            UnconditionalUpdate = attribute.Named("UnconditionalUpdate", true),
            CreateOnUpdate = attribute.Named("CreateOnUpdate", false),
            Generation = attribute.Named("Generation", false),
            ReturnDeleted = attribute.Named("ReturnDeleted", false),
            BuiltIn = assembly.Name == BuiltInAssembly,
            HasMetadata = type.GetMembers("Metadata").OfType<IPropertySymbol>().Any(property => property.Type.ToDisplayString() == ObjectMeta),
            Columns = type.AllAttributes("Column").Select(Column).ToEquatable(),
        };
    }

    private static string? Incomplete(string apiVersion, string kind, string plural)
    {
        var parts = apiVersion.Split('/');
        if (parts.Length > 2 || parts.Any(part => part.Length == 0))
            return $"\"{apiVersion}\" is no group and version, such as \"apps/v1\"";
        if (kind.Length == 0) return "its name is missing";
        if (plural.Length == 0)
            return "its plural, the resource's name in paths, is missing (only a kind of sub-resources, which gives its Verbs, has none)";
        return plural == plural.ToLowerInvariant() ? null : $"its plural \"{plural}\" must be in lower case";
    }

    private static IEnumerable<string> Faults(INamedTypeSymbol type, AttributeData attribute)
    {
        if (attribute.Named<INamedTypeSymbol?>("Rules", null) is { } rules && !CanBeRules(rules))
            yield return $"its rules '{rules.Name}' are no KindRules that can be made without arguments";
        foreach (var column in type.AllAttributes("Column"))
            if (column.Text(1) is not ("string" or "integer" or "number" or "boolean" or "date"))
                yield return $"the type \"{column.Text(1)}\" of its column \"{column.Text(0)}\" is none of string, integer, number, boolean and date";
    }

    private static bool CanBeRules(INamedTypeSymbol rules)
    {
        var isRules = false;
        for (var type = rules.BaseType; type is not null; type = type.BaseType)
            isRules |= type.ToDisplayString() == "Coracle.Schema.KindRules";
        return isRules && !rules.IsAbstract && rules.InstanceConstructors.Any(c => c.Parameters.Length == 0 && c.DeclaredAccessibility != Accessibility.Private);
    }

    private static ColumnModel Column(AttributeData column) => new(
        column.Text(0) ?? "",
        column.Text(1) ?? "",
        column.Named<string?>("Format", null) ?? "",
        column.Named("Description", ""),
        column.Named("Priority", 0),
        column.Text(2) ?? "");
}
