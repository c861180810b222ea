using System.Text.Json.Nodes;

namespace Coracle.Kinds.Defaulting;

/// <summary>Whether two versions of an object differ. Absent and empty are the same.</summary>
internal static class Change
{
    /// <summary>Differs anywhere but in its metadata and the fields named.</summary>
    internal static bool Beside(JsonObject obj, JsonObject old, params string[] ignored) => obj.Concat(old)
        .Select(field => field.Key)
        .Distinct()
        .Any(name => name is not ("apiVersion" or "kind" or "metadata") && !ignored.Contains(name) && Of(obj, old, name));

    internal static bool Of(JsonObject? obj, JsonObject? old, string name)
    {
        var (now, before) = (obj?[name], old?[name]);
        return IsEmpty(now) ? !IsEmpty(before) : !JsonNode.DeepEquals(now, before);
    }

    private static bool IsEmpty(JsonNode? value) => value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };
}
