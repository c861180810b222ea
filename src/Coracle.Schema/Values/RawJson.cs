using System.Text;
using System.Text.Json;

namespace Coracle.Schema;

/// <summary>A piece of JSON that is carried as it came: an embedded object of any kind.</summary>
public readonly struct RawJson(ReadOnlyMemory<byte> utf8) : IEquatable<RawJson>
{
    public ReadOnlyMemory<byte> Utf8 { get; } = utf8;

    public static RawJson Read(ref Utf8JsonReader reader)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return new(Encoding.UTF8.GetBytes(document.RootElement.GetRawText()));
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
