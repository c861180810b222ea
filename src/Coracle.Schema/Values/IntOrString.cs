using System.Globalization;
using System.Text.Json;

namespace Coracle.Schema;

/// <summary>A field that takes a 32-bit integer or a string: a port by number or name, a count or a percentage.</summary>
public readonly struct IntOrString : IEquatable<IntOrString>
{
    private readonly string? text;
    private readonly int number;

    public IntOrString(int value) => number = value;
    public IntOrString(string value) => text = value;

    public bool IsString => text is not null;
    public int IntValue => text is null ? number : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
    public string StringValue => text ?? number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The value where a percentage stands for a share of <paramref name="total"/>; null when the string is no percentage.</summary>
    public int? Scaled(int total, bool roundUp)
    {
        if (text is null) return number;
        if (!text.EndsWith('%') || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var percent))
            return null;
        var share = (double)percent * total / 100;
        return (int)(roundUp ? Math.Ceiling(share) : Math.Floor(share));
    }

    public static IntOrString Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => new(ApiReader.String(ref reader)),
        JsonTokenType.Number when reader.TryGetInt32(out var value) => new(value),
        _ => throw new JsonException("expected an integer or a string"),
    };

    public void Write(Utf8JsonWriter writer)
    {
        if (text is null) writer.WriteNumberValue(number);
        else writer.WriteStringValue(text);
    }

    public static implicit operator IntOrString(int value) => new(value);
    public static implicit operator IntOrString(string value) => new(value);
    public bool Equals(IntOrString other) => text == other.text && number == other.number;
    public override bool Equals(object? obj) => obj is IntOrString other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(text, number);
    public static bool operator ==(IntOrString left, IntOrString right) => left.Equals(right);
    public static bool operator !=(IntOrString left, IntOrString right) => !left.Equals(right);
    public override string ToString() => StringValue;
}
