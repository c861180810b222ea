using System.Text;
using Coracle.Schema;

namespace Coracle.Kinds.Apiextensions.V1;

/// <summary>Paths that definitions write from a value to a field of it: ".spec.color", ".labels['a/b']" (apiextensions-apiserver, pkg/apiserver/schema/cel, ValidFieldPath).</summary>
public static class SchemaFieldPath
{
    /// <summary>The path as fields are named in errors; null, and what is wrong, when the schema has no such field.</summary>
    public static string? Find(JSONSchemaProps schema, string text, out JSONSchemaProps? found, out string? error, bool allowBrackets = false)
    {
        found = null;
        var normal = new StringBuilder();
        var at = schema;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            string name;
            var quoted = false;
            if (rest[0] == '.')
            {
                rest = rest[1..];
                var end = rest.IndexOfAny('.', '[');
                if (end < 0) end = rest.Length;
                name = rest[..end].ToString();
                rest = rest[end..];
                if (name.Length == 0) return Bad("unexpected end of JSON path", out error);
                if (!IsIdentifier(name)) return Bad($"unexpected string {GoText.Quote(name)} in path", out error);
            }
            else if (rest[0] == '[' && allowBrackets && rest.Length > 2 && rest[1] == '\'' && rest.IndexOf("']") is > 0 and var close)
            {
                name = rest[2..close].ToString().Replace("\\'", "'", StringComparison.Ordinal);
                rest = rest[(close + 2)..];
                quoted = true;
            }
            else
            {
                return Bad(rest[0] == '[' ? allowBrackets ? "expected single quoted string but got [" : "array notation is not supported" : $"expected [ or . but got: {FirstToken(rest)}", out error);
            }
            if (Step(at, name) is not { } next) return Bad($"does not refer to a valid field", out error);
            if (quoted && at.AdditionalProperties is { IsZero: false }) normal.Append('[').Append(name).Append(']');
            else normal.Append(normal.Length > 0 ? "." : "").Append(name);
            at = next;
        }
        if (normal.Length == 0) return Bad("unexpected end of JSON path", out error);
        (found, error) = (at, null);
        return normal.ToString();
    }

    private static string? Bad(string why, out string? error)
    {
        error = why;
        return null;
    }

    private static string FirstToken(ReadOnlySpan<char> rest) => rest.IndexOfAny('.', '[') is > 0 and var end ? rest[..end].ToString() : rest.ToString();

    private static bool IsIdentifier(string name) => name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '$' or '/');

    private static readonly JSONSchemaProps Text = new() { Type = "string" };

    private static JSONSchemaProps? Step(JSONSchemaProps schema, string name)
    {
        if (schema.Properties?.GetValueOrDefault(name) is { } property) return property;
        return schema.AdditionalProperties?.AsSchema();
    }

    /// <summary>A text, for fields that every object has.</summary>
    internal static JSONSchemaProps OfText => Text;
}
