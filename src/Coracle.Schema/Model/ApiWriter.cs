using System.Buffers;
using System.ComponentModel;
using System.Text.Json;

namespace Coracle.Schema;

/// <summary>Writes single values for generated code, as Go's encoder writes them.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ApiWriter
{
    /// <summary>RFC 3339 in UTC with whole seconds; the zero time is null, as upstream's Time.</summary>
    public static void Time(Utf8JsonWriter writer, DateTimeOffset value)
    {
        if (value == default)
        {
            writer.WriteNullValue();
            return;
        }
        Span<byte> text = stackalloc byte[20];
        PutSeconds(text, value.UtcDateTime);
        text[19] = (byte)'Z';
        writer.WriteStringValue(text);
    }

    /// <summary>RFC 3339 in UTC with six digits of a second; the zero time is null.</summary>
    public static void MicroTime(Utf8JsonWriter writer, DateTimeOffset value)
    {
        if (value == default)
        {
            writer.WriteNullValue();
            return;
        }
        Span<byte> text = stackalloc byte[27];
        var utc = value.UtcDateTime;
        PutSeconds(text, utc);
        text[19] = (byte)'.';
        Put(text.Slice(20, 6), (int)(utc.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
        text[26] = (byte)'Z';
        writer.WriteStringValue(text);
    }

    public static void StringList(Utf8JsonWriter writer, List<string> list)
    {
        writer.WriteStartArray();
        foreach (var item in list) writer.WriteStringValue(item);
        writer.WriteEndArray();
    }

    public static void StringMap(Utf8JsonWriter writer, Dictionary<string, string> map)
    {
        writer.WriteStartObject();
        using var keys = new SortedKeys<string>(map);
        foreach (var key in keys.Span) writer.WriteString(key, map[key]);
        writer.WriteEndObject();
    }

    public static void List<T>(Utf8JsonWriter writer, List<T> list) where T : class, IApiType<T>
    {
        writer.WriteStartArray();
        foreach (var item in list) item.Write(writer);
        writer.WriteEndArray();
    }

    public static void Map<T>(Utf8JsonWriter writer, Dictionary<string, T> map) where T : class, IApiType<T>
    {
        writer.WriteStartObject();
        using var keys = new SortedKeys<T>(map);
        foreach (var key in keys.Span)
        {
            writer.WritePropertyName(key);
            map[key].Write(writer);
        }
        writer.WriteEndObject();
    }

    private static void PutSeconds(Span<byte> text, DateTime utc)
    {
        Put(text[..4], utc.Year);
        text[4] = (byte)'-';
        Put(text.Slice(5, 2), utc.Month);
        text[7] = (byte)'-';
        Put(text.Slice(8, 2), utc.Day);
        text[10] = (byte)'T';
        Put(text.Slice(11, 2), utc.Hour);
        text[13] = (byte)':';
        Put(text.Slice(14, 2), utc.Minute);
        text[16] = (byte)':';
        Put(text.Slice(17, 2), utc.Second);
    }

    private static void Put(Span<byte> digits, int value)
    {
        for (var i = digits.Length - 1; i >= 0; i--, value /= 10)
            digits[i] = (byte)('0' + value % 10);
    }
}

/// <summary>The keys of a map in the order in which Go writes them. Borrowed memory: dispose it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct SortedKeys<T>
{
    private readonly string[] keys;
    private readonly int count;

    public SortedKeys(Dictionary<string, T> map)
    {
        count = map.Count;
        keys = ArrayPool<string>.Shared.Rent(count);
        map.Keys.CopyTo(keys, 0);
        if (count > 1) Array.Sort(keys, 0, count, StringComparer.Ordinal);
    }

    public ReadOnlySpan<string> Span => keys.AsSpan(0, count);

    public void Dispose()
    {
        keys.AsSpan(0, count).Clear();
        ArrayPool<string>.Shared.Return(keys);
    }
}
