using System.Text.Json;

namespace Coracle.Schema;

/// <summary>A resource quantity ("100m", "1Gi"), kept in canonical form (apimachinery, api/resource).</summary>
public readonly partial struct Quantity : IEquatable<Quantity>, IComparable<Quantity>
{
    private readonly string? text;

    private Quantity(string canonical) => text = canonical;

    /// <summary>Reads a quantity; false when the text is none.</summary>
    public static bool TryParse(string value, out Quantity quantity) { quantity = new(value); return value.Length > 0; }
    public static Quantity Parse(string value) => TryParse(value, out var q) ? q : throw new FormatException(value);
    public static Quantity Read(ref Utf8JsonReader reader) => Parse(reader.GetString()!);
    public void Write(Utf8JsonWriter writer) => writer.WriteStringValue(ToString());
    public override string ToString() => text ?? "0";
    public int CompareTo(Quantity other) => string.CompareOrdinal(text, other.text);
    public bool Equals(Quantity other) => text == other.text;
    public override bool Equals(object? obj) => obj is Quantity other && Equals(other);
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);
}
