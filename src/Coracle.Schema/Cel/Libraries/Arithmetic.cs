namespace Coracle.Schema.Cel;

/// <summary>The operators of numbers, times and lists, exact: what does not fit is an error.</summary>
internal static class Arithmetic
{
    private static CelValue IntOverflow => CelValue.Error("integer overflow");
    private static CelValue UintOverflow => CelValue.Error("unsigned integer overflow");
    private static CelValue DurationOverflow => CelValue.Error("duration overflow");

    private static CelValue Int(Int128 value) => value >= long.MinValue && value <= long.MaxValue ? CelValue.Int((long)value) : IntOverflow;
    private static CelValue Uint(Int128 value) => value >= 0 && value <= ulong.MaxValue ? CelValue.Uint((ulong)value) : UintOverflow;
    private static CelValue Duration(Int128 value) => value >= long.MinValue && value <= long.MaxValue ? CelValue.Duration((long)value) : DurationOverflow;

    private static CelValue Unsupported(CelValue left, string function, bool supported) =>
        supported ? CelValue.NoSuchOverload : CelValue.Error($"no such overload: {function}");

    public static CelValue Add(CelValue left, CelValue right)
    {
        switch (left.Kind, right.Kind)
        {
            case (CelKind.Int, CelKind.Int): return AddInts(left.AsInt, right.AsInt);
            case (CelKind.Uint, CelKind.Uint): return Uint((Int128)left.AsUint + right.AsUint);
            case (CelKind.Double, CelKind.Double): return CelValue.Double(left.AsDouble + right.AsDouble);
            case (CelKind.String, CelKind.String): return CelValue.String(left.AsString + right.AsString);
            case (CelKind.Bytes, CelKind.Bytes): return CelValue.Bytes([.. left.AsBytes, .. right.AsBytes]);
            case (CelKind.List, CelKind.List): return CelValue.List(left.AsList.Plus(right.AsList));
            case (CelKind.Duration, CelKind.Duration): return Duration((Int128)left.Nanoseconds + right.Nanoseconds);
            case (CelKind.Timestamp, CelKind.Duration): return Shift(left, right.Nanoseconds);
            case (CelKind.Duration, CelKind.Timestamp): return Shift(right, left.Nanoseconds);
            default:
                return Unsupported(left, Operators.Add,
                    left.Kind is CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.String or CelKind.Bytes or CelKind.List or CelKind.Duration or CelKind.Timestamp);
        }
    }

    private static CelValue AddInts(long left, long right)
    {
        var sum = unchecked(left + right);
        return ((left ^ sum) & (right ^ sum)) < 0 ? IntOverflow : CelValue.Int(sum);
    }

    public static CelValue Subtract(CelValue left, CelValue right)
    {
        switch (left.Kind, right.Kind)
        {
            case (CelKind.Int, CelKind.Int): return Int((Int128)left.AsInt - right.AsInt);
            case (CelKind.Uint, CelKind.Uint): return Uint((Int128)left.AsUint - right.AsUint);
            case (CelKind.Double, CelKind.Double): return CelValue.Double(left.AsDouble - right.AsDouble);
            case (CelKind.Duration, CelKind.Duration): return Duration((Int128)left.Nanoseconds - right.Nanoseconds);
            case (CelKind.Timestamp, CelKind.Duration): return Shift(left, -(Int128)right.Nanoseconds);
            case (CelKind.Timestamp, CelKind.Timestamp):
                return Duration(((Int128)left.Seconds - right.Seconds) * TimeText.NanosPerSecond + left.Nanos - right.Nanos);
            default:
                return Unsupported(left, Operators.Subtract, left.Kind is CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.Duration or CelKind.Timestamp);
        }
    }

    private static CelValue Shift(CelValue time, Int128 nanoseconds)
    {
        var total = (Int128)time.Seconds * TimeText.NanosPerSecond + time.Nanos + nanoseconds;
        var seconds = total / TimeText.NanosPerSecond;
        var nanos = (int)(total % TimeText.NanosPerSecond);
        if (nanos < 0)
        {
            nanos += (int)TimeText.NanosPerSecond;
            seconds--;
        }
        return Conversions.Checked((long)seconds, nanos);
    }

    public static CelValue Multiply(CelValue left, CelValue right) => (left.Kind, right.Kind) switch
    {
        (CelKind.Int, CelKind.Int) => Int((Int128)left.AsInt * right.AsInt),
        (CelKind.Uint, CelKind.Uint) => MultiplyUints(left.AsUint, right.AsUint),
        (CelKind.Double, CelKind.Double) => CelValue.Double(left.AsDouble * right.AsDouble),
        _ => Unsupported(left, Operators.Multiply, left.Kind is CelKind.Int or CelKind.Uint or CelKind.Double),
    };

