using Coracle.Schema;
using Coracle.Schema.Cel;

namespace Coracle.Kinds.Apiextensions.V1;

/// <summary>
/// What makes a schema structural: every field that is spoken of is also named outside of allOf, anyOf, oneOf and not, with its type, and nothing but values is
/// restricted inside of those (apiextensions-apiserver, pkg/apiserver/schema).
/// </summary>
public static class StructuralSchema
{
    private enum Level { Root, Item, Field }

    /// <summary>Why this cannot be read as a structural schema at all; null when it can.</summary>
    public static string? Unsupported(JSONSchemaProps? schema)
    {
        if (schema is null) return null;
        var own = schema switch
        {
            { Id.Length: > 0 } => "'id' is",
            { SchemaUri.Length: > 0 } => "'schema' is",
            { Ref.Length: > 0 } => "'$ref' is",
            { PatternProperties.Count: > 0 } => "'patternProperties' is",
            { Dependencies.Count: > 0 } => "'dependencies' is",
            { AdditionalItems: not null } => "'additionalItems' is",
            { Definitions.Count: > 0 } => "'definitions' is",
            _ => null,
        };
        if (own is not null) return $"OpenAPIV3Schema {own} not supported";
        if (schema.PreserveUnknownFields == false) return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
        if (schema.Items is { IsZero: false } items && items.AsSchema() is null) return "OpenAPIV3Schema 'items' must be a schema, but is an array";
        foreach (var below in Below(schema))
            if (Unsupported(below) is { } problem) return problem;
        return null;
    }

    /// <summary>Every schema directly inside of another.</summary>
    internal static IEnumerable<JSONSchemaProps> Below(JSONSchemaProps schema)
    {
        if (schema.Items?.AsSchema() is { } items) yield return items;
        foreach (var nested in (schema.AllOf ?? []).Concat(schema.AnyOf ?? []).Concat(schema.OneOf ?? [])) yield return nested;
        if (schema.Not is not null) yield return schema.Not;
        foreach (var (_, property) in schema.Properties ?? []) yield return property;
        if (schema.AdditionalProperties?.AsSchema() is { } entries) yield return entries;
    }

    /// <summary>Whether a schema or any inside of it is of some sort.</summary>
    internal static bool Any(JSONSchemaProps? schema, Func<JSONSchemaProps, bool> sort) => schema is not null && (sort(schema) || Below(schema).Any(below => Any(below, sort)));

    /// <summary>What keeps a schema from being structural, ordered by its text.</summary>
    public static IReadOnlyList<FieldError> Validate(FieldPath path, JSONSchemaProps schema)
    {
        var errors = new FieldErrors();
        Invariants(schema, Level.Root, path, errors);
        Complete(schema, schema, path, path, errors);
        return [.. errors.All.OrderBy(e => e.ToString(), StringComparer.Ordinal)];
    }

    private static void Invariants(JSONSchemaProps schema, Level level, FieldPath path, FieldErrors errors)
    {
        var items = schema.Items?.AsSchema();
        if (schema.Type == "array" && items is null) errors.Required(path / "items", "must be specified");
        if (items is not null) Invariants(items, Level.Item, path / "items", errors);
        foreach (var (name, property) in Sorted(schema.Properties)) Invariants(property, Level.Field, (path / "properties").Key(name), errors);
        if (schema.AdditionalProperties is { IsZero: false } entries)
        {
            if (level == Level.Root) errors.Forbidden(path / "additionalProperties", "must not be used at the root");
            if (entries.AsSchema() is { } entry) Invariants(entry, Level.Field, path / "additionalProperties", errors);
        }
        Extensions(schema, path, errors);
        Values(schema, IsIntOrString(schema.AnyOf), schema.AllOf is [{ } first, ..] && IsIntOrString(first.AnyOf), path, errors);
        Types(schema, level, path, errors);
        if (schema.EmbeddedResource && schema.AdditionalProperties is { IsZero: false })
            errors.Forbidden(path / "additionalProperties", "must not be used if x-kubernetes-embedded-resource is set");
        if (level == Level.Root && schema.Type.Length > 0 && schema.Type != "object") errors.Invalid(path / "type", schema.Type, "must be object at the root");
        Meta(schema, level, path, errors);
        if (schema.EmbeddedResource && schema.PreserveUnknownFields != true && schema.Properties is not { Count: > 0 })
            errors.Required(path / "properties", "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields");
    }

