using Coracle.Schema;

namespace Coracle.Kinds.Apiextensions.V1;

/// <summary>What the schema of a version must be, beyond being structural.</summary>
internal static partial class SchemaValidation
{
    internal static readonly string[] Types = ["array", "boolean", "integer", "number", "object", "string"];

    /// <summary>
    /// 1. What a status of its own leaves to say at the root. 2. Structure. 3. Defaults. 4. Each schema by itself. 5. Rules, when all else is right.
    /// </summary>
    public static void Validate(JSONSchemaProps schema, bool hasStatus, DefinitionChecks checks, FieldPath path, FieldErrors errors)
    {
        var own = path / "openAPIV3Schema";
        if (hasStatus) Root(schema, path, own, errors);                                                        // 1
        if (schema.IsNullable) errors.Forbidden(path / "openAPIV3Schema.nullable", "nullable cannot be true at the root");
        var before = errors.Count;
        var unsupported = checks.RequireStructural ? StructuralSchema.Unsupported(schema) : null;
        if (checks.RequireStructural && unsupported is null)
        {
            foreach (var error in StructuralSchema.Validate(own, schema)) errors.Add(error);                   // 2
            if (errors.Count == before) SchemaDefaults.Validate(schema, checks.RequirePrunedDefaults, own, errors); // 3
        }
        var structural = unsupported is null && errors.Count == before;
        Each(schema, new(checks, IsRoot: true), own, errors);                                                  // 4
        if (unsupported is not null && errors.Count == before) errors.Invalid(own, "", unsupported);
        if (structural && errors.Count == before) Rules(schema, checks, own, errors);                          // 5
    }

    static partial void Rules(JSONSchemaProps schema, DefinitionChecks checks, FieldPath path, FieldErrors errors);

    // The schema of the status alone is used by itself, and must lose nothing by that.
    private static void Root(JSONSchemaProps schema, FieldPath path, FieldPath own, FieldErrors errors)
    {
        if (schema.Type.Length > 0 && schema.Type != "object")
        {
            errors.Invalid(path / "openAPIV3Schema.type", schema.Type, "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled");
            return;
        }
        var rest = schema.DeepCopy();
        (rest.Description, rest.Type, rest.Format, rest.Title, rest.Pattern) = ("", "", "", "", "");
        (rest.Maximum, rest.Minimum, rest.ExclusiveMaximum, rest.ExclusiveMinimum, rest.MultipleOf) = (null, null, false, false, null);
        (rest.MaxLength, rest.MinLength, rest.MaxItems, rest.MinItems, rest.UniqueItems) = (null, null, null, null, false);
        (rest.Required, rest.Items, rest.Properties, rest.ExternalDocs, rest.Example) = (null, null, null, null, null);
        (rest.PreserveUnknownFields, rest.Validations) = (null, null);
        if (rest.ContentEquals(new JSONSchemaProps())) return;
        errors.Invalid(own, ApiJson.ParseTree(ApiJson.ToBytes(schema)), "only [Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength "
            + "Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations] fields are allowed at the root of the "
            + "schema if the status subresource is enabled");
    }

    /// <summary>Where a schema stands.</summary>
    private readonly record struct Place(DefinitionChecks Checks, bool IsRoot = false, bool InMeta = false, string? NoDefaults = null);

