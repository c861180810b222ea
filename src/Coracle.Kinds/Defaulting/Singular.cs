using System.Text.Json.Nodes;

namespace Coracle.Kinds.Defaulting;

/// <summary>Fields that began as a single value and became a list: the first of the list and the single value are kept the same.</summary>
internal static class Singular
{
    /// <summary>
    /// Where both are there and differ, the single value wins, as older clients know no other. <paramref name="field"/> is the field of the
    /// list's items that has the value; null where the items are the values.
    /// </summary>
    internal static void Align(JsonObject? obj, string single, string list, string? field = null)
    {
        if (obj is null) return;
        var value = obj.Text(single);
        var first = (obj[list] as JsonArray)?.FirstOrDefault();
        var item = field is null ? first : (first as JsonObject)?[field];
        var listed = item is JsonValue text && text.TryGetValue(out string? found) ? found : "";
        if (value.Length > 0 && value != listed) obj[list] = new JsonArray(field is null ? value : new JsonObject { [field] = value });
        else if (value.Length == 0 && listed.Length > 0) obj[single] = listed;
    }
}
