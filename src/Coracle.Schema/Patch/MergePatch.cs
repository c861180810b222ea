using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>JSON merge patches (RFC 7386): objects merge, null removes, everything else replaces.</summary>
public static class MergePatch
{
    /// <summary>Applies a patch, which must be an object. Neither argument is changed.</summary>
    public static PatchResult Apply(JsonNode? document, JsonNode? patch)
    {
        if (patch is null) return PatchResult.Fail(PatchFault.BadRequest, "Invalid JSON Patch");
        if (patch is not JsonObject changes)
            return PatchResult.Fail(PatchFault.BadRequest, $"error decoding patch: json: cannot unmarshal {GoKinds.JsonWord(patch)} into Go value of type {GoKinds.Map}");
        var result = document is JsonObject obj ? (JsonObject)obj.DeepClone() : [];
        Merge(result, changes);
        return new(result, null);
    }

    /// <summary>The patch that makes <paramref name="modified"/> of <paramref name="original"/>. Nulls inside of objects cannot be expressed by one.</summary>
    public static JsonObject Create(JsonObject original, JsonObject modified)
    {
        var patch = new JsonObject();
        foreach (var (name, value) in modified)
        {
            if (original.TryGetPropertyValue(name, out var before) && JsonNode.DeepEquals(before, value)) continue;
            patch[name] = before is JsonObject old && value is JsonObject now ? Create(old, now) : value?.DeepClone();
        }
        foreach (var (name, _) in original)
            if (!modified.ContainsKey(name))
                patch[name] = null;
        return patch;
    }

    private static void Merge(JsonObject target, JsonObject changes)
    {
        foreach (var (name, value) in changes)
        {
            switch (value)
            {
                case null: target.Remove(name); break;
                case JsonObject inner when target[name] is JsonObject existing: Merge(existing, inner); break;
                case JsonObject inner: target[name] = WithoutNulls(inner); break;
                default: target[name] = value.DeepClone(); break;
            }
        }
    }

    private static JsonObject WithoutNulls(JsonObject changes)
    {
        var result = new JsonObject();
        Merge(result, changes);
        return result;
    }
}
