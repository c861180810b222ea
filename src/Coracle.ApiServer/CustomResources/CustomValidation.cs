using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>
/// The schema of a custom resource, in upstream's order: values, replicas, embedded objects, lists that hold nothing twice, rules
/// (apiextensions-apiserver, pkg/registry/customresource/strategy.go).
/// </summary>
internal static class CustomValidation
{
    public static void Validate(KindInfo kind, JsonObject obj, JsonObject? old, string subresource, FieldErrors errors, List<string> warnings)
    {
        var schema = kind.Schema;
        Values(schema, obj, old, subresource, errors);
        Replicas(kind, obj, subresource, errors);
        if (subresource.Length == 0) EmbeddedObjects.Validate(obj, schema, FieldPath.Root, errors);
        var repeated = new FieldErrors();
        ListItems.Validate(obj, schema, FieldPath.Root, repeated);
        if (repeated.Count > 0 && !(old is not null && HasRepeated(schema, old)))
            foreach (var error in repeated.All) errors.Add(error);
        Rules(schema, obj, old, errors, warnings);
    }

    // Rules build on values that are of their types and within their limits.
    private static void Rules(SchemaNode schema, JsonObject obj, JsonObject? old, FieldErrors errors, List<string> warnings)
    {
        if (!RuleValidator.HasRules(schema)) return;
        if (errors.All.Any(e => e.Type is FieldErrorType.NotSupported or FieldErrorType.Required or FieldErrorType.TooLong or FieldErrorType.TooMany or FieldErrorType.TypeInvalid))
            errors.Add(new(FieldErrorType.Invalid, "<nil>", "null", "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"));
        else RuleValidator.Validate(obj, old, schema, errors, warnings);
    }

    private static bool HasRepeated(SchemaNode schema, JsonObject old)
    {
        var errors = new FieldErrors();
        ListItems.Validate(old, schema, FieldPath.Root, errors);
        return errors.Count > 0;
    }

    private static void Values(SchemaNode schema, JsonObject obj, JsonObject? old, string subresource, FieldErrors errors)
    {
        if (subresource == "status")
        {
            if (!obj.TryGetPropertyValue("status", out var status) || schema.Property("status")?.Node is not { Checks: not null } node) return;
            JsonNode? was = null;
            if (old?.TryGetPropertyValue("status", out was) == true) ValueValidator.ValidateUpdate(status, was, node, "status", errors);
            else ValueValidator.Validate(status, node, "status", errors);
        }
        else if (old is null) ValueValidator.Validate(obj, schema, "", errors);
        else ValueValidator.ValidateUpdate(obj, old, schema, "", errors);
    }

    private static void Replicas(KindInfo kind, JsonObject obj, string subresource, FieldErrors errors)
    {
        if (kind.Scale is not { } scale) return;
        if (subresource != "status") Replicas(obj, scale.SpecReplicas, errors);
        Replicas(obj, scale.StatusReplicas, errors);
        if (scale.LabelSelector is { } path && At(obj, path, out var blocked) is var selector && (blocked is not null || selector is not null && selector.GetValueKind() != JsonValueKind.String))
            errors.Invalid(FieldPath.Of(path), "", blocked ?? $"{path} accessor error: {Shown(selector!)} is of the type {GoType(selector!)}, expected string");
    }

    private static void Replicas(JsonObject obj, string path, FieldErrors errors)
    {
        var value = At(obj, path, out var blocked);
        if (blocked is null && value is null) return;
        if (blocked is not null || value is not JsonValue number || !number.TryGetValue<long>(out var replicas))
            errors.Invalid(FieldPath.Of(path), 0L, blocked ?? $"{path} accessor error: {Shown(value!)} is of the type {GoType(value!)}, expected int64");
        else if (replicas < 0) errors.Invalid(FieldPath.Of(path), replicas, "should be a non-negative integer");
        else if (replicas > int.MaxValue) errors.Invalid(FieldPath.Of(path), replicas, $"should be less than or equal to {int.MaxValue}");
    }

    /// <summary>The value at a path of fields; null where there is none, and why the path cannot be gone where that is so.</summary>
    internal static JsonNode? At(JsonObject obj, string path, out string? blocked)
    {
        blocked = null;
        JsonNode? at = obj;
        foreach (var step in path.TrimStart('.').Split('.'))
        {
            if (at is null) return null;
            if (at is not JsonObject fields)
            {
                blocked = $"{path} accessor error: {Shown(at)} is of the type {GoType(at)}, expected map[string]interface{{}}";
                return null;
            }
            at = fields[step];
        }
        return at;
    }

    private static string Shown(JsonNode value) => GoText.Print(value);

    private static string GoType(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "map[string]interface {}",
        JsonValueKind.Array => "[]interface {}",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value is JsonValue number && number.TryGetValue<long>(out _) ? "int64" : "float64",
        _ => "bool",
    };
}
