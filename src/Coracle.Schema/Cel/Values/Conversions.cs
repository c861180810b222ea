using System.Globalization;
using System.Text;

namespace Coracle.Schema.Cel;

/// <summary>The functions that are named after types: <c>int("7")</c>.</summary>
internal static class Conversions
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private static CelValue Failed(CelValue from, CelType to) => from.IsError ? from : CelValue.Error($"type conversion error from '{from.TypeName}' to '{to.Name}'");

    public static CelValue ToInt(CelValue value) => value.Kind switch
    {
        CelKind.Int => value,
        CelKind.Uint => value.AsUint <= long.MaxValue ? CelValue.Int(value.AsInt) : CelValue.Error("integer overflow"),
        CelKind.Double => value.AsDouble is > -9223372036854775808.0 and < 9223372036854775808.0 ? CelValue.Int((long)value.AsDouble) : CelValue.Error("integer overflow"),
        CelKind.Timestamp => CelValue.Int(value.Seconds),
        CelKind.Duration => CelValue.Int(value.Nanoseconds),
        CelKind.String when long.TryParse(value.AsString, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) => CelValue.Int(parsed),
        _ => Failed(value, CelType.Int),
    };

    public static CelValue ToUint(CelValue value) => value.Kind switch
    {
        CelKind.Uint => value,
        CelKind.Int => value.AsInt >= 0 ? CelValue.Uint((ulong)value.AsInt) : CelValue.Error("unsigned integer overflow"),
        CelKind.Double => value.AsDouble is >= 0 and < 18446744073709551616.0 ? CelValue.Uint((ulong)value.AsDouble) : CelValue.Error("unsigned integer overflow"),
        CelKind.String when ulong.TryParse(value.AsString, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) => CelValue.Uint(parsed),
        _ => Failed(value, CelType.Uint),
    };

    public static CelValue ToDouble(CelValue value) => value.Kind switch
    {
        CelKind.Double => value,
        CelKind.Int => CelValue.Double(value.AsInt),
        CelKind.Uint => CelValue.Double(value.AsUint),
        CelKind.String when DoubleText.TryParse(value.AsString, out var parsed) => CelValue.Double(parsed),
        _ => Failed(value, CelType.Double),
    };

    public static CelValue ToBool(CelValue value) => value.Kind switch
    {
        CelKind.Bool => value,
        CelKind.String when value.AsString is "1" or "t" or "T" or "TRUE" or "true" or "True" => CelValue.True,
        CelKind.String when value.AsString is "0" or "f" or "F" or "FALSE" or "false" or "False" => CelValue.False,
        _ => Failed(value, CelType.Bool),
    };

    public static CelValue ToBytes(CelValue value) => value.Kind switch
    {
        CelKind.Bytes => value,
        CelKind.String => CelValue.Bytes(Encoding.UTF8.GetBytes(value.AsString)),
        _ => Failed(value, CelType.Bytes),
    };

    public static CelValue ToText(CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.String: return value;
            case CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Timestamp or CelKind.Duration: return CelValue.String(value.ToString());
            case CelKind.Double: return CelValue.String(GoText.Float(value.AsDouble));
            case CelKind.Bytes:
                try
                {
                    return CelValue.String(StrictUtf8.GetString(value.AsBytes));
                }
                catch (DecoderFallbackException)
                {
                    return CelValue.Error("invalid UTF-8 in bytes, cannot convert to string");
                }
            default: return Failed(value, CelType.String);
        }
    }

    public static CelValue ToDuration(CelValue value) => value.Kind switch
    {
        CelKind.Duration => value,
        CelKind.Int => CelValue.Duration(value.AsInt),
        CelKind.String when TimeText.TryParseDuration(value.AsString, out var parsed) => CelValue.Duration(parsed),
        _ => Failed(value, CelType.Duration),
    };

    public static CelValue ToTimestamp(CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.Timestamp: return value;
            case CelKind.Int: return Checked(value.AsInt, 0);
            case CelKind.String when TimeText.TryParseTimestamp(value.AsString, out var seconds, out var nanos): return Checked(seconds, nanos);
            default: return Failed(value, CelType.Timestamp);
        }
    }

    public static CelValue Checked(long seconds, int nanos) =>
        seconds is >= TimeText.MinSeconds and <= TimeText.MaxSeconds ? CelValue.Timestamp(seconds, nanos) : TimeText.Overflow;
}
