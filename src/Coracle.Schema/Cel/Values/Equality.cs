namespace Coracle.Schema.Cel;

/// <summary>What <c>==</c> and the comparisons say. Numbers of different types compare by what they are worth.</summary>
internal static class Equality
{
    public static IEqualityComparer<CelValue> KeyComparer { get; } = new Keys();

    public static CelValue Equal(CelValue left, CelValue right)
    {
        if (left.IsError) return left;
        if (right.IsError) return right;
        if (left.Kind != right.Kind) return CelValue.Bool(IsNumber(left.Kind) && IsNumber(right.Kind) && Compare(left, right) == 0);
        return left.Kind switch
        {
            CelKind.Null => CelValue.True,
            CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Duration => CelValue.Bool(left.AsInt == right.AsInt),
            CelKind.Double => CelValue.Bool(left.AsDouble == right.AsDouble),
            CelKind.String => CelValue.Bool(left.AsString == right.AsString),
            CelKind.Bytes => CelValue.Bool(left.AsBytes.AsSpan().SequenceEqual(right.AsBytes)),
            CelKind.Timestamp => CelValue.Bool(left.Seconds == right.Seconds && left.Nanos == right.Nanos),
            CelKind.List => left.AsList.SameAs(right.AsList),
            CelKind.Map => left.AsMap.SameAs(right.AsMap),
            CelKind.Type => CelValue.Bool(left.AsType.Name == right.AsType.Name),
            CelKind.Optional => left.HasValue && right.HasValue ? Equal(left.OptionalValue, right.OptionalValue) : CelValue.Bool(left.HasValue == right.HasValue),
            _ => CelValue.Bool(left.AsObject.SameAs(right.AsObject)),
        };
    }

    public static bool Same(CelValue left, CelValue right) => Equal(left, right).IsTrue;

    private static bool IsNumber(CelKind kind) => kind is CelKind.Int or CelKind.Uint or CelKind.Double;

    /// <summary>-1, 0 or 1; null where the two have no order. NaN is in no order with anything.</summary>
    public static int? Compare(CelValue left, CelValue right)
    {
        if (left.Kind == right.Kind)
            return left.Kind switch
            {
                CelKind.Bool or CelKind.Int or CelKind.Duration => left.AsInt.CompareTo(right.AsInt),
                CelKind.Uint => left.AsUint.CompareTo(right.AsUint),
                CelKind.Double => Doubles(left.AsDouble, right.AsDouble),
                CelKind.String => Math.Sign(Utf8Order(left.AsString, right.AsString)),
                CelKind.Bytes => Math.Sign(left.AsBytes.AsSpan().SequenceCompareTo(right.AsBytes)),
                CelKind.Timestamp => left.Seconds != right.Seconds ? left.Seconds.CompareTo(right.Seconds) : left.Nanos.CompareTo(right.Nanos),
                _ => null,
            };
        return (left.Kind, right.Kind) switch
        {
            (CelKind.Int, CelKind.Uint) => left.AsInt < 0 ? -1 : left.AsUint.CompareTo(right.AsUint),
            (CelKind.Uint, CelKind.Int) => right.AsInt < 0 ? 1 : left.AsUint.CompareTo(right.AsUint),
            (CelKind.Int, CelKind.Double) => IntDouble(left.AsInt, right.AsDouble),
            (CelKind.Double, CelKind.Int) => -IntDouble(right.AsInt, left.AsDouble),
            (CelKind.Uint, CelKind.Double) => UintDouble(left.AsUint, right.AsDouble),
            (CelKind.Double, CelKind.Uint) => -UintDouble(right.AsUint, left.AsDouble),
            _ => null,
        };
    }

    private static int? Doubles(double left, double right) => double.IsNaN(left) || double.IsNaN(right) ? null : left.CompareTo(right);

    private static int? IntDouble(long left, double right)
    {
        if (double.IsNaN(right)) return null;
        if (right > 9223372036854775808.0) return -1;
        return right < -9223372036854775808.0 ? 1 : Doubles(left, right);
    }

    private static int? UintDouble(ulong left, double right)
    {
        if (double.IsNaN(right)) return null;
        if (right > 18446744073709551616.0) return -1;
        return right < 0 ? 1 : Doubles(left, right);
    }

    /// <summary>The order of the code points, which surrogates would spoil.</summary>
    private static int Utf8Order(string left, string right)
    {
        var length = Math.Min(left.Length, right.Length);
        var at = left.AsSpan().CommonPrefixLength(right);
        if (at == length) return left.Length - right.Length;
        var (a, b) = (left[at], right[at]);
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a - b : char.IsSurrogate(a) ? 1 : -1;
    }

    /// <summary>Keys of maps: numbers that are worth the same are the same key.</summary>
    private sealed class Keys : IEqualityComparer<CelValue>
    {
        public bool Equals(CelValue x, CelValue y) => Same(x, y);

        public int GetHashCode(CelValue key) => key.Kind switch
        {
            CelKind.String => key.AsString.GetHashCode(StringComparison.Ordinal),
            CelKind.Int => key.AsInt.GetHashCode(),
            CelKind.Uint => key.AsUint <= long.MaxValue ? ((long)key.AsUint).GetHashCode() : key.AsUint.GetHashCode(),
            CelKind.Double when key.AsDouble is >= -9223372036854775808.0 and < 9223372036854775808.0 && Math.Truncate(key.AsDouble) == key.AsDouble =>
                ((long)key.AsDouble).GetHashCode(),
            CelKind.Double when key.AsDouble is >= 9223372036854775808.0 and < 18446744073709551616.0 => ((ulong)key.AsDouble).GetHashCode(),
            CelKind.Bool => key.AsBool ? 1 : 2,
            _ => (int)key.Kind,
        };
    }
}
