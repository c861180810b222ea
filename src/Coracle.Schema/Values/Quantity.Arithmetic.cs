using System.Numerics;

namespace Coracle.Schema;

public readonly partial struct Quantity
{
    /// <summary>The greatest power of ten that arithmetic may reach: far beyond use, and small enough that no comparison is slow.</summary>
    private const int MaxScale = 16384;

    /// <summary>Powers of ten that keep a 64-bit number within 128 bits.</summary>
    private const int MaxInt128Shift = 18;

    /// <summary>The sum, written as <paramref name="left"/> is unless that is zero.</summary>
    public static Quantity operator +(Quantity left, Quantity right)
    {
        var format = left.IsZero ? right.format : left.format;
        if (left.Big is null && right.Big is null)
        {
            if (right.units == 0) return new(left.units, left.scale, format);
            if (left.units == 0) return new(right.units, right.scale, format);
            var shift = left.scale - right.scale;
            if (shift == 0)
            {
                var sum = unchecked(left.units + right.units);
                if (((left.units ^ sum) & (right.units ^ sum)) >= 0) return new(sum, left.scale, format);
            }
            if (Math.Abs(shift) <= MaxInt128Shift)
            {
                var sum = shift >= 0 ? left.units * Power128(shift) + right.units : left.units + right.units * Power128(-shift);
                var common = Math.Min(left.scale, right.scale);
                if (sum >= long.MinValue && sum <= long.MaxValue) return new((long)sum, common, format);
            }
        }
        return AddBig(left.ToBig(), right.ToBig(), format);
    }

    public static Quantity operator -(Quantity left, Quantity right)
    {
        var difference = left + -right;
        return new(difference, left.IsZero ? right.format : left.format);
    }

    public static Quantity operator -(Quantity value) =>
        value.Big is null && value.units != long.MinValue
            ? new(-value.units, value.scale, value.format)
            : Of(-value.ToBig().Units, value.ToBig().Scale, value.format);

    public static Quantity operator *(Quantity left, long right) => Of(left.ToBig().Units * right, left.ToBig().Scale, left.format);

    public static Quantity Add(Quantity left, Quantity right) => left + right;
    public static Quantity Subtract(Quantity left, Quantity right) => left - right;
    public static Quantity Negate(Quantity value) => -value;
    public static Quantity Multiply(Quantity left, long right) => left * right;
    public static Quantity Max(Quantity left, Quantity right) => left.CompareTo(right) >= 0 ? left : right;
    public static Quantity Min(Quantity left, Quantity right) => left.CompareTo(right) <= 0 ? left : right;

    public static bool operator <(Quantity left, Quantity right) => left.CompareTo(right) < 0;
    public static bool operator >(Quantity left, Quantity right) => left.CompareTo(right) > 0;
    public static bool operator <=(Quantity left, Quantity right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Quantity left, Quantity right) => left.CompareTo(right) >= 0;
    public static bool operator ==(Quantity left, Quantity right) => left.CompareTo(right) == 0;
    public static bool operator !=(Quantity left, Quantity right) => left.CompareTo(right) != 0;

    public bool Equals(Quantity other) => CompareTo(other) == 0;
    public override bool Equals(object? obj) => obj is Quantity other && Equals(other);

    public int CompareTo(Quantity other)
    {
        var sign = Sign;
        if (sign != other.Sign) return sign.CompareTo(other.Sign);
        if (Big is null && other.Big is null)
        {
            var shift = scale - other.scale;
            if (shift == 0) return units.CompareTo(other.units);
            if (units == 0) return 0;
            if (Math.Abs(shift) <= MaxInt128Shift)
                return shift > 0 ? (units * Power128(shift)).CompareTo((Int128)other.units) : ((Int128)units).CompareTo(other.units * Power128(-shift));
        }
        var (a, b) = (ToBig(), other.ToBig());
        var common = Math.Min(a.Scale, b.Scale);
        return Shift(a, common).CompareTo(Shift(b, common));
    }

    /// <summary>Equal numbers hash alike, however they are written.</summary>
    public override int GetHashCode()
    {
        if (Big is { } big) return HashCode.Combine(big.Units, big.Scale);
        var (stripped, power) = StripZeros(units, scale);
        return HashCode.Combine(stripped, power);
    }

    /// <summary>The number in units of 10^<paramref name="target"/>, rounded away from zero, saturating.</summary>
    public long ScaledValue(int target)
    {
        if (Big is null && units == 0) return 0;
        var shift = (Big?.Scale ?? scale) - target;
        if (Big is null && shift == 0) return units;
        var number = ToBig().Units;
        if (shift >= 0) number *= BigInteger.Pow(10, shift);
        else
        {
            number = BigInteger.DivRem(number, BigInteger.Pow(10, -shift), out var rest);
            number += rest.Sign;
        }
        return number > long.MaxValue ? long.MaxValue : number < long.MinValue ? long.MinValue : (long)number;
    }

    private Quantity(Quantity value, QuantityFormat format)
    {
        units = value.units;
        scale = value.scale;
        extra = value.Big;
        this.format = format;
    }

    private QuantityBig ToBig() => Big ?? new(units, scale);

    private static Quantity AddBig(QuantityBig left, QuantityBig right, QuantityFormat format)
    {
        if (left.Units.IsZero) return Of(right.Units, right.Scale, format);
        if (right.Units.IsZero) return Of(left.Units, left.Scale, format);
        var common = Math.Min(left.Scale, right.Scale);
        return Of(Shift(left, common) + Shift(right, common), common, format);
    }

    private static BigInteger Shift(QuantityBig value, int to) => value.Scale == to ? value.Units : value.Units * BigInteger.Pow(10, value.Scale - to);

    /// <summary>The smallest representation of a number; throws when it is out of every bound.</summary>
    private static Quantity Of(BigInteger number, int scale, QuantityFormat format)
    {
        if (number >= long.MinValue && number <= long.MaxValue && Math.Abs(scale) <= MaxScale) return new((long)number, scale, format);
        while (!number.IsZero)
        {
            var shorter = BigInteger.DivRem(number, 10, out var rest);
            if (!rest.IsZero) break;
            number = shorter;
            scale++;
        }
        if (number.IsZero) return new(0, 0, format);
        if (Math.Abs(scale) > MaxScale) throw new OverflowException("quantity out of range");
        return number >= long.MinValue && number <= long.MaxValue ? new((long)number, scale, format) : new(new QuantityBig(number, scale), format);
    }

    private static (long Units, int Scale) StripZeros(long units, int scale)
    {
        if (units == 0) return (0, 0);
        while (units % 10 == 0)
        {
            units /= 10;
            scale++;
        }
        return (units, scale);
    }

    private static Int128 Power128(int exponent)
    {
        Int128 power = 1;
        for (; exponent > 0; exponent--) power *= 10;
        return power;
    }
}
