using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.ApiServer;

/// <summary>Reading an object's metadata in its tree.</summary>
internal static class Meta
{
    /// <summary>The metadata, made when there is none.</summary>
    public static JsonObject Of(JsonObject obj)
    {
        if (obj["metadata"] is JsonObject meta) return meta;
        meta = [];
        obj["metadata"] = meta;
        return meta;
    }

    /// <summary>A string field; "" when absent.</summary>
    public static string Text(JsonObject obj, string field) =>
        obj.TryGetPropertyValue(field, out var value) && value is JsonValue v && v.GetValueKind() == JsonValueKind.String ? v.GetValue<string>() : "";

    public static long? Number(JsonObject obj, string field) =>
        obj.TryGetPropertyValue(field, out var value) && value is JsonValue v && v.TryGetValue<long>(out var number) ? number : null;

    public static bool HasFinalizers(JsonObject meta) => meta["finalizers"] is JsonArray { Count: > 0 };

    public static bool IsDeleting(JsonObject meta) => Text(meta, "deletionTimestamp").Length > 0;

    /// <summary>Moves a field from one object into another: a copy, or its absence.</summary>
    public static void Keep(JsonObject from, JsonObject into, string field)
    {
        if (from.TryGetPropertyValue(field, out var value) && value is not null) into[field] = value.DeepClone();
        else into.Remove(field);
    }
}
