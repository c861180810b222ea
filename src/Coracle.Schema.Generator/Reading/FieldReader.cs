using System.Globalization;
using System.Text;
using Coracle.Schema.Generator.Model;
using Microsoft.CodeAnalysis;

namespace Coracle.Schema.Generator.Reading;

/// <summary>A property to a field.</summary>
internal static class FieldReader
{
    private static readonly HashSet<string> Taken = ["Schema", "Read", "Write", "DeepCopy", "ContentEquals", "IsZero"];
    private static readonly HashSet<string> TakenInKinds = ["Info", "ApiVersion", "Kind"];

    /// <summary>The properties that are part of the JSON, in the order in which they are written.</summary>
    public static IEnumerable<IPropertySymbol> PropertiesOf(INamedTypeSymbol type) => type.GetMembers().OfType<IPropertySymbol>()
        .Where(p => p is { IsStatic: false, IsIndexer: false, GetMethod: not null, SetMethod.DeclaredAccessibility: Accessibility.Public });

    public static string JsonNameOf(IPropertySymbol property) =>
        property.Attribute("Field")?.Named<string?>("Name", null) ?? char.ToLowerInvariant(property.Name[0]) + property.Name.Substring(1);

    /// <summary>The JSON name when the type has a property of this name; otherwise the name itself.</summary>
    public static string JsonNameOf(INamedTypeSymbol type, string name) =>
        PropertiesOf(type).FirstOrDefault(property => property.Name == name) is { } property ? JsonNameOf(property) : name;

    public static EquatableArray<RuleModel> Rules(ISymbol symbol) => symbol.AllAttributes("Rule").Select(rule => new RuleModel(
        rule.Text(0) ?? "",
        rule.Named<string?>("Message", null),
        rule.Named<string?>("MessageExpression", null),
        rule.Named<string?>("Reason", null),
        rule.Named<string?>("FieldPath", null),
        rule.Named("OptionalOldSelf", false))).ToEquatable();

    public static FieldModel? Read(
        INamedTypeSymbol owner, IPropertySymbol property, SemanticModel semantics, Findings findings, CancellationToken cancellation)
    {
        var place = property.Locations.FirstOrDefault();
        if (property.SetMethod!.IsInitOnly || property.IsRequired)
            findings.Add(Diagnostics.NotSettable, place, property.Name);
        if (Taken.Contains(property.Name) || (TakenInKinds.Contains(property.Name) && owner.Has("Kind")))
            findings.Add(Diagnostics.TakenName, place, property.Name, JsonNameOf(property));
        if (ShapeReader.Read(property.Type) is not { } shape)
        {
            findings.Add(Diagnostics.UnsupportedType, place, property.Name, property.Type.ToDisplayString());
            return null;
        }
        FieldChecks.Check(property, shape, findings);
        var field = Model(owner, property, shape, cancellation);
        FieldChecks.CheckInitialValue(property, field, semantics, findings, cancellation);
        return field;
    }

    private static FieldModel Model(INamedTypeSymbol owner, IPropertySymbol property, Shape shape, CancellationToken cancellation)
    {
        var required = property.Has("Required");
        var (applied, published) = Defaults(property);
        var listType = property.Attribute("ListType");
        var patch = property.Attribute("Patch");
        var range = property.Attribute("Range");
        return new()
        {
            PropertyName = property.Name,
            JsonName = JsonNameOf(property),
            Shape = shape,
            Description = Summary.Of(property, name => JsonNameOf(owner, name), cancellation),
            Number = property.Attribute("Field")?.ConstructorArguments.FirstOrDefault().Value is int number ? number : 0,
            Required = required,
            Presence = PresenceOf(property, shape, required),
            Pointer = shape.Nullable && !shape.IsCollection && shape.Kind != ShapeKind.Bytes,
            Default = applied,
            PublishedDefault = published,
            PatchStrategy = patch?.Text(0),
            PatchMergeKey = patch?.Named<string?>("MergeKey", null),
            MicroTime = property.Has("MicroTime"),
            Format = property.Attribute("Format")?.Text(0),
            OneOf = (property.Attribute("OneOf")?.Texts(0) ?? []).ToEquatable(),
            ListType = listType?.Text(0),
            ListKeys = (listType?.Texts(1) ?? []).ToEquatable(),
            Atomic = property.Has("Atomic"),
            Granular = property.Has("Granular"),
            Min = Bound(range, "Min", long.MinValue),
            Max = Bound(range, "Max", long.MaxValue),
            Pattern = property.Attribute("Pattern")?.Text(0),
            Rules = Rules(property),
        };
    }

    /// <summary>When Go's encoder would write the field, had upstream's type been declared in C# terms.</summary>
    private static Presence PresenceOf(IPropertySymbol property, Shape shape, bool required)
    {
        var field = property.Attribute("Field");
        var omitZero = field?.Named("OmitZero", false) == true;
        if ((required && !omitZero) || field?.Named("Always", false) == true) return Presence.Always;
        if (shape.IsCollection || shape.Kind == ShapeKind.Bytes) return Presence.WhenNotEmpty;
        if (shape.Nullable) return Presence.WhenSet;
        var isEmbedded = shape.Kind is ShapeKind.Object or ShapeKind.Raw or ShapeKind.Quantity or ShapeKind.IntOrString or ShapeKind.Time;
        return isEmbedded && !omitZero ? Presence.Always : Presence.WhenNotEmpty;
    }

    /// <summary>What is filled in, and what is published. Kinds outside the box publish all their defaults.</summary>
    private static (string? Applied, string? Published) Defaults(IPropertySymbol property)
    {
        if (property.Attribute("Default") is not { } attribute || attribute.ConstructorArguments.Length != 1) return (null, null);
        var json = attribute.ConstructorArguments[0].Value switch
        {
            string text => Quote(text),
            bool flag => flag ? "true" : "false",
            long number => number.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };
        var publishedOnly = attribute.Named("PublishedOnly", false);
        var published = publishedOnly || attribute.Named("Published", false) || property.ContainingAssembly.Name != "Coracle.Kinds";
        return (publishedOnly ? null : json, published ? json : null);
    }

    private static long? Bound(AttributeData? range, string name, long none) => range?.Named(name, none) is { } bound && bound != none ? bound : null;

    private static string Quote(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\') json.Append('\\').Append(c);
            else if (c < ' ') json.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else json.Append(c);
        }
        return json.Append('"').ToString();
    }
}
