using System.ComponentModel;

namespace Coracle.Schema;

/// <summary>Copies and compares collections for generated code. A missing collection is equal to an empty one.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ApiContent
{
    /// <summary>A new list of the same immutable values.</summary>
    public static List<T> CopyValues<T>(List<T> list) => [.. list];

    /// <summary>A new map of the same immutable values.</summary>
    public static Dictionary<string, T> CopyValues<T>(Dictionary<string, T> map) => new(map, map.Comparer);

    public static List<T> Copy<T>(List<T> list) where T : class, IApiType<T>
    {
        var copy = new List<T>(list.Count);
        foreach (var item in list) copy.Add(item.DeepCopy());
        return copy;
    }

    public static Dictionary<string, T> Copy<T>(Dictionary<string, T> map) where T : class, IApiType<T>
    {
        var copy = new Dictionary<string, T>(map.Count, map.Comparer);
        foreach (var (key, item) in map) copy.Add(key, item.DeepCopy());
        return copy;
    }

    /// <summary>The same objects in content, or both missing.</summary>
    public static bool Same<T>(T? left, T? right) where T : class, IApiType<T> => left is null ? right is null : left.ContentEquals(right);

    public static bool SameValues<T>(List<T>? left, List<T>? right) where T : IEquatable<T>
    {
        var count = left?.Count ?? 0;
        if (count != (right?.Count ?? 0)) return false;
        for (var i = 0; i < count; i++)
            if (!left![i].Equals(right![i]))
                return false;
        return true;
    }

    public static bool SameValues<T>(Dictionary<string, T>? left, Dictionary<string, T>? right) where T : IEquatable<T>
    {
        var count = left?.Count ?? 0;
        if (count != (right?.Count ?? 0)) return false;
        if (count == 0) return true;
        foreach (var (key, value) in left!)
            if (!right!.TryGetValue(key, out var other) || !value.Equals(other))
                return false;
        return true;
    }

    public static bool Same<T>(List<T>? left, List<T>? right) where T : class, IApiType<T>
    {
        var count = left?.Count ?? 0;
        if (count != (right?.Count ?? 0)) return false;
        for (var i = 0; i < count; i++)
            if (!left![i].ContentEquals(right![i]))
                return false;
        return true;
    }

    public static bool Same<T>(Dictionary<string, T>? left, Dictionary<string, T>? right) where T : class, IApiType<T>
    {
        var count = left?.Count ?? 0;
        if (count != (right?.Count ?? 0)) return false;
        if (count == 0) return true;
        foreach (var (key, value) in left!)
            if (!right!.TryGetValue(key, out var other) || !value.ContentEquals(other))
                return false;
        return true;
    }

    public static bool Same(byte[]? left, byte[]? right) => left.AsSpan().SequenceEqual(right);

    /// <summary>The same second.</summary>
    public static bool SameTime(DateTimeOffset? left, DateTimeOffset? right) => Same(left, right, TimeSpan.TicksPerSecond);

    /// <summary>The same microsecond.</summary>
    public static bool SameMicroTime(DateTimeOffset? left, DateTimeOffset? right) => Same(left, right, TimeSpan.TicksPerMicrosecond);

    private static bool Same(DateTimeOffset? left, DateTimeOffset? right, long unit) =>
        left is null || right is null ? left is null == right is null : left.Value.UtcTicks / unit == right.Value.UtcTicks / unit;
}
