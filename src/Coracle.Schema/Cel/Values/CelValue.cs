using System.Globalization;

namespace Coracle.Schema.Cel;

/// <summary>
/// A value of an expression, or the error that came instead of one. Scalars are in the struct itself; lists, maps and objects are views of what they
/// came from, so that an object's JSON is read where an expression looks and nowhere else.
/// </summary>
public readonly struct CelValue
{
    private readonly object? reference;
    private readonly long bits;
    private readonly int nanos;

    private CelValue(CelKind kind, object? reference, long bits = 0, int nanos = 0)
    {
        Kind = kind;
        this.reference = reference;
        this.bits = bits;
        this.nanos = nanos;
    }

    public CelKind Kind { get; }

    public static CelValue Null => default;
    public static CelValue True => new(CelKind.Bool, null, 1);
    public static CelValue False => new(CelKind.Bool, null, 0);
    public static CelValue Bool(bool value) => new(CelKind.Bool, null, value ? 1 : 0);
    public static CelValue Int(long value) => new(CelKind.Int, null, value);
    public static CelValue Uint(ulong value) => new(CelKind.Uint, null, (long)value);
    public static CelValue Double(double value) => new(CelKind.Double, null, BitConverter.DoubleToInt64Bits(value));
    public static CelValue String(string value) => new(CelKind.String, value);
    public static CelValue Bytes(byte[] value) => new(CelKind.Bytes, value);
    public static CelValue List(CelList value) => new(CelKind.List, value);
    public static CelValue List(params CelValue[] values) => new(CelKind.List, new CelArray(values));
    public static CelValue Map(CelMap value) => new(CelKind.Map, value);
    public static CelValue Type(CelType value) => new(CelKind.Type, value);

    /// <summary>A value that only library functions look into: a quantity, an address, an authorizer.</summary>
    public static CelValue Object(CelObject value) => new(CelKind.Object, value);

    /// <summary>Seconds since 1970 and nanoseconds within the second.</summary>
    public static CelValue Timestamp(long seconds, int nanos) => new(CelKind.Timestamp, null, seconds, nanos);
    public static CelValue Timestamp(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        var seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out var rest);
        return rest < 0 ? Timestamp(seconds - 1, (int)(rest + TimeSpan.TicksPerSecond) * 100) : Timestamp(seconds, (int)rest * 100);
    }

    /// <summary>In nanoseconds.</summary>
    public static CelValue Duration(long nanoseconds) => new(CelKind.Duration, null, nanoseconds);

    /// <summary>An optional that holds a value.</summary>
    /// <summary>An amount, as the quantity library has it.</summary>
    public static CelValue Of(Quantity quantity) => Object(new QuantityValue(quantity));

    /// <summary>A semantic version; an error where the text is none.</summary>
    public static CelValue Semver(string text) => Semvers.Value(text, normalize: false);

    public static CelValue Optional(CelValue value) => new(CelKind.Optional, new CelBox(value));

    /// <summary>An optional that holds none.</summary>
    public static CelValue None => new(CelKind.Optional, null);

    public static CelValue Error(string message) => new(CelKind.Error, message);

    internal static CelValue NoSuchOverload => Error("no such overload");
    internal static CelValue NoSuchKey(string key) => Error($"no such key: {key}");

    public bool IsError => Kind == CelKind.Error;
    public bool IsTrue => Kind == CelKind.Bool && bits != 0;
    public bool IsFalse => Kind == CelKind.Bool && bits == 0;
    public bool IsNull => Kind == CelKind.Null;

    public bool AsBool => bits != 0;
    public long AsInt => bits;
    public ulong AsUint => (ulong)bits;
    public double AsDouble => BitConverter.Int64BitsToDouble(bits);
    public string AsString => (string)reference!;
    public byte[] AsBytes => (byte[])reference!;
    public CelList AsList => (CelList)reference!;
    public CelMap AsMap => (CelMap)reference!;
    public CelType AsType => (CelType)reference!;
    public CelObject AsObject => (CelObject)reference!;

    /// <summary>Of a timestamp.</summary>
    public long Seconds => bits;

    /// <summary>Of a timestamp, within the second.</summary>
    public int Nanos => nanos;

    /// <summary>Of a duration, all of it.</summary>
    public long Nanoseconds => bits;

    /// <summary>Of an optional: whether there is a value.</summary>
    public bool HasValue => reference is not null;

    /// <summary>Of an optional that has one.</summary>
    public CelValue OptionalValue => ((CelBox)reference!).Value;

    /// <summary>What went wrong.</summary>
    public string ErrorText => (string)reference!;

    /// <summary>The type as the <c>type()</c> function gives it.</summary>
    public CelType RuntimeType => Kind switch
    {
        CelKind.Null => CelType.Null,
        CelKind.Bool => CelType.Bool,
        CelKind.Int => CelType.Int,
        CelKind.Uint => CelType.Uint,
        CelKind.Double => CelType.Double,
        CelKind.String => CelType.String,
        CelKind.Bytes => CelType.Bytes,
        CelKind.Timestamp => CelType.Timestamp,
        CelKind.Duration => CelType.Duration,
        CelKind.List => RuntimeTypes.List,
        CelKind.Map => AsMap.Type,
        CelKind.Type => CelType.Type,
        CelKind.Optional => RuntimeTypes.Optional,
        CelKind.Object => AsObject.Type,
        _ => CelType.Error,
    };

    /// <summary>The name of the type in run-time messages: "int", "google.protobuf.Timestamp".</summary>
    public string TypeName => RuntimeType.Name;

    public override string ToString() => Kind switch
    {
        CelKind.Null => "null",
        CelKind.Bool => bits != 0 ? "true" : "false",
        CelKind.Int => bits.ToString(CultureInfo.InvariantCulture),
        CelKind.Uint => AsUint.ToString(CultureInfo.InvariantCulture),
        CelKind.Double => GoText.Float(AsDouble),
        CelKind.String => AsString,
        CelKind.Bytes => System.Text.Encoding.UTF8.GetString(AsBytes),
        CelKind.Timestamp => TimeText.Timestamp(this),
        CelKind.Duration => TimeText.Duration(Nanoseconds),
        CelKind.List => "[" + string.Join(", ", AsList.Items()) + "]",
        CelKind.Map => "{" + string.Join(", ", AsMap.Entries().Select(e => $"{e.Key}: {e.Value}")) + "}",
        CelKind.Type => AsType.Name,
        CelKind.Optional => HasValue ? $"optional({OptionalValue})" : "optional.none",
        CelKind.Error => ErrorText,
        _ => AsObject.ToString() ?? "",
    };
}

/// <summary>A value on the heap.</summary>
internal sealed class CelBox(CelValue value)
{
    public CelValue Value { get; } = value;
}

/// <summary>Types of values whose parameters are not known at run time.</summary>
internal static class RuntimeTypes
{
    public static CelType List { get; } = CelType.List(CelType.Dyn);
    public static CelType Map { get; } = CelType.Map(CelType.Dyn, CelType.Dyn);
    public static CelType Optional { get; } = CelType.Optional(CelType.Dyn);
}

/// <summary>A value that library functions alone know how to read.</summary>
public abstract class CelObject
{
    public abstract CelType Type { get; }

    /// <summary>What <c>==</c> says of two of them.</summary>
    public abstract bool SameAs(CelObject other);

    /// <summary>What <c>size</c> is to the reckoning of costs; most have none.</summary>
    public virtual long? Size => null;

    /// <summary>Whether it is worth nothing to <c>optional.ofNonZeroValue</c>.</summary>
    public virtual bool IsZero => false;

    /// <summary>A field of it, or null where there are none.</summary>
    public virtual CelValue? Field(string name) => null;

    /// <summary>Whether a field is there; null where there are none.</summary>
    public virtual bool? HasField(string name) => null;
}