    private static void Each(JSONSchemaProps? schema, Place place, FieldPath path, FieldErrors errors)
    {
        if (schema is null) return;
        Itself(schema, place, path, errors);
        if (schema.UniqueItems) errors.Forbidden(path / "uniqueItems", "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        var below = place with { IsRoot = false };
        if (schema.AdditionalProperties is { IsZero: false } entries)
        {
            if (schema.Properties is { Count: > 0 } && entries.Json.ToString() != "true") errors.Forbidden(path / "additionalProperties", "additionalProperties and properties are mutual exclusive");
            Each(entries.AsSchema(), place.InMeta ? below with { NoDefaults = "inside additionalProperties applying to object metadata" } : below, path / "additionalProperties", errors);
        }
        foreach (var (name, property) in StructuralSchema.Sorted(schema.Properties))
        {
            var inMeta = (place.IsRoot || schema.EmbeddedResource) && name is "metadata" or "kind" or "apiVersion";
            var at = inMeta ? below with { InMeta = true, NoDefaults = place.IsRoot ? $"in top-level {name}" : below.NoDefaults } : below;
            Each(property, at, (path / "properties").Key(name), errors);
        }
        Each(schema.Not, below, path / "not", errors);
        foreach (var (nested, where) in Nested(schema, path)) Each(nested, below, where, errors);
        Each(schema.Items?.AsSchema(), below, path / "items", errors);
        Lists(schema, place.Checks, path, errors);
        RuleTexts(schema, path, errors);
    }

    private static IEnumerable<(JSONSchemaProps, FieldPath)> Nested(JSONSchemaProps schema, FieldPath path)
    {
        foreach (var (name, list) in new[] { ("allOf", schema.AllOf), ("oneOf", schema.OneOf), ("anyOf", schema.AnyOf) })
            for (var i = 0; i < (list?.Count ?? 0); i++) yield return (list![i], (path / name)[i]);
        foreach (var (name, definition) in StructuralSchema.Sorted(schema.Definitions)) yield return (definition, (path / "definitions").Key(name));
    }

    private static void Itself(JSONSchemaProps schema, Place place, FieldPath path, FieldErrors errors)
    {
        if (place.Checks.RequireKnownTypes && schema.Type.Length > 0 && !Types.Contains(schema.Type)) errors.NotSupported(path / "type", schema.Type, Types);
        if (schema.Default is { IsZero: false } && place.NoDefaults is { } reason) errors.Forbidden(path / "default", $"must not be set {reason}");
        if (schema.Id.Length > 0) errors.Forbidden(path / "id", "id is not supported");
        if (schema.AdditionalItems is not null) errors.Forbidden(path / "additionalItems", "additionalItems is not supported");
        if (schema.PatternProperties is { Count: > 0 }) errors.Forbidden(path / "patternProperties", "patternProperties is not supported");
        if (schema.Definitions is { Count: > 0 }) errors.Forbidden(path / "definitions", "definitions is not supported");
        if (schema.Dependencies is { Count: > 0 }) errors.Forbidden(path / "dependencies", "dependencies is not supported");
        if (schema.Ref is not null) errors.Forbidden(path / "$ref", "$ref is not supported");
        if (schema.Type == "null") errors.Forbidden(path / "type", "type cannot be set to null, use nullable as an alternative");
        if (schema.Items is { IsZero: false } items && items.AsSchema() is null) errors.Forbidden(path / "items", "items must be a schema object and not an array");
        if (place.InMeta && schema.EmbeddedResource) errors.Forbidden(path / "x-kubernetes-embedded-resource", "must not be used inside of resource meta");
        if (schema.PreserveUnknownFields == false) errors.Invalid(path / "x-kubernetes-preserve-unknown-fields", false, "must be true or undefined");
    }

    private static void Lists(JSONSchemaProps schema, DefinitionChecks checks, FieldPath path, FieldErrors errors)
    {
        if (schema.MapType is not null && schema.Type != "object") WrongType(schema, "must be object if x-kubernetes-map-type is specified", path, errors);
        if (schema.MapType is not null and not ("atomic" or "granular")) errors.NotSupported(path / "x-kubernetes-map-type", schema.MapType, ["atomic", "granular"]);
        if (schema.ListType is not null && schema.Type != "array") WrongType(schema, "must be array if x-kubernetes-list-type is specified", path, errors);
        else if (checks.RequireAtomicSets && IsNonAtomicSet(schema))
        {
            var items = schema.Items!.AsSchema()!;
            errors.Invalid(path / "items" / (items.Type == "array" ? "x-kubernetes-list-type" : "x-kubernetes-map-type"), items.ListType, "must be atomic as item of a list with x-kubernetes-list-type=set");
        }
        if (schema.ListType is not null and not ("atomic" or "set" or "map")) errors.NotSupported(path / "x-kubernetes-list-type", schema.ListType, ["atomic", "set", "map"]);
        if (schema.ListMapKeys is { Count: > 0 } && schema.ListType != "map")
        {
            const string detail = "must be map if x-kubernetes-list-map-keys is non-empty";
            if (schema.ListType is null) errors.Required(path / "x-kubernetes-list-type", detail);
            else errors.Invalid(path / "x-kubernetes-list-type", schema.ListType, detail);
        }
        if (schema.ListType == "map") MapList(schema, path, errors);
        if (checks.RequireMapKeys) MapKeys(schema, path, errors);
    }

    private static void WrongType(JSONSchemaProps schema, string detail, FieldPath path, FieldErrors errors)
    {
        if (schema.Type.Length == 0) errors.Required(path / "type", detail);
        else errors.Invalid(path / "type", schema.Type, detail);
    }

    internal static bool IsNonAtomicSet(JSONSchemaProps schema) => schema.ListType == "set" && schema.Items?.AsSchema() is { } items && items.Type switch
    {
        "array" => items.ListType is not null and not "atomic",
        "object" => items.MapType != "atomic",
        _ => false,
    };

    private static void MapList(JSONSchemaProps schema, FieldPath path, FieldErrors errors)
    {
        if (schema.ListMapKeys is not { Count: > 0 }) errors.Required(path / "x-kubernetes-list-map-keys", "must not be empty if x-kubernetes-list-type is map");
        if (schema.Items is not { IsZero: false } items)
        {
            errors.Required(path / "items", "must have a schema if x-kubernetes-list-type is map");
            return;
        }
        if (items.AsSchema() is not { } item)
        {
            errors.Invalid(path / "items", items.Json, "must only have a single schema if x-kubernetes-list-type is map");
            return;
        }
        if (item.Type != "object")
        {
            errors.Invalid(path / "items" / "type", item.Type, "must be object if parent array's x-kubernetes-list-type is map");
            return;
        }
        var shown = new System.Text.Json.Nodes.JsonArray([.. (schema.ListMapKeys ?? []).Select(key => (System.Text.Json.Nodes.JsonNode)key)]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in schema.ListMapKeys ?? [])
        {
            if (item.Properties?.GetValueOrDefault(key) is not { } property) errors.Invalid(path / "x-kubernetes-list-map-keys", shown, "entries must all be names of item properties");
            else if (property.Type is "array" or "object")
                errors.Invalid((path / "items" / "properties").Key(key) / "type", item.Type, "must be a scalar type if parent array's x-kubernetes-list-type is map");
            if (!seen.Add(key)) errors.Invalid(path / "x-kubernetes-list-map-keys", shown, "must not contain duplicate entries");
        }
    }

    internal static void MapKeys(JSONSchemaProps schema, FieldPath path, FieldErrors errors)
    {
        if (schema.ListType is not ("set" or "map") || schema.Items?.AsSchema() is not { } items) return;
        if (items.IsNullable) errors.Forbidden(path / "items" / "nullable", "cannot be nullable when x-kubernetes-list-type is " + schema.ListType);
        if (schema.ListType != "map") return;
        foreach (var key in schema.ListMapKeys ?? [])
        {
            if (items.Properties?.GetValueOrDefault(key) is not { } property) continue;
            var own = (path / "items" / "properties").Key(key);
            if (items.Required?.Contains(key) != true && property.Default is not { IsZero: false })
                errors.Required(own / "default", "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property");
            if (property.IsNullable) errors.Forbidden(own / "nullable", "this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
        }
    }

    private static readonly string[] Reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

    private static void RuleTexts(JSONSchemaProps schema, FieldPath path, FieldErrors errors)
    {
        for (var i = 0; i < (schema.Validations?.Count ?? 0); i++) RuleText(schema, schema.Validations![i], (path / "x-kubernetes-validations")[i], errors);
    }

    private static void RuleText(JSONSchemaProps schema, ValidationRule rule, FieldPath path, FieldErrors errors)
    {
        var (text, message) = (rule.Rule.Trim(), rule.Message.Trim());
        if (text.Length == 0) errors.Required(path / "rule", "rule is not specified");
        else if (rule.Message.Length > 0 && message.Length == 0) errors.Invalid(path / "message", rule.Message, "must be non-empty if specified");
        else if (HasBreaks(message)) errors.Invalid(path / "message", rule.Message, "must not contain line breaks");
        else if (HasBreaks(text) && message.Length == 0) errors.Required(path / "message", "message must be specified if rule contains line breaks");
        if (rule.MessageExpression.Length > 0 && rule.MessageExpression.Trim().Length == 0) errors.Required(path / "messageExpression", "messageExpression must be non-empty if specified");
        if (rule.Reason is { } reason && !Reasons.Contains(reason)) errors.NotSupported(path / "reason", reason, Reasons);
        if (rule.FieldPath.Length == 0) return;
        if (rule.FieldPath.Trim().Length == 0) errors.Invalid(path / "fieldPath", rule.FieldPath, "must be non-empty if specified");
        if (HasBreaks(rule.FieldPath)) errors.Invalid(path / "fieldPath", rule.FieldPath, "must not contain line breaks");
        if (SchemaFieldPath.Find(schema, rule.FieldPath, out _, out _, allowBrackets: true) is null) errors.Invalid(path / "fieldPath", rule.FieldPath, "must be a valid path");
    }

    private static bool HasBreaks(string text) => text.AsSpan().IndexOfAny('\n', '\r') >= 0;
}
