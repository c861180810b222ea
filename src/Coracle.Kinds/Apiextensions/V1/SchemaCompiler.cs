using System.Text.Json.Nodes;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Apiextensions.V1;

/// <summary>A structural schema to the engine's own, from which objects are decoded, pruned, defaulted, validated and merged.</summary>
public static class SchemaCompiler
{
    private static readonly SchemaNode String = Plain(SchemaType.String, "string");
    private static readonly SchemaNode Integer = Plain(SchemaType.Integer, "integer");
    private static readonly SchemaNode Number = Plain(SchemaType.Number, "number");
    private static readonly SchemaNode Boolean = Plain(SchemaType.Boolean, "boolean");
    private static readonly SchemaNode Anything = new() { Type = SchemaType.Any, PreserveUnknown = true, Checks = ValueChecks.None };

    // What additionalProperties: true leaves of a value: an object keeps none of its fields there.
    private static readonly SchemaNode Emptied = new() { Type = SchemaType.Object, Checks = ValueChecks.None };

    private static SchemaNode Plain(SchemaType type, string name) => new() { Type = type, Checks = ValueChecks.OfType(name) };

    /// <summary>The schema of whole objects of a kind. Their metadata is that of all objects, whatever else is said of it.</summary>
    /// <param name="schema">The schema of the definition; null where it has none.</param>
    /// <param name="preserve">Fields that the schema does not name are kept everywhere.</param>
    public static SchemaNode Root(JSONSchemaProps? schema, bool preserve = false)
    {
        schema ??= new JSONSchemaProps { Type = "object", PreserveUnknownFields = true };
        return new()
        {
            Type = SchemaType.Object, Checks = ChecksOf(schema), PreserveUnknown = preserve || schema.PreserveUnknownFields == true, Properties = WithMeta(schema, preserve), Atomic = schema.MapType == "atomic",
            Rules = RulesOf(schema),
        };
    }

