using Coracle.Schema.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Coracle.Schema.Generator.Reading;

/// <summary>An annotated class to its model and findings.</summary>
internal static class TypeReader
{
    public static ReadResult Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        var type = (INamedTypeSymbol)context.TargetSymbol;
        var findings = new Findings();
        if (!CanBeCompleted(type, (TypeDeclarationSyntax)context.TargetNode))
        {
            findings.Add(Diagnostics.NotPartial, type.Locations.FirstOrDefault(), type.Name);
            return new(null, findings.All);
        }
        var fields = ReadFields(type, context.SemanticModel, findings, cancellation);
        var assembly = context.SemanticModel.Compilation.Assembly;
        var kind = type.Attribute("Kind") is { } attribute ? KindReader.Read(type, attribute, assembly, findings) : null;
        return new(
            new()
            {
                Namespace = NamespaceOf(type),
                Name = type.Name,
                Definition = Definition(type, kind, assembly),
                Description = Summary.Of(type, name => FieldReader.JsonNameOf(type, name), cancellation),
                Atomic = type.Attribute("ApiType")?.Named("Atomic", false) ?? false,
                Unions = type.AllAttributes("Union").Select(u => new UnionModel(u.Text(0), u.Texts(1).ToEquatable())).ToEquatable(),
                Rules = FieldReader.Rules(type),
                Fields = fields,
                Kind = kind,
            },
            findings.All);
    }

    private static bool CanBeCompleted(INamedTypeSymbol type, TypeDeclarationSyntax syntax) =>
        type is { IsSealed: true, IsGenericType: false, ContainingType: null, IsRecord: false } && syntax.Modifiers.Any(SyntaxKind.PartialKeyword);

    private static EquatableArray<FieldModel> ReadFields(
        INamedTypeSymbol type, SemanticModel semantics, Findings findings, CancellationToken cancellation)
    {
        var fields = new List<FieldModel>();
        var byName = new Dictionary<string, FieldModel>();
        var byNumber = new Dictionary<int, FieldModel>();
        foreach (var property in FieldReader.PropertiesOf(type))
        {
            if (FieldReader.Read(type, property, semantics, findings, cancellation) is not { } field) continue;
            var place = property.Locations.FirstOrDefault();
            if (byName.TryGetValue(field.JsonName, out var namesake))
                findings.Add(Diagnostics.DuplicateName, place, namesake.PropertyName, field.PropertyName, field.JsonName);
            else byName.Add(field.JsonName, field);
            if (field.Number != 0 && byNumber.TryGetValue(field.Number, out var other))
                findings.Add(Diagnostics.DuplicateNumber, place, other.PropertyName, field.PropertyName, field.Number.ToString());
            else if (field.Number != 0) byNumber.Add(field.Number, field);
            fields.Add(field);
        }
        return fields.ToEquatable();
    }

    private static string NamespaceOf(INamedTypeSymbol type) =>
        type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString();

    /// <summary>
    /// As the attribute says; else the namespace's package; else reversed group and version of the kinds in the namespace; else the namespace.
    /// </summary>
    private static string Definition(INamedTypeSymbol type, KindModel? kind, IAssemblySymbol assembly)
    {
        if (type.Attribute("ApiType")?.Named<string?>("Definition", null) is { } given) return given;
        var space = NamespaceOf(type);
        if (Package(space, assembly) is { } package) return $"{package}.{type.Name}";
        var neighbours = type.ContainingNamespace.GetTypeMembers().Select(neighbour => neighbour.Attribute("Kind")?.Text(0));
        var apiVersion = kind?.ApiVersion ?? neighbours.FirstOrDefault(text => text is not null);
        if (apiVersion is null) return space.Length == 0 ? type.Name : $"{space.ToLowerInvariant()}.{type.Name}";
        var slash = apiVersion.IndexOf('/');
        var group = apiVersion.Substring(0, Math.Max(slash, 0)).Split(['.'], StringSplitOptions.RemoveEmptyEntries);
        var parts = Enumerable.Reverse(group).Append(apiVersion.Substring(slash + 1));
        return $"{string.Join(".", parts)}.{type.Name}";
    }

    private static string? Package(string space, IAssemblySymbol assembly) => assembly.AllAttributes("DefinitionPackage")
        .Where(attribute => attribute.Text(0) is { } prefix && (space == prefix || space.StartsWith(prefix + ".", StringComparison.Ordinal)))
        .OrderByDescending(attribute => attribute.Text(0)!.Length)
        .FirstOrDefault()?.Text(1);
}

/// <summary>Collects what is wrong with one class.</summary>
internal sealed class Findings
{
    private readonly List<FindingModel> list = [];

    public EquatableArray<FindingModel> All => list.ToEquatable();

    public void Add(DiagnosticDescriptor descriptor, Location? place, params string[] words) =>
        list.Add(new(descriptor.Id, PlaceModel.Of(place), words.ToEquatable()));
}
