using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Coracle.Schema;

/// <summary>A piece of JSON that is carried as it came, but for white space: an embedded object of any kind.</summary>
public readonly struct RawJson(ReadOnlyMemory<byte> utf8) : IEquatable<RawJson>
{
    public ReadOnlyMemory<byte> Utf8 { get; } = utf8;

    private static readonly SearchValues<byte> WhiteSpace = SearchValues.Create(" \t\r\n"u8);

    /// <summary>Takes one value. Most of what controllers read is this (managedFields), so that nothing is parsed into objects.</summary>
    public static RawJson Read(ref Utf8JsonReader reader)
    {
        // A reader over one piece of memory knows where the value begins and ends in it.
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray) || reader.Position.GetObject() is not null) return ReadTokens(ref reader);
        ref var first = ref MemoryMarshal.GetReference(reader.ValueSpan);
        reader.Skip();
        var whole = MemoryMarshal.CreateReadOnlySpan(ref first, (int)Unsafe.ByteOffset(ref first, ref MemoryMarshal.GetReference(reader.ValueSpan)) + 1);
        if (!whole.ContainsAny(WhiteSpace)) return new(whole.ToArray());
        var inner = new Utf8JsonReader(whole, ApiJson.ReaderOptions);
        inner.Read();
        return ReadTokens(ref inner);
    }

    private static RawJson ReadTokens(ref Utf8JsonReader reader)
    {
        var copy = new ArrayBufferWriter<byte>(256);
        var depth = reader.CurrentDepth;
        var first = true;
        while (true)
        {
            var token = reader.TokenType;
            var closes = token is JsonTokenType.EndObject or JsonTokenType.EndArray;
            if (!first && !closes) copy.Write(","u8);
            Copy(ref reader, copy);
            if (token == JsonTokenType.PropertyName) copy.Write(":"u8);
            first = token is JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName;
            if (!first && reader.CurrentDepth == depth) return new(copy.WrittenSpan.ToArray());
            if (!reader.Read()) throw new JsonException("unexpected end of JSON input");
        }
    }

    private static void Copy(ref Utf8JsonReader reader, ArrayBufferWriter<byte> copy)
    {
        var quoted = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName;
        if (quoted) copy.Write("\""u8);
        if (!reader.HasValueSequence) copy.Write(reader.ValueSpan);
        else foreach (var part in reader.ValueSequence) copy.Write(part.Span);
        if (quoted) copy.Write("\""u8);
    }

    public void Write(Utf8JsonWriter writer)
    {
        if (Utf8.IsEmpty) writer.WriteNullValue();
        else writer.WriteRawValue(Utf8.Span, skipInputValidation: true);
    }

    public bool Equals(RawJson other) => Utf8.Span.SequenceEqual(other.Utf8.Span);
    public override bool Equals(object? obj) => obj is RawJson other && Equals(other);
    public override int GetHashCode() => Utf8.Length;
    public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);
}
