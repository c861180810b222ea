using System.Text;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.Kinds.Apiextensions.V1;

/// <summary>Defaults are values that the schema allows, without fields that it does not name (apiextensions-apiserver, pkg/apiserver/schema/defaulting).</summary>
internal static class SchemaDefaults
{
    public static bool HasUnpruned(JSONSchemaProps schema) => StructuralSchema.Any(schema, s => s.Default is { IsZero: false } given && !IsPruned(given, s));

    public static void Validate(JSONSchemaProps schema, bool requirePruned, FieldPath path, FieldErrors errors)
    {
        if (schema.Default is { IsZero: false } given) Value(schema, given, requirePruned, path / "default", errors);
        if (schema.Items?.AsSchema() is { } items) Validate(items, requirePruned, path / "items", errors);
        foreach (var (name, property) in StructuralSchema.Sorted(schema.Properties)) Validate(property, requirePruned, (path / "properties").Key(name), errors);
    }

    private static void Value(JSONSchemaProps schema, SchemaValue given, bool requirePruned, FieldPath path, FieldErrors errors)
    {
        var value = ApiJson.ParseTree(given.Json.Utf8.Span);
        if (requirePruned && !IsPruned(given, schema)) errors.Invalid(path, value is JsonValue v && v.TryGetValue<string>(out var text) ? text : value, "must not have unknown fields");
        var compiled = SchemaCompiler.Compile(schema);
        var before = errors.Count;
        ValueValidator.Validate(value, compiled, path.ToString(), errors);
        if (errors.Count == before) RuleValidator.ValidateDefault(value, compiled, path, errors);
    }

    private static bool IsPruned(SchemaValue given, JSONSchemaProps schema)
    {
        var wrapped = new SchemaNode { Type = SchemaType.Object, Checks = ValueChecks.None, Properties = [new("value", SchemaCompiler.Compile(schema))] };
        return Coracle.Schema.Decoder.Decode(Encoding.UTF8.GetBytes($"{{\"value\":{given.Json}}}"), wrapped).Strict.Count == 0;
    }
}