    private static void Extensions(JSONSchemaProps schema, FieldPath path, FieldErrors errors)
    {
        if (!schema.IntOrString) return;
        if (schema.PreserveUnknownFields == true) errors.Invalid(path / "x-kubernetes-preserve-unknown-fields", true, "must be false if x-kubernetes-int-or-string is true");
        if (schema.EmbeddedResource) errors.Invalid(path / "x-kubernetes-embedded-resource", true, "must be false if x-kubernetes-int-or-string is true");
    }

    private static void Types(JSONSchemaProps schema, Level level, FieldPath path, FieldErrors errors)
    {
        if (schema.EmbeddedResource && schema.Type != "object")
        {
            const string detail = "must be object if x-kubernetes-embedded-resource is true";
            if (schema.Type.Length == 0) errors.Required(path / "type", detail);
            else errors.Invalid(path / "type", schema.Type, detail);
        }
        else if (schema.Type.Length == 0 && !schema.IntOrString && schema.PreserveUnknownFields != true)
        {
            errors.Required(path / "type", level switch
            {
                Level.Root => "must not be empty at the root",
                Level.Item => "must not be empty for specified array items",
                _ => "must not be empty for specified object fields",
            });
        }
    }

    private static void Meta(JSONSchemaProps schema, Level level, FieldPath path, FieldErrors errors)
    {
        if (schema.Properties is null || level != Level.Root && !schema.EmbeddedResource) return;
        var properties = path / "properties";
        foreach (var name in (ReadOnlySpan<string>)["kind", "apiVersion"])
            if (schema.Properties.TryGetValue(name, out var text) && text.Type != "string") errors.Invalid(properties.Key(name) / "type", text.Type, "must be string");
        if (!schema.Properties.TryGetValue("metadata", out var metadata)) return;
        if (metadata.Type != "object") errors.Invalid(properties.Key("metadata") / "type", metadata.Type, "must be object");
        if (level == Level.Root && !RestrictsNamesAlone(metadata))
            errors.Forbidden(properties.Key("metadata"), "must not specify anything other than name and generateName, but metadata is implicitly specified");
    }

    private static bool RestrictsNamesAlone(JSONSchemaProps metadata)
    {
        if (metadata.Properties is { } named && named.Keys.Any(name => name is not ("name" or "generateName"))) return false;
        var rest = metadata.DeepCopy();
        rest.Properties = null;
        rest.Type = "";
        rest.Default = null;
        return rest.ContentEquals(new JSONSchemaProps());
    }

    private static bool IsIntOrString(List<JSONSchemaProps>? anyOf) =>
        anyOf is [var integer, var text] && integer.ContentEquals(new JSONSchemaProps { Type = "integer" }) && text.ContentEquals(new JSONSchemaProps { Type = "string" });

    private static void Values(JSONSchemaProps schema, bool skipAnyOf, bool skipFirstAllOfAnyOf, FieldPath path, FieldErrors errors)
    {
        if (!skipAnyOf) Each(schema.AnyOf, (nested, at) => Nested(nested, false, at, errors), path / "anyOf");
        for (var i = 0; i < (schema.AllOf?.Count ?? 0); i++) Nested(schema.AllOf![i], skipFirstAllOfAnyOf && i == 0, (path / "allOf")[i], errors);
        Each(schema.OneOf, (nested, at) => Nested(nested, false, at, errors), path / "oneOf");
        if (schema.Not is not null) Nested(schema.Not, false, path / "not", errors);
        if (schema.Pattern.Length > 0 && !GoRegex.TryCompile(schema.Pattern, out _, out var error))
            errors.Invalid(path / "pattern", schema.Pattern, $"must be a valid regular expression, but isn't: {error}");
    }

    private static void Each(List<JSONSchemaProps>? schemas, Action<JSONSchemaProps, FieldPath> check, FieldPath path)
    {
        for (var i = 0; i < (schemas?.Count ?? 0); i++) check(schemas![i], path[i]);
    }

