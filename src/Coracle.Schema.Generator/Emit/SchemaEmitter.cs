using System.Globalization;
using Coracle.Schema.Generator.Model;
using static Coracle.Schema.Generator.Emit.Code;

namespace Coracle.Schema.Generator.Emit;

/// <summary>The static Schema property: one node for the type, with the nodes of other types looked up when needed.</summary>
internal static class SchemaEmitter
{
    public static void Emit(Code code, ApiTypeModel type)
    {
        TypeEmitter.Lazy(code, $"{S}SchemaNode", "Schema", "NewSchema");
        code.Block($"private static {S}SchemaNode NewSchema() => new()", () => Node(code, type), ";");
        code.Line();
    }

    private static void Node(Code code, ApiTypeModel type)
    {
        code.Line($"Type = {S}SchemaType.Object,");
        code.Line($"Definition = {Literal(type.Definition)},");
        if (type.Description.Length > 0) code.Line($"Description = {Literal(type.Description)},");
        if (type.Atomic) code.Line("Atomic = true,");
        if (type.Rules.Count > 0) code.Line($"Rules = {Rules(type.Rules)},");
        if (type.Unions.Count > 0) code.Block($"Unions = new {S}SchemaUnion[]", () => Unions(code, type), ",");
        if (type.Kind is { } kind)
        {
            var names = $"new({Literal(kind.Group)}, {Literal(kind.Version)}, {Literal(kind.Kind)})";
            code.Line($"GroupVersionKinds = new {S}GroupVersionKind[] {{ {names} }},");
        }
        code.Block($"Properties = new {S}SchemaProperty[]", () => Properties(code, type), ",");
    }

    private static void Properties(Code code, ApiTypeModel type)
    {
        if (type.Kind is not null)
        {
            Names(code, "kind", "The name of the kind of object, as its REST resource serves it. Cannot be changed.");
            Names(code, "apiVersion", "The API group and version in whose terms the object is written, such as \"apps/v1\".");
        }
        foreach (var field in type.Fields)
            code.Line($"new({Literal(field.JsonName)}, {Source(field)}) {{ {string.Join(", ", Facts(field))} }},");
    }

    private static void Names(Code code, string name, string description) => code.Line(
        $"new({Literal(name)}, {S}PlainSchema.String) {{ Description = {Literal(description)}, Presence = {S}Presence.WhenNotEmpty }},");

    private static IEnumerable<string> Facts(FieldModel field)
    {
        if (field.Description.Length > 0) yield return $"Description = {Literal(field.Description)}";
        if (field.Number != 0) yield return $"Number = {field.Number}";
        if (field.Required) yield return "Required = true";
        yield return $"Presence = {S}Presence.{field.Presence}";
        if (field.Pointer) yield return "Pointer = true";
        if (field.Default is not null) yield return $"Default = {Literal(field.Default)}";
        if (field.PublishedDefault is not null) yield return $"PublishedDefault = {Literal(field.PublishedDefault)}";
        if (field.PatchStrategy is not null) yield return $"PatchStrategy = {Literal(field.PatchStrategy)}";
        if (field.PatchMergeKey is not null) yield return $"PatchMergeKey = {Literal(field.PatchMergeKey)}";
    }

    /// <summary>The field's schema: a node, or a function that finds it.</summary>
    private static string Source(FieldModel field)
    {
        if (field.Shape.Kind != ShapeKind.Object) return Node(field, field.Shape);
        var schema = $"{field.Shape.TypeName}.Schema";
        if (!field.Atomic && !field.Granular && field.Rules.Count == 0) return $"static () => {schema}";
        return $"static () => {schema}.Refined({Literal(field.Atomic)}, {(field.Rules.Count > 0 ? Rules(field.Rules) : "null")}{(field.Granular ? ", true" : "")})";
    }