    private static CelValue MultiplyUints(ulong left, ulong right) => Math.BigMul(left, right, out var low) == 0 ? CelValue.Uint(low) : UintOverflow;

    public static CelValue Divide(CelValue left, CelValue right)
    {
        switch (left.Kind, right.Kind)
        {
            case (CelKind.Int, CelKind.Int): return right.AsInt == 0 ? CelValue.Error("division by zero") : Int((Int128)left.AsInt / right.AsInt);
            case (CelKind.Uint, CelKind.Uint): return right.AsUint == 0 ? CelValue.Error("division by zero") : CelValue.Uint(left.AsUint / right.AsUint);
            case (CelKind.Double, CelKind.Double): return CelValue.Double(left.AsDouble / right.AsDouble);
            default: return Unsupported(left, Operators.Divide, left.Kind is CelKind.Int or CelKind.Uint or CelKind.Double);
        }
    }

    public static CelValue Modulo(CelValue left, CelValue right)
    {
        switch (left.Kind, right.Kind)
        {
            case (CelKind.Int, CelKind.Int):
                if (right.AsInt == 0) return CelValue.Error("modulus by zero");
                return left.AsInt == long.MinValue && right.AsInt == -1 ? IntOverflow : CelValue.Int(left.AsInt % right.AsInt);
            case (CelKind.Uint, CelKind.Uint): return right.AsUint == 0 ? CelValue.Error("modulus by zero") : CelValue.Uint(left.AsUint % right.AsUint);
            default: return Unsupported(left, Operators.Modulo, left.Kind is CelKind.Int or CelKind.Uint);
        }
    }

    public static CelValue Negate(CelValue value) => value.Kind switch
    {
        CelKind.Int => value.AsInt == long.MinValue ? IntOverflow : CelValue.Int(-value.AsInt),
        CelKind.Double => CelValue.Double(-value.AsDouble),
        CelKind.Duration => Duration(-(Int128)value.Nanoseconds),
        _ => Unsupported(value, Operators.Negate, false),
    };

    public static CelValue Not(CelValue value) => value.Kind == CelKind.Bool ? CelValue.Bool(!value.AsBool) : CelValue.Error("no such overload: " + Operators.Not);

    private static bool IsOrdered(CelKind kind) =>
        kind is CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.String or CelKind.Bytes or CelKind.Timestamp or CelKind.Duration;

    /// <summary>NaN is in no order with anything; types that have none with each other are an error.</summary>
    private static int? Order(CelValue left, CelValue right, string function, out CelValue failed)
    {
        failed = CelValue.False;
        if (Equality.Compare(left, right) is { } order) return order;
        var numbers = left.Kind is CelKind.Int or CelKind.Uint or CelKind.Double && right.Kind is CelKind.Int or CelKind.Uint or CelKind.Double;
        if (numbers) failed = CelValue.Error("NaN values cannot be ordered");
        else failed = Unsupported(left, function, IsOrdered(left.Kind));
        return null;
    }

    public static CelValue Less(CelValue left, CelValue right) => Order(left, right, Operators.Less, out var failed) is { } order ? CelValue.Bool(order < 0) : failed;
    public static CelValue LessEqual(CelValue left, CelValue right) => Order(left, right, Operators.LessEqual, out var failed) is { } order ? CelValue.Bool(order <= 0) : failed;
    public static CelValue Greater(CelValue left, CelValue right) => Order(left, right, Operators.Greater, out var failed) is { } order ? CelValue.Bool(order > 0) : failed;
    public static CelValue GreaterEqual(CelValue left, CelValue right) => Order(left, right, Operators.GreaterEqual, out var failed) is { } order ? CelValue.Bool(order >= 0) : failed;

    public static CelValue In(CelValue element, CelValue container) => container.Kind switch
    {
        CelKind.List => InList(element, container.AsList),
        CelKind.Map => container.AsMap.TryGet(element, out var found) && found.IsError ? found : CelValue.Bool(container.AsMap.TryGet(element, out _)),
        _ => CelValue.NoSuchOverload,
    };

    private static CelValue InList(CelValue element, CelList list)
    {
        CelValue? failed = null;
        for (var i = 0; i < list.Count; i++)
        {
            var same = Equality.Equal(list[i], element);
            if (same.IsTrue) return same;
            if (same.IsError) failed ??= same;
        }
        return failed ?? CelValue.False;
    }

    public static CelValue Size(CelValue value) => value.Kind switch
    {
        CelKind.String => CelValue.Int(CelSource.CodePoints(value.AsString)),
        CelKind.Bytes => CelValue.Int(value.AsBytes.Length),
        CelKind.List => CelValue.Int(value.AsList.Count),
        CelKind.Map => CelValue.Int(value.AsMap.Count),
        _ => CelValue.Error("no such overload: size"),
    };
}
