using System.Globalization;
using System.Numerics;
using System.Text;

namespace Coracle.Schema;

public readonly partial struct Quantity
{
    internal const string FormatError = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    private const string NumericError = "unable to parse numeric part of quantity";
    private const string SuffixError = "unable to parse quantity's suffix";

    /// <summary>Digits that always fit 64 bits.</summary>
    private const int SafeDigits = 18;

    /// <summary>Longer texts are no quantities. Upstream has no such limit, and can be kept busy with millions of digits.</summary>
    private const int MaxText = 4096;
    private const int NanoScale = -9;

    /// <summary>Reads a quantity; otherwise <paramref name="error"/> is upstream's message.</summary>
    public static bool TryParse(string? value, out Quantity quantity, out string? error)
    {
        quantity = default;
        error = FormatError;
        if (value is null || value.Length is 0 or > MaxText) return false;
        Span<byte> utf8 = value.Length <= 128 ? stackalloc byte[128] : new byte[value.Length];
        return Encoding.UTF8.TryGetBytes(value, utf8, out var length) && TryParse(utf8[..length], out quantity, out error);
    }

    /// <summary>Reads a quantity from UTF-8 text; otherwise <paramref name="error"/> is upstream's message.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out Quantity quantity, out string? error)
    {
        quantity = default;
        error = FormatError;
        if (utf8.Length is 0 or > MaxText || !Split(utf8, out var parts)) return false;
        if (!Suffix(utf8[parts.SuffixStart..], out var format, out var exponent))
        {
            error = SuffixError;
            return false;
        }
        error = null;
        if (TryParseSmall(utf8, parts, format, exponent, out quantity)) return true;
        error = ParseExactly(utf8, parts, format, exponent, out quantity);
        return error is null;
    }

    private readonly record struct Parts(bool Negative, int WholeStart, int WholeEnd, int FractionStart, int FractionEnd, int SuffixStart)
    {
        public int WholeLength => WholeEnd - WholeStart;
        public int FractionLength => FractionEnd - FractionStart;

        /// <summary>Upstream counts an empty whole part as the digit 0.</summary>
        public int Digits => Math.Max(WholeLength, 1) + FractionLength;
    }

    /// <summary>Finds sign, digits and suffix. Leading zeros count as no digits.</summary>
    private static bool Split(ReadOnlySpan<byte> text, out Parts parts)
    {
        var position = text[0] is (byte)'+' or (byte)'-' ? 1 : 0;
        while (position < text.Length && text[position] == '0') position++;
        var whole = position;
        while (position < text.Length && char.IsAsciiDigit((char)text[position])) position++;
        var wholeEnd = position;
        var fraction = position;
        if (position < text.Length && text[position] == '.')
        {
            fraction = ++position;
            while (position < text.Length && char.IsAsciiDigit((char)text[position])) position++;
        }
        parts = new(text[0] == '-', whole, wholeEnd, fraction, position, position);
        while (position < text.Length && "eEinumkKMGTP"u8.Contains(text[position])) position++;
        if (position < text.Length && text[position] is (byte)'+' or (byte)'-') position++;
        while (position < text.Length && char.IsAsciiDigit((char)text[position])) position++;
        return position == text.Length;
    }

    /// <summary>Reads the suffix; a binary one gives the power of two as exponent.</summary>
    private static bool Suffix(ReadOnlySpan<byte> suffix, out QuantityFormat format, out int exponent)
    {
        (format, exponent) = (QuantityFormat.DecimalSI, 0);
        if (suffix.IsEmpty) return true;
        if (suffix.Length == 1)
        {
            var at = DecimalSuffixes.IndexOf(suffix[0]);
            exponent = (at - 3) * 3;
            return at >= 0 && suffix[0] != 0;
        }
        if (suffix.Length == 2 && suffix[1] == 'i')
        {
            format = QuantityFormat.BinarySI;
            exponent = BinarySuffixes.IndexOf(suffix[0]) * 10;
            return exponent > 0;
        }
        format = QuantityFormat.DecimalExponent;
        if (suffix[0] is not ((byte)'e' or (byte)'E')) return false;
        if (!long.TryParse(suffix[1..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power) || power > MaxText) return false;
        exponent = (int)Math.Max(power, -2 * MaxText); // so far below a nano that more makes no difference
        return true;
    }

    /// <summary>What upstream holds in 64 bits. False: the exact way is needed.</summary>
    private static bool TryParseSmall(ReadOnlySpan<byte> text, Parts parts, QuantityFormat format, int exponent, out Quantity quantity)
    {
        quantity = default;
        var binary = format == QuantityFormat.BinarySI;
        var fits = binary
            ? parts.FractionLength == 0 && 15 - Math.Max(parts.WholeLength, 1) - exponent * 3 / 10 - 1 >= 0
            : parts.Digits <= SafeDigits;
        var power = (binary ? 0 : exponent) - parts.FractionLength;
        if (!fits || power < NanoScale) return false;
        var digits = Digits(text, parts);
        var number = (Int128)digits << (binary ? exponent : 0);
        if (number > long.MaxValue) return false;
        var signed = parts.Negative ? -(long)number : (long)number;
        var kept = binary ? (digits & 7) != 0 : power % 3 == 0 && KeepsDecimal(text, parts);
        quantity = new(signed, signed == 0 ? 0 : power, format, kept && !IsPlain(text, parts, format) ? Encoding.ASCII.GetString(text) : null);
        return true;
    }

    private static long Digits(ReadOnlySpan<byte> text, Parts parts)
    {
        long digits = 0;
        for (var i = parts.WholeStart; i < parts.WholeEnd; i++) digits = digits * 10 + (text[i] - '0');
        for (var i = parts.FractionStart; i < parts.FractionEnd; i++) digits = digits * 10 + (text[i] - '0');
        return digits;
    }

    /// <summary>Upstream keeps a decimal text as it came unless its digits begin with a zero or end in three.</summary>
    private static bool KeepsDecimal(ReadOnlySpan<byte> text, Parts parts)
    {
        if (parts.WholeLength == 0) return false;
        if (parts.Digits < 3) return true;
        var zeros = 0;
        for (var i = parts.FractionEnd - 1; i >= parts.FractionStart && text[i] == '0'; i--) zeros++;
        if (zeros == parts.FractionLength)
            for (var i = parts.WholeEnd - 1; i >= parts.WholeStart && text[i] == '0'; i--) zeros++;
        return zeros < 3;
    }

    /// <summary>The text is what the number would print as anyway, so that there is no need to keep it.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> text, Parts parts, QuantityFormat format) =>
        parts.WholeStart == (parts.Negative ? 1 : 0)
        && parts.SuffixStart == parts.WholeEnd
        && (format != QuantityFormat.DecimalExponent
            || text[parts.SuffixStart] == 'e' && text[(parts.SuffixStart + 1)..] is [(byte)'-', >= (byte)'1', ..] or [>= (byte)'1', ..]);

    /// <summary>Any number of digits: rounds up below a nano, and caps binary quantities at the greatest 64-bit number.</summary>
    private static string? ParseExactly(ReadOnlySpan<byte> text, Parts parts, QuantityFormat format, int exponent, out Quantity quantity)
    {
        quantity = default;
        // A sign and a point without any digit is not a number (a lone zero counts: it was skipped above).
        var unsigned = text[0] is (byte)'+' or (byte)'-' ? 1 : 0;
        if (parts.WholeEnd == unsigned && parts.FractionLength == 0) return NumericError;
        var digits = string.Concat(Encoding.ASCII.GetString(text[parts.WholeStart..parts.WholeEnd]), Encoding.ASCII.GetString(text[parts.FractionStart..parts.FractionEnd]));
        var number = digits.Length == 0 ? BigInteger.Zero : BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        var power = -parts.FractionLength;
        if (format == QuantityFormat.BinarySI) number <<= exponent;
        else power += exponent;

        if (power < NanoScale)
        {
            number = DivideUp(number, NanoScale - power);
            power = NanoScale;
        }
        if (format == QuantityFormat.BinarySI)
        {
            var one = BigInteger.Pow(10, -power);
            if (number > long.MaxValue * one) (number, power) = (long.MaxValue, 0);
            else if (number < one && !number.IsZero) format = QuantityFormat.DecimalSI; // says a small number exactly
        }
        quantity = Of(parts.Negative ? -number : number, number.IsZero ? 0 : power, format);
        return null;
    }

    private static BigInteger DivideUp(BigInteger number, int powerOfTen)
    {
        var quotient = BigInteger.DivRem(number, BigInteger.Pow(10, powerOfTen), out var rest);
        return rest.IsZero ? quotient : quotient + 1;
    }
}