    private static string Node(FieldModel field, Shape shape)
    {
        var facts = (shape.IsCollection ? CollectionFacts(field, shape) : ValueFacts(field)).ToList();
        if (ReferenceEquals(shape, field.Shape)) facts.AddRange(OwnFacts(field));
        if (facts.Count == 0) return Plain(field, shape.Kind);
        var kind = shape.Kind switch
        {
            ShapeKind.List => "Array",
            ShapeKind.Map => "Map",
            ShapeKind.Int or ShapeKind.Long => "Integer",
            ShapeKind.Double => "Number",
            ShapeKind.Bool => "Boolean",
            ShapeKind.IntOrString => "IntOrString",
            ShapeKind.Quantity => "Quantity",
            ShapeKind.Raw => "Any, PreserveUnknown = true, Verbatim = true",
            _ => "String",
        };
        var format = shape.IsCollection || field.Format is not null ? null : FormatOf(field, shape.Kind);
        if (format is not null) facts.Insert(0, $"Format = {Literal(format)}");
        return $"new {S}SchemaNode {{ Type = {S}SchemaType.{kind}{string.Concat(facts.Select(fact => ", " + fact))} }}";
    }

    private static IEnumerable<string> CollectionFacts(FieldModel field, Shape shape)
    {
        yield return shape.Element!.Kind == ShapeKind.Object
            ? $"ItemsSource = static () => {shape.Element.TypeName}.Schema"
            : $"Items = {Node(field, shape.Element)}";
    }

    /// <summary>What an attribute says of a string or number also holds for those in a list or map.</summary>
    private static IEnumerable<string> ValueFacts(FieldModel field)
    {
        if (field.Format is not null) yield return $"Format = {Literal(field.Format)}";
        if (field.OneOf.Count > 0) yield return $"Enum = {Strings(field.OneOf)}";
        if (field.Pattern is not null) yield return $"Pattern = {Literal(field.Pattern)}";
    }

    private static IEnumerable<string> OwnFacts(FieldModel field)
    {
        if (field.ListType is not null) yield return $"ListType = {Literal(field.ListType)}";
        if (field.ListKeys.Count > 0) yield return $"ListKeys = {Strings(field.ListKeys)}";
        if (field.Atomic) yield return "Atomic = true";
        if (field.Granular) yield return "Granular = true";
        if (field.Min is { } min) yield return $"Minimum = {min.ToString(CultureInfo.InvariantCulture)}";
        if (field.Max is { } max) yield return $"Maximum = {max.ToString(CultureInfo.InvariantCulture)}";
        if (field.Rules.Count > 0) yield return $"Rules = {Rules(field.Rules)}";
    }

    private static string? FormatOf(FieldModel field, ShapeKind kind) => kind switch
    {
        ShapeKind.Int => "int32",
        ShapeKind.Long => "int64",
        ShapeKind.Double => "double",
        ShapeKind.Time => field.MicroTime ? "micro-time" : "date-time",
        ShapeKind.Bytes => "byte",
        _ => null,
    };

    private static string Plain(FieldModel field, ShapeKind kind) => $"{S}PlainSchema." + kind switch
    {
        ShapeKind.Int => "Int32",
        ShapeKind.Long => "Int64",
        ShapeKind.Double => "Double",
        ShapeKind.Bool => "Boolean",
        ShapeKind.Time => field.MicroTime ? "MicroTime" : "Time",
        ShapeKind.Bytes => "Bytes",
        ShapeKind.IntOrString => "IntOrString",
        ShapeKind.Quantity => "Quantity",
        ShapeKind.Raw => "Any",
        _ => "String",
    };

    private static void Unions(Code code, ApiTypeModel type)
    {
        foreach (var union in type.Unions)
        {
            var members = union.Members.Select(member => member.Split(['='], 2)).Select(pair => $"new({Literal(pair[0])}, {Literal(pair.Last())})");
            var array = $"new global::System.Collections.Generic.KeyValuePair<string, string>[] {{ {string.Join(", ", members)} }}";
            code.Line($"new({LiteralOrNull(union.Discriminator)}, {array}),");
        }
    }

    private static string Rules(EquatableArray<RuleModel> rules) => $"new {S}SchemaRule[] {{ {string.Join(", ", rules.Select(Rule))} }}";

    private static string Rule(RuleModel rule)
    {
        var texts = new[] { rule.Expression, rule.Message, rule.MessageExpression, rule.Reason, rule.FieldPath };
        return $"new({string.Join(", ", texts.Select(LiteralOrNull))}, {Literal(rule.OptionalOldSelf)})";
    }
}
