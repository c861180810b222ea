using System.Buffers.Text;
using System.Globalization;
using System.Numerics;

namespace Coracle.Schema;

public readonly partial struct Quantity
{
    /// <summary>20 characters of a 64-bit number, two more digits to reach a suffix, "e" and an exponent.</summary>
    private const int MaxSmallText = 40;

    private static ReadOnlySpan<byte> DecimalSuffixes => "num\0kMGTPE"u8; // 10^-9, 10^-6, ... 10^18
    private static ReadOnlySpan<byte> BinarySuffixes => "\0KMGTPE"u8;

    /// <summary>Writes a number of 64-bit units canonically; returns the bytes written.</summary>
    private int FormatSmall(Span<byte> target)
    {
        if (extra is string text) return System.Text.Encoding.ASCII.GetBytes(text, target);
        if (units == 0)
        {
            target[0] = (byte)'0';
            return 1;
        }
        if (format == QuantityFormat.BinarySI && BinaryUnits(out var whole)) return FormatBinary(target, whole);
        var (digits, exponent) = StripZeros(units, scale);
        var zeros = (exponent % 3 + 3) % 3;
        Utf8Formatter.TryFormat(digits, target, out var written);
        for (exponent -= zeros; zeros > 0; zeros--) target[written++] = (byte)'0';
        return written + AppendSuffix(target[written..], exponent);
    }

    /// <summary>The whole number to print with a binary suffix; false where a decimal form says it exactly or more plainly.</summary>
    private bool BinaryUnits(out long whole)
    {
        whole = 0;
        var (digits, exponent) = StripZeros(units, scale);
        if (exponent is < 0 or > MaxInt128Shift) return false;
        var number = digits * Power128(exponent);
        if (number > -1024 && number < 1024 || number > long.MaxValue || number < long.MinValue) return false;
        whole = (long)number;
        return true;
    }

    private static int FormatBinary(Span<byte> target, long whole)
    {
        var power = 0;
        while (whole % 1024 == 0 && power < BinarySuffixes.Length - 1)
        {
            whole /= 1024;
            power++;
        }
        Utf8Formatter.TryFormat(whole, target, out var written);
        if (power == 0) return written;
        target[written] = BinarySuffixes[power];
        target[written + 1] = (byte)'i';
        return written + 2;
    }

    private int AppendSuffix(Span<byte> target, int exponent)
    {
        if (exponent == 0) return 0;
        if (format != QuantityFormat.DecimalExponent && exponent is >= -9 and <= 18)
        {
            target[0] = DecimalSuffixes[exponent / 3 + 3];
            return 1;
        }
        // Upstream drops a power that has no suffix, which changes the number; the exponent form keeps it.
        target[0] = (byte)'e';
        Utf8Formatter.TryFormat(exponent, target[1..], out var written);
        return written + 1;
    }

    private string FormatBig()
    {
        var (number, exponent) = (Big!.Units, Big.Scale);
        if (format == QuantityFormat.BinarySI && exponent >= 0) return FormatBigBinary(number * BigInteger.Pow(10, exponent));
        for (; exponent % 3 != 0; exponent--) number *= 10;
        Span<byte> suffix = stackalloc byte[16];
        var length = AppendSuffix(suffix, exponent);
        return number.ToString(CultureInfo.InvariantCulture) + System.Text.Encoding.ASCII.GetString(suffix[..length]);
    }

    private static string FormatBigBinary(BigInteger whole)
    {
        var power = 0;
        while (power < BinarySuffixes.Length - 1 && (whole & 1023).IsZero)
        {
            whole >>= 10;
            power++;
        }
        var digits = whole.ToString(CultureInfo.InvariantCulture);
        return power == 0 ? digits : $"{digits}{(char)BinarySuffixes[power]}i";
    }
}
