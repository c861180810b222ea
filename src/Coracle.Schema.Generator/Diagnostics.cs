using Coracle.Schema.Generator.Model;
using Microsoft.CodeAnalysis;

namespace Coracle.Schema.Generator;

/// <summary>What can be wrong with an annotated class. Everything here is an error but where a correct program could mean it.</summary>
internal static class Diagnostics
{
    public static readonly DiagnosticDescriptor NotPartial = Error("COR001", "API type is not a sealed partial class",
        "'{0}' must be a top-level 'sealed partial class' without type parameters, because its serializer is generated into it");

    public static readonly DiagnosticDescriptor UnsupportedType = Error("COR002", "Property type has no JSON form",
        "'{0}' has the type '{1}', which has no JSON form here: use string, int, long, double, bool, DateTimeOffset, byte[], Quantity, " +
        "IntOrString, RawJson, an [ApiType] class, or a List<T> or Dictionary<string, T> of these");

    public static readonly DiagnosticDescriptor DuplicateNumber = Error("COR003", "Field number is used twice",
        "'{0}' and '{1}' both have the field number {2}");

    public static readonly DiagnosticDescriptor DuplicateName = Error("COR004", "JSON name is used twice",
        "'{0}' and '{1}' both have the JSON name \"{2}\"");

    public static readonly DiagnosticDescriptor BadListType = Error("COR005", "List type does not fit",
        "The list type of '{0}' does not fit: {1}");

    public static readonly DiagnosticDescriptor BadDefault = Error("COR006", "Default does not fit the type",
        "The default {1} of '{0}' does not fit its type '{2}'");

    public static readonly DiagnosticDescriptor BadKind = Error("COR007", "Kind is incomplete",
        "The kind of '{0}' is incomplete: {1}");

    public static readonly DiagnosticDescriptor TakenName = Error("COR008", "Property name is taken by generated code",
        "'{0}' has the name of a generated member: rename the property and give the JSON name with [Field(Name = \"{1}\")]");

    public static readonly DiagnosticDescriptor NotSettable = Error("COR009", "Property cannot be read into",
        "'{0}' must have a plain setter: the serializer sets it after the object is made, so it cannot be 'init' or 'required'");

    public static readonly DiagnosticDescriptor MisplacedAttribute = Error("COR010", "Attribute does not fit the type",
        "[{1}] on '{0}' does not fit its type '{2}': {3}");

    public static readonly DiagnosticDescriptor InitialValue = Error("COR011", "Initial value is lost when written",
        "'{0}' starts as {1}, but the zero value is left out of what is written and would come back as {1}: " +
        "use [Default({1})], [Required] or a nullable type without initial value");

    public static readonly DiagnosticDescriptor NotCompletable = Error("COR012", "Declaring class is not partial",
        "'{0}' must be a top-level 'partial class' without type parameters, because what its attributes say is generated into it");

    private static readonly Dictionary<string, DiagnosticDescriptor> ById = new[]
    {
        NotPartial, UnsupportedType, DuplicateNumber, DuplicateName, BadListType, BadDefault, BadKind, TakenName, NotSettable,
        MisplacedAttribute, InitialValue, NotCompletable,
    }.ToDictionary(descriptor => descriptor.Id);

    public static Diagnostic ToDiagnostic(this FindingModel finding) =>
        Diagnostic.Create(ById[finding.Id], finding.Place?.ToLocation() ?? Location.None, [.. finding.Words]);

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, "Coracle.Schema", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
