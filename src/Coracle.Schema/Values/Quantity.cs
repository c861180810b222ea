using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Coracle.Schema;

/// <summary>How a quantity is written.</summary>
public enum QuantityFormat : byte
{
    /// <summary>Powers of ten by suffix: n, u, m, k, M, G, T, P, E.</summary>
    DecimalSI,

    /// <summary>Powers of 1024 by suffix: Ki, Mi, Gi, Ti, Pi, Ei.</summary>
    BinarySI,

    /// <summary>Powers of ten by exponent: 12e6.</summary>
    DecimalExponent,
}

/// <summary>
/// A resource quantity ("100m", "1Gi"): an exact decimal number, and how it is written (apimachinery, api/resource). Equality and order are those
/// of the number: "1" equals "1000m". <c>default</c> is zero.
/// </summary>
/// <remarks>
/// The number is <c>units × 10^scale</c>. Nearly every quantity fits 64-bit units and costs no allocation; what does not is held by a
/// <see cref="QuantityBig"/>. A text that upstream keeps as it came although it is not canonical ("1.234") is kept too.
/// </remarks>
public readonly partial struct Quantity : IEquatable<Quantity>, IComparable<Quantity>
{
    private readonly long units;
    private readonly object? extra; // null, the text to print (string), or the number itself (QuantityBig)
    private readonly short scale;
    private readonly QuantityFormat format;

    private Quantity(long units, int scale, QuantityFormat format, string? text = null)
    {
        this.units = units;
        this.scale = (short)scale;
        this.format = format;
        extra = text;
    }

    private Quantity(QuantityBig big, QuantityFormat format)
    {
        this.format = format;
        extra = big;
    }

    private QuantityBig? Big => extra as QuantityBig;

    public static Quantity Zero => default;

    /// <summary>The family of suffixes in which the quantity was written.</summary>
    public QuantityFormat Format => format;

    public bool IsZero => Sign == 0;

    /// <summary>-1, 0 or 1.</summary>
    public int Sign => Big is { } big ? big.Units.Sign : Math.Sign(units);

    /// <summary>The number rounded up (away from zero) to an integer; the nearest bound where 64 bits do not suffice.</summary>
    public long Value => ScaledValue(0);

    /// <summary>The number of thousandths, rounded up (away from zero); the nearest bound where 64 bits do not suffice.</summary>
    public long MilliValue => ScaledValue(-3);

    /// <summary>The nearest double.</summary>
    public double AsDouble
    {
        get
        {
            if (Big is { } big) return (double)big.Units * Math.Pow(10, big.Scale);
            return scale >= 0 ? units * Math.Pow(10, scale) : units / Math.Pow(10, -scale);
        }
    }

    public static Quantity FromLong(long value, QuantityFormat format = QuantityFormat.DecimalSI) => new(value, 0, format);

    public static Quantity FromMilli(long thousandths, QuantityFormat format = QuantityFormat.DecimalSI) => new(thousandths, -3, format);

    /// <summary>The quantity <c>units × 10^scale</c>. Throws <see cref="OverflowException"/> outside of what a quantity can be.</summary>
    public static Quantity FromScaled(BigInteger units, int scale, QuantityFormat format = QuantityFormat.DecimalSI) => Of(units, scale, format);

    /// <summary>Reads a quantity; false when the text is none.</summary>
    public static bool TryParse(string? value, out Quantity quantity) => TryParse(value, out quantity, out _);

    /// <summary>Reads a quantity. Throws <see cref="FormatException"/> with upstream's message when the text is none.</summary>
    public static Quantity Parse(string value) => TryParse(value, out var quantity, out var error) ? quantity : throw new FormatException(error);

    /// <summary>Reads a string, a number or null (zero). Throws <see cref="JsonException"/> with upstream's message on anything else.</summary>
    public static Quantity Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) return default;
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number)) throw new JsonException(FormatError);
        var text = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        return TryParse(text.Trim(" \t\r\n"u8), out var quantity, out var error) ? quantity : throw new JsonException(error);
    }

    /// <summary>Writes the canonical text as a JSON string.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        Span<byte> buffer = stackalloc byte[MaxSmallText];
        if (extra is null) writer.WriteStringValue(buffer[..FormatSmall(buffer)]);
        else writer.WriteStringValue(ToString());
    }

    public override string ToString()
    {
        switch (extra)
        {
            case string text: return text;
            case QuantityBig: return FormatBig();
        }
        if (units == 0) return "0";
        Span<byte> buffer = stackalloc byte[MaxSmallText];
        return System.Text.Encoding.ASCII.GetString(buffer[..FormatSmall(buffer)]);
    }

    /// <summary>A whole number in decimal notation.</summary>
    public static implicit operator Quantity(long value) => FromLong(value);

    /// <summary>The exact value. Throws <see cref="OverflowException"/> where decimal cannot hold it.</summary>
    public static explicit operator decimal(Quantity quantity)
    {
        var big = quantity.ToBig();
        return big.Scale >= 0 ? (decimal)(big.Units * BigInteger.Pow(10, big.Scale)) : (decimal)big.Units / (decimal)BigInteger.Pow(10, -big.Scale);
    }

    public static explicit operator Quantity(decimal value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? text : text.Remove(point, 1);
        return Of(BigInteger.Parse(digits, CultureInfo.InvariantCulture), point < 0 ? 0 : point + 1 - text.Length, QuantityFormat.DecimalSI);
    }
}

/// <summary>A number beyond 64-bit units: <c>Units × 10^Scale</c>, without trailing zeros in the units.</summary>
internal sealed record QuantityBig(BigInteger Units, int Scale);
