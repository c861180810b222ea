using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Kinds.Defaulting;

/// <summary>Short ways through a JSON tree whose shape the decoder has already checked. What is absent reads as empty.</summary>
internal static class Tree
{
    internal static JsonObject? Child(this JsonObject? obj, string name) => obj?[name] as JsonObject;

    internal static JsonObject ChildOrNew(this JsonObject obj, string name)
    {
        if (obj[name] is JsonObject child) return child;
        child = [];
        obj[name] = child;
        return child;
    }

    /// <summary>The objects in the list of this name.</summary>
    internal static IEnumerable<JsonObject> Items(this JsonObject? obj, string name) => (obj?[name] as JsonArray)?.OfType<JsonObject>() ?? [];

    internal static bool IsSet(this JsonObject? obj, string name) => obj?[name] is not null;

    /// <summary>True when there is at least one entry in the list or map of this name.</summary>
    internal static bool HasAny(this JsonObject? obj, string name) => obj?[name] is JsonArray { Count: > 0 } or JsonObject { Count: > 0 };

    internal static string Text(this JsonObject? obj, string name) =>
        obj?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    internal static bool Flag(this JsonObject? obj, string name) =>
        obj?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    internal static long Number(this JsonObject? obj, string name) =>
        obj?[name] is JsonValue value && long.TryParse(value.ToJsonString(), CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Sets the field unless it has a value that is not "".</summary>
    internal static void TextOr(this JsonObject obj, string name, string value)
    {
        if (obj[name] is null || obj.Text(name).Length == 0) obj[name] = value;
    }

    /// <summary>Sets the field unless it is there.</summary>
    internal static void ValueOr(this JsonObject obj, string name, JsonNode value)
    {
        if (obj[name] is null) obj[name] = value;
    }
}