    private static SchemaProperty[] WithMeta(JSONSchemaProps schema, bool preserve = false)
    {
        var properties = schema.Properties ?? [];
        return
        [
            new("apiVersion", Named(properties, "apiVersion")), new("kind", Named(properties, "kind")), new("metadata", Metadata(properties.GetValueOrDefault("metadata"))),
            .. properties.Where(p => p.Key is not ("apiVersion" or "kind" or "metadata")).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => Property(p.Key, p.Value, preserve)),
        ];
    }

    private static SchemaNode Named(Dictionary<string, JSONSchemaProps> properties, string name) => properties.GetValueOrDefault(name) is { } given ? Compile(given) : PlainSchema.String;

    // Of metadata the name alone can be restricted.
    private static SchemaNode Metadata(JSONSchemaProps? schema)
    {
        if (schema?.Properties is not { Count: > 0 } restricted) return ObjectMeta.Schema;
        return new()
        {
            Type = SchemaType.Object, Definition = ObjectMeta.Schema.Definition, Checks = null,
            Properties = [.. ObjectMeta.Schema.Properties.Select(p => p.Name is "name" or "generateName" && restricted.TryGetValue(p.Name, out var own)
                ? new SchemaProperty(p.Name, Compile(own)) { Presence = p.Presence, Number = p.Number } : p)],
        };
    }

    private static SchemaProperty Property(string name, JSONSchemaProps schema, bool preserve) => new(name, Compile(schema, preserve)) { Default = DefaultOf(schema) };

    private static string? DefaultOf(JSONSchemaProps schema) => schema.Default is { IsZero: false } given && given.Json.ToString() is not "null" and var text ? text : null;

    /// <summary>The schema of a value.</summary>
    /// <param name="schema">The schema of the definition.</param>
    /// <param name="preserve">Fields that it does not name are kept, as definitions of before there was pruning want it.</param>
    public static SchemaNode Compile(JSONSchemaProps schema, bool preserve = false)
    {
        if (IsPlain(schema) && PlainNode(schema.Type) is { } shared) return shared;
        var entries = schema.AdditionalProperties?.AsSchema();
        var type = TypeOf(schema);
        var list = type == SchemaType.Array;
        var named = schema.Properties is { Count: > 0 } || schema.EmbeddedResource;
        return new()
        {
            Type = type,
            Checks = ChecksOf(schema),
            Properties = type == SchemaType.Object || type == SchemaType.Any && named ? PropertiesOf(schema, preserve) : [],
            Items = type == SchemaType.Map ? entries is null ? preserve ? Anything : Emptied : Compile(entries, preserve) : schema.Items?.AsSchema() is { } items ? Compile(ItemsOf(schema, items), preserve) : list ? Anything : null,
            WhenObjectSource = type == SchemaType.Any && named ? () => Form(schema, preserve) : null,
            NullDefault = DefaultOf(schema),
            Nullable = schema.IsNullable,
            PreserveUnknown = preserve || schema.PreserveUnknownFields == true,
            EmbeddedResource = schema.EmbeddedResource,
            ListType = schema.ListType,
            ListKeys = schema.ListMapKeys ?? [],
            Atomic = schema.MapType == "atomic",
            Rules = RulesOf(schema),
        };
    }

    // What a list keeps of the fields that its schema does not name, its items keep as well; what is below those does not.
    private static JSONSchemaProps ItemsOf(JSONSchemaProps list, JSONSchemaProps items)
    {
        if (list.PreserveUnknownFields != true || items.PreserveUnknownFields == true || items.Type is not ("object" or "array")) return items;
        var keeping = ApiJson.Parse<JSONSchemaProps>(list.Items!.Json.Utf8.Span);
        keeping.PreserveUnknownFields = true;
        return keeping;
    }

    // A value of any type that is an object after all.
    private static SchemaNode Form(JSONSchemaProps schema, bool preserve) =>
        new() { Type = SchemaType.Object, Checks = ValueChecks.None, Properties = PropertiesOf(schema, preserve), PreserveUnknown = preserve || schema.PreserveUnknownFields == true, EmbeddedResource = schema.EmbeddedResource };

    private static SchemaType TypeOf(JSONSchemaProps schema)
    {
        if (schema.IntOrString) return SchemaType.IntOrString;
        var entries = schema.AdditionalProperties is { IsZero: false } all && schema.Properties is not { Count: > 0 } && (all.AsSchema() is not null || schema.PreserveUnknownFields != true);
        return schema.Type switch
        {
            "object" => entries ? SchemaType.Map : SchemaType.Object,
            "array" => SchemaType.Array,
            "string" => SchemaType.String,
            "integer" => SchemaType.Integer,
            "number" => SchemaType.Number,
            "boolean" => SchemaType.Boolean,
            _ => SchemaType.Any,
        };
    }

    private static SchemaProperty[] PropertiesOf(JSONSchemaProps schema, bool preserve)
    {
        if (schema.EmbeddedResource) return WithMeta(schema, preserve);
        return schema.Properties is null ? [] : [.. schema.Properties.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => Property(p.Key, p.Value, preserve))];
    }

    private static SchemaNode? PlainNode(string type) => type switch
    {
        "string" => String,
        "integer" => Integer,
        "number" => Number,
        "boolean" => Boolean,
        _ => null,
    };

    private static bool IsPlain(JSONSchemaProps schema) => !schema.IsNullable && !schema.IntOrString && schema.PreserveUnknownFields is null && !schema.EmbeddedResource && DefaultOf(schema) is null
        && schema.Validations is not { Count: > 0 } && !HasChecks(schema);

    private static bool HasChecks(JSONSchemaProps schema) => schema.Format.Length > 0 || schema.Pattern.Length > 0 || schema.Maximum is not null || schema.Minimum is not null
        || schema.MaxLength is not null || schema.MinLength is not null || schema.MaxItems is not null || schema.MinItems is not null || schema.MultipleOf is not null
        || schema.MaxProperties is not null || schema.MinProperties is not null || schema.Enum is { Count: > 0 } || schema.Required is { Count: > 0 } || schema.AllOf is { Count: > 0 }
        || schema.AnyOf is { Count: > 0 } || schema.OneOf is { Count: > 0 } || schema.Not is not null || IsFalse(schema.AdditionalProperties);

    private static bool IsFalse(SchemaOrBool? value) => value is { IsZero: false } && value.Json.ToString() == "false";

    private static ValueChecks ChecksOf(JSONSchemaProps schema)
    {
        if (!HasChecks(schema)) return schema.IntOrString ? IntOrString : ValueChecks.OfType(schema.Type);
        return new()
        {
            Types = schema.IntOrString ? ["integer", "string"] : schema.Type.Length > 0 ? [schema.Type] : [],
            Format = schema.Format.Length > 0 && !schema.IntOrString && ValueFormats.IsKnown(schema.Type, schema.Format) ? schema.Format : null,
            Maximum = schema.Maximum, Minimum = schema.Minimum, ExclusiveMaximum = schema.ExclusiveMaximum, ExclusiveMinimum = schema.ExclusiveMinimum, MultipleOf = schema.MultipleOf,
            MaxLength = schema.MaxLength, MinLength = schema.MinLength, Pattern = schema.Pattern.Length > 0 ? schema.Pattern : null,
            MaxItems = schema.MaxItems, MinItems = schema.MinItems, MaxProperties = schema.MaxProperties, MinProperties = schema.MinProperties,
            Required = schema.Required ?? [],
            Enum = schema.Enum is null ? [] : [.. schema.Enum.Select(value => value.IsZero ? null : ApiJson.ParseTree(value.Json.Utf8.Span))],
            AllOf = Nested(schema.AllOf), AnyOf = Nested(schema.AnyOf), OneOf = Nested(schema.OneOf), Not = schema.Not is null ? null : Compile(schema.Not),
            Closed = IsFalse(schema.AdditionalProperties),
        };
    }

    private static readonly ValueChecks IntOrString = new() { Types = ["integer", "string"] };

    // A schema beside others has no type of its own as a rule; what it says of properties and items holds of objects and lists.
    private static IReadOnlyList<SchemaNode> Nested(List<JSONSchemaProps>? schemas) => schemas is null ? [] : [.. schemas.Select(schema => Compile(schema))];

    private static IReadOnlyList<SchemaRule> RulesOf(JSONSchemaProps schema) => schema.Validations is not { Count: > 0 } rules ? [] :
    [
        .. rules.Select(rule => new SchemaRule(rule.Rule, Text(rule.Message), Text(rule.MessageExpression), rule.Reason, Text(rule.FieldPath), rule.OptionalOldSelf == true)),
    ];

    private static string? Text(string text) => text.Length == 0 ? null : text;
}
