using System.Text;
using System.Text.Json;

namespace Coracle.Schema;

/// <summary>What is wrong with a text that is not JSON, in the words of Go's encoding/json.</summary>
internal static class JsonErrors
{
    public static string Describe(JsonException error, ReadOnlySpan<byte> json)
    {
        if (TooDeep(json)) return "exceeded max depth";
        var offset = Offset(error, json);
        if (offset >= json.Length) return "unexpected end of JSON input";
        return $"invalid character {Character(json[offset..])} looking for beginning of value";
    }

    private static int Offset(JsonException error, ReadOnlySpan<byte> json)
    {
        var line = error.LineNumber ?? 0;
        var start = 0;
        while (line-- > 0)
        {
            var next = json[start..].IndexOf((byte)'\n');
            if (next < 0) break;
            start += next + 1;
        }
        return (int)Math.Min(json.Length, start + (error.BytePositionInLine ?? 0));
    }

    private static bool TooDeep(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
                if (reader.CurrentDepth >= 400) return true;
        }
        catch (JsonException)
        {
            return false;
        }
        return false;
    }

    private static string Character(ReadOnlySpan<byte> at) =>
        Rune.DecodeFromUtf8(at, out var rune, out _) == System.Buffers.OperationStatus.Done && !Rune.IsControl(rune)
            ? $"'{rune}'"
            : $"'\\x{at[0]:x2}'";
}
