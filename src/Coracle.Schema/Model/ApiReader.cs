using System.Buffers;
using System.ComponentModel;
using System.Text.Json;

namespace Coracle.Schema;

/// <summary>
/// Reads single values for generated code. Each method takes the reader at the value's token and leaves it at the value's last one. A null
/// is the zero value, as in Go; anything else of a wrong type throws <see cref="JsonException"/>.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ApiReader
{
    /// <summary>Enters an object; false when the value is null, which reads as an object without fields.</summary>
    public static bool BeginObject(ref Utf8JsonReader reader) => Begin(ref reader, JsonTokenType.StartObject, "an object");

    /// <summary>Enters an array; false when the value is null.</summary>
    public static bool BeginArray(ref Utf8JsonReader reader) => Begin(ref reader, JsonTokenType.StartArray, "an array");

    /// <summary>Moves to the value of the next field that is not null; false at the end of the object.</summary>
    public static bool NextField(ref Utf8JsonReader reader, out ReadOnlySpan<byte> name)
    {
        while (true)
        {
            Advance(ref reader);
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                name = default;
                return false;
            }
            name = reader.HasValueSequence || reader.ValueIsEscaped ? Unescaped(ref reader) : reader.ValueSpan;
            Advance(ref reader);
            if (reader.TokenType != JsonTokenType.Null) return true;
        }
    }

    /// <summary>Moves to the value of the next key of a map, null or not; false at the end.</summary>
    public static bool NextKey(ref Utf8JsonReader reader, out string key)
    {
        Advance(ref reader);
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            key = "";
            return false;
        }
        key = Text(ref reader);
        Advance(ref reader);
        return true;
    }

    /// <summary>Moves to the next item of an array; false at its end.</summary>
    public static bool NextItem(ref Utf8JsonReader reader)
    {
        Advance(ref reader);
        return reader.TokenType != JsonTokenType.EndArray;
    }

    /// <summary>Leaves out the value of an unknown field.</summary>
    public static void Skip(ref Utf8JsonReader reader)
    {
        if (!reader.TrySkip()) throw new JsonException("unexpected end of JSON input");
    }

    public static string String(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => Text(ref reader),
        JsonTokenType.Null => "",
        _ => throw Wrong(ref reader, "a string"),
    };

    public static int Int32(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt32(out var value) => value,
        JsonTokenType.Null => 0,
        _ => throw Wrong(ref reader, "a 32-bit integer"),
    };

    public static long Int64(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt64(out var value) => value,
        JsonTokenType.Null => 0,
        _ => throw Wrong(ref reader, "a 64-bit integer"),
    };

    public static double Double(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetDouble(out var value) => value,
        JsonTokenType.Null => 0,
        _ => throw Wrong(ref reader, "a number"),
    };

    public static bool Boolean(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False or JsonTokenType.Null => false,
        _ => throw Wrong(ref reader, "true or false"),
    };

    /// <summary>An RFC 3339 time, given in UTC. A text without an offset is none.</summary>
    public static DateTimeOffset Time(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) return default;
        if (reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var value) && HasOffset(ref reader))
            return value.ToUniversalTime();
        throw Wrong(ref reader, "an RFC 3339 time");
    }

    public static byte[] Bytes(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String when reader.TryGetBytesFromBase64(out var value) => value,
        JsonTokenType.Null => [],
        _ => throw Wrong(ref reader, "a base64 string"),
    };

    /// <summary>A quantity as a string or, as upstream accepts as well, a plain number.</summary>
    public static Quantity Quantity(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String when Schema.Quantity.TryParse(Unescape(ref reader), out var value) => value,
        JsonTokenType.Number when Schema.Quantity.TryParse(RawText(ref reader), out var value) => value,
        JsonTokenType.Null => default,
        _ => throw Wrong(ref reader, "a quantity"),
    };

    public static IntOrString IntOrString(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Null ? default : Schema.IntOrString.Read(ref reader);

    public static RawJson Raw(ref Utf8JsonReader reader) => RawJson.Read(ref reader);

    public static List<string> StringList(ref Utf8JsonReader reader)
    {
        var list = new List<string>();
        if (!BeginArray(ref reader)) return list;
        while (NextItem(ref reader)) list.Add(String(ref reader));
        return list;
    }

    public static Dictionary<string, string> StringMap(ref Utf8JsonReader reader)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!BeginObject(ref reader)) return map;
        while (NextKey(ref reader, out var key)) map[key] = String(ref reader);
        return map;
    }

    private static bool Begin(ref Utf8JsonReader reader, JsonTokenType token, string what)
    {
        if (reader.TokenType == token) return true;
        return reader.TokenType == JsonTokenType.Null ? false : throw Wrong(ref reader, what);
    }

    private static void Advance(ref Utf8JsonReader reader)
    {
        if (!reader.Read()) throw new JsonException("unexpected end of JSON input");
    }

    private static string Text(ref Utf8JsonReader reader) =>
        reader.HasValueSequence || reader.ValueIsEscaped ? Unescape(ref reader) : SharedText.Of(reader.ValueSpan);

    private static string Unescape(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw NoText(ref reader, e);
        }
    }

    // Half a surrogate pair, or bytes that are not UTF-8.
    private static JsonException NoText(ref Utf8JsonReader reader, Exception cause) => new($"a string that is no text at byte {reader.TokenStartIndex}", cause);

    private static ReadOnlySpan<byte> Unescaped(ref Utf8JsonReader reader)
    {
        var buffer = new byte[reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length];
        try
        {
            return buffer.AsSpan(0, reader.CopyString(buffer));
        }
        catch (InvalidOperationException e)
        {
            throw NoText(ref reader, e);
        }
    }

    private static string RawText(ref Utf8JsonReader reader) =>
        System.Text.Encoding.UTF8.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan);

    private static bool HasOffset(ref Utf8JsonReader reader)
    {
        Span<byte> text = stackalloc byte[64];
        if ((reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length) > text.Length) return false;
        text = text[..reader.CopyString(text)];
        return text.Length >= 20 && text[16] == ':' && (text[^1] == 'Z' || text[^6] is (byte)'+' or (byte)'-');
    }

    private static JsonException Wrong(ref Utf8JsonReader reader, string expected)
    {
        var found = reader.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.String => $"the string {GoText.Quote(Unescape(ref reader))}",
            JsonTokenType.Number => $"the number {RawText(ref reader)}",
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            JsonTokenType.Null => "null",
            _ => "nothing",
        };
        return new JsonException($"expected {expected} but found {found} at byte {reader.TokenStartIndex}");
    }
}
