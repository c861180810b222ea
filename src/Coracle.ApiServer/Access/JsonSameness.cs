using System.Text.Json;

namespace Coracle.ApiServer.Access;

/// <summary>Compares objects as upstream's semantic equality: what is null, empty or absent is the same.</summary>
internal static class JsonSameness
{
    public static bool Same(JsonElement? a, JsonElement? b) => FirstDifference(a ?? default, b ?? default) is null;

    /// <summary>The path of a field in which two objects differ, those given aside; null when there is none.</summary>
    public static string? FirstDifference(JsonElement a, JsonElement b, params string[] ignored) => Compare(a, b, "", ignored);

    private static string? Compare(JsonElement a, JsonElement b, string path, string[] ignored)
    {
        if (ignored.Contains(path) || (IsEmpty(a) && IsEmpty(b)))
            return null;
        var (isObject, isArray) = (IsKindOrEmpty(a, b, JsonValueKind.Object), IsKindOrEmpty(a, b, JsonValueKind.Array));
        if (isObject && !isArray)
            return CompareObjects(a, b, path, ignored);
        if (isArray && !isObject)
            return CompareArrays(a, b, path, ignored);
        return !IsEmpty(a) && !IsEmpty(b) && JsonElement.DeepEquals(a, b) ? null : path;
    }

    private static string? CompareObjects(JsonElement a, JsonElement b, string path, string[] ignored)
    {
        foreach (var name in a.Fields().Concat(b.Fields()).Select(field => field.Name).Distinct())
        {
            var inner = path.Length == 0 ? name : $"{path}.{name}";
            if (Compare(a.At(name) ?? default, b.At(name) ?? default, inner, ignored) is { } difference)
                return difference;
        }
        return null;
    }

    private static string? CompareArrays(JsonElement a, JsonElement b, string path, string[] ignored)
    {
        var (left, right) = (a.Items().ToList(), b.Items().ToList());
        if (left.Count != right.Count)
            return path;
        for (var i = 0; i < left.Count; i++)
            if (Compare(left[i], right[i], $"{path}[{i}]", ignored) is { } difference)
                return difference;
        return null;
    }

    private static bool IsKindOrEmpty(JsonElement a, JsonElement b, JsonValueKind kind) =>
        (a.ValueKind == kind || IsEmpty(a)) && (b.ValueKind == kind || IsEmpty(b)) && (a.ValueKind == kind || b.ValueKind == kind);

    private static bool IsEmpty(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => true,
        JsonValueKind.Object => !element.EnumerateObject().MoveNext(),
        JsonValueKind.Array => element.GetArrayLength() == 0,
        JsonValueKind.String => element.GetString()!.Length == 0,
        _ => false,
    };
}
