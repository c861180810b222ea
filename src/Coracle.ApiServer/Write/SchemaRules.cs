using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>What the schema itself demands of values: enumerations and bounds.</summary>
internal static class SchemaRules
{
    /// <summary>True when nothing was found, so that rules which build on the schema may go on.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="obj">The object.</param>
    /// <param name="old">What it was before a change; null for a new one.</param>
    /// <param name="subresource">The sub-resource that is written; "" for the object itself.</param>
    /// <param name="errors">Gets what is wrong.</param>
    /// <param name="warnings">Gets what was wrong before as well.</param>
    public static bool Validate(KindInfo kind, JsonObject obj, JsonObject? old, string subresource, FieldErrors errors, List<string> warnings)
    {
        var before = errors.Count;
        if (kind.BuiltIn) Object(obj, kind.Schema, FieldPath.Root, errors);
        else CustomValidation.Validate(kind, obj, old, subresource, errors, warnings);
        return errors.Count == before;
    }

    private static void Value(JsonNode? value, SchemaNode schema, FieldPath path, FieldErrors errors)
    {
        switch (value)
        {
            case JsonObject obj when schema.Type == SchemaType.Object: Object(obj, schema, path, errors); break;
            case JsonObject map when schema.Items is { } items:
                foreach (var (key, item) in map)
                    if (IsLookedAt(item, items)) Value(item, items, path.Key(key), errors);
                break;
            case JsonArray list when schema.Items is { } items:
                for (var i = 0; i < list.Count; i++)
                    if (IsLookedAt(list[i], items)) Value(list[i], items, path[i], errors);
                break;
            case JsonValue scalar: Scalar(scalar, schema, path, errors); break;
        }
    }

    private static void Object(JsonObject obj, SchemaNode schema, FieldPath path, FieldErrors errors)
    {
        foreach (var (name, value) in obj)
            if (schema.Property(name) is { } property && IsLookedAt(value, property.Node)) Value(value, property.Node, path.Child(name), errors);
    }

    // Most fields are scalars of which nothing is demanded: they need no path.
    private static bool IsLookedAt(JsonNode? value, SchemaNode schema) => value is not JsonValue || schema.Enum is not null || schema.Minimum is not null || schema.Maximum is not null;

    private static void Scalar(JsonValue value, SchemaNode schema, FieldPath path, FieldErrors errors)
    {
        if (schema.Enum is { } allowed && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: > 0 } text && !allowed.Contains(text))
            errors.NotSupported(path, text, allowed.Order(StringComparer.Ordinal));
        if (schema.Minimum is { } min && value.TryGetValue<long>(out var number) && number < min)
            errors.Invalid(path, number, min == 0 ? "must be greater than or equal to 0" : $"must be greater than or equal to {min}");
        if (schema.Maximum is { } max && value.TryGetValue<long>(out number) && number > max)
            errors.Invalid(path, number, $"must be less than or equal to {max}");
    }
}
