using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>JSON as Go's generic values see it: which kinds are the same type, and what errors call them.</summary>
internal static class GoKinds
{
    public const string Map = "map[string]interface {}";
    public const string Slice = "[]interface {}";

    /// <summary>The Go type's name, or null for null.</summary>
    public static string? Name(JsonNode? node) => node?.GetValueKind() switch
    {
        null or JsonValueKind.Null => null,
        JsonValueKind.Object => Map,
        JsonValueKind.Array => Slice,
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => IsFloat(node) ? "float64" : "int64",
    };

    /// <summary>The word for a JSON value in errors of Go's decoder.</summary>
    public static string JsonWord(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Number => "number",
        _ => "null",
    };

    private static bool IsFloat(JsonNode number)
    {
        var text = number.ToJsonString();
        return text.AsSpan().IndexOfAny('.', 'e', 'E') >= 0 || !long.TryParse(text, out _);
    }
}