    // Beside values nothing can be said here: what fields there are and what becomes of them must be the same whichever alternative holds.
    private static void Nested(JSONSchemaProps schema, bool skipAnyOf, FieldPath path, FieldErrors errors)
    {
        Values(schema, skipAnyOf, false, path, errors);
        if (schema.Items?.AsSchema() is { } items) Nested(items, false, path / "items", errors);
        foreach (var (name, property) in Sorted(schema.Properties)) Nested(property, false, (path / "properties").Key(name), errors);
        if (schema.Type.Length > 0) errors.Forbidden(path / "type", "must be empty to be structural");
        if (schema.AdditionalProperties is { IsZero: false } entries && entries.Json.ToString() != "false") errors.Forbidden(path / "additionalProperties", "must be undefined to be structural");
        if (schema.Default is { IsZero: false }) errors.Forbidden(path / "default", "must be undefined to be structural");
        if (schema.Title.Length > 0) errors.Forbidden(path / "title", "must be empty to be structural");
        if (schema.Description.Length > 0) errors.Forbidden(path / "description", "must be empty to be structural");
        if (schema.IsNullable) errors.Forbidden(path / "nullable", "must be false to be structural");
        if (schema.PreserveUnknownFields == true) errors.Forbidden(path / "x-kubernetes-preserve-unknown-fields", "must be false to be structural");
        if (schema.EmbeddedResource) errors.Forbidden(path / "x-kubernetes-embedded-resource", "must be false to be structural");
        if (schema.IntOrString) errors.Forbidden(path / "x-kubernetes-int-or-string", "must be false to be structural");
        if (schema.ListMapKeys is { Count: > 0 }) errors.Forbidden(path / "x-kubernetes-list-map-keys", "must be empty to be structural");
        if (schema.ListType is not null) errors.Forbidden(path / "x-kubernetes-list-type", "must be undefined to be structural");
        if (schema.MapType is not null) errors.Forbidden(path / "x-kubernetes-map-type", "must be undefined to be structural");
        if (schema.Validations is { Count: > 0 }) errors.Forbidden(path / "x-kubernetes-validations", "must be empty to be structural");
        if (schema.Properties?.ContainsKey("metadata") == true) errors.Forbidden((path / "properties").Key("metadata"), "must not be specified in a nested context");
    }

    // What is restricted in an alternative is also named outside of it.
    private static void Complete(JSONSchemaProps values, JSONSchemaProps? structure, FieldPath path, FieldPath at, FieldErrors errors)
    {
        if (values.Not is not null) NestedComplete(values.Not, structure, path, at / "not", errors);
        Each(values.AllOf, (nested, where) => NestedComplete(nested, structure, path, where, errors), at / "allOf");
        Each(values.AnyOf, (nested, where) => NestedComplete(nested, structure, path, where, errors), at / "anyOf");
        Each(values.OneOf, (nested, where) => NestedComplete(nested, structure, path, where, errors), at / "oneOf");
    }

    private static void NestedComplete(JSONSchemaProps values, JSONSchemaProps? structure, FieldPath path, FieldPath at, FieldErrors errors)
    {
        if (structure is null)
        {
            errors.Required(path, $"because it is defined in {at}");
            return;
        }
        Complete(values, structure, path, at, errors);
        if (values.Items?.AsSchema() is { } items) NestedComplete(items, structure.Items?.AsSchema(), path / "items", at / "items", errors);
        foreach (var (name, property) in Sorted(values.Properties))
        {
            var (own, where) = ((path / "properties").Key(name), (at / "properties").Key(name));
            if (structure.Properties?.TryGetValue(name, out var named) == true) NestedComplete(property, named, own, where, errors);
            else errors.Required(own, $"because it is defined in {where}");
        }
    }

    internal static IEnumerable<KeyValuePair<string, JSONSchemaProps>> Sorted(Dictionary<string, JSONSchemaProps>? properties) =>
        properties?.OrderBy(p => p.Key, StringComparer.Ordinal) ?? Enumerable.Empty<KeyValuePair<string, JSONSchemaProps>>();
}
