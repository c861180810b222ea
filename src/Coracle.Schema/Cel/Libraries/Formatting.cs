using System.Globalization;
using System.Text;

namespace Coracle.Schema.Cel;

/// <summary><c>"%s of %d".format([...])</c></summary>
internal static class Formatting
{
    private const int DefaultPrecision = 6, MaxPrecision = 1000;

    public static CelValue Format(string format, CelList args)
    {
        var result = new StringBuilder();
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                result.Append(format[i]);
                continue;
            }
            if (i + 1 < format.Length && format[i + 1] == '%')
            {
                result.Append('%');
                i++;
                continue;
            }
            if (next >= args.Count) return CelValue.Error(string.Create(CultureInfo.InvariantCulture, $"index {next} out of range"));
            if (i + 1 >= format.Length) return CelValue.Error("unexpected end of string");
            i++;
            var error = Clause(format, ref i, args[next++], result);
            if (error is not null) return CelValue.Error(error);
        }
        return CelValue.String(result.ToString());
    }

    private const string Parse = "could not parse formatting clause: ";

    public const string NotText = "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps, was given ";
    public const string NotDecimal = "decimal clause can only be used on integers, was given ";
    public const string NotFixed = "fixed-point clause can only be used on doubles, was given ";
    public const string NotScientific = "scientific clause can only be used on doubles, was given ";
    public const string NotBinary = "only integers and bools can be formatted as binary, was given ";
    public const string NotOctal = "octal clause can only be used on integers, was given ";
    public const string NotHex = "only integers, byte buffers, and strings can be formatted as hex, was given ";

    public static string Unrecognized(char clause) => $"{Parse}unrecognized formatting clause \"{clause}\"";

    /// <summary>The places after the point, where they are given; what is wrong, or null. Leaves the position at the clause's letter.</summary>
    public static string? Precision(string format, ref int i, out int precision)
    {
        const string Wrong = Parse + "error while parsing precision: ";
        precision = DefaultPrecision;
        if (format[i] != '.') return null;
        var end = i + 1;
        while (end < format.Length && char.IsAsciiDigit(format[end])) end++;
        if (end >= format.Length) return Wrong + "could not find end of precision specifier";
        var digits = format[(i + 1)..end];
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out precision))
            return $"{Wrong}error while converting precision to integer: strconv.Atoi: parsing {GoText.Quote(digits)}: invalid syntax";
        if (precision > MaxPrecision) return string.Create(CultureInfo.InvariantCulture, $"{Wrong}precision {precision} exceeds the maximum of {MaxPrecision}");
        i = end;
        return null;
    }

    private static string? Clause(string format, ref int i, CelValue value, StringBuilder result)
    {
        if (Precision(format, ref i, out var precision) is { } wrong) return wrong;
        if (value.IsError) return value.ErrorText;
        var clause = format[i];
        if (!"sdfebxXo".Contains(clause, StringComparison.Ordinal)) return Unrecognized(clause);
        var (text, error) = clause switch
        {
            's' => Text(value),
            'd' => Decimal(value),
            'f' => Fixed(value, precision),
            'e' => Scientific(value, precision),
            'b' => Binary(value),
            'o' => Octal(value),
            _ => Hex(value, upper: clause == 'X'),
        };
        if (text is null) return "error during formatting: " + error;
        result.Append(text);
        return null;
    }

    private static (string? Text, string? Error) Text(CelValue value) => value.Kind switch
    {
        CelKind.List => List(value.AsList),
        CelKind.Map => Map(value.AsMap),
        CelKind.Null => ("null", null),
        CelKind.Type => (value.AsType.Name, null),
        CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.Bool or CelKind.String or CelKind.Timestamp or CelKind.Bytes or CelKind.Duration =>
            Conversions.ToText(value) is { IsError: false } text ? (text.AsString, null) : (null, $"could not convert argument {GoText.Quote(value.ToString())} to string"),
        _ => (null, NotText + value.TypeName),
    };

    /// <summary>A value within a list or map: strings in quotes, doubles with six places, times as calls.</summary>
    private static (string? Text, string? Error) Inner(CelValue value)
    {
        if (value.IsError) return (null, value.ErrorText);
        switch (value.Kind)
        {
            case CelKind.Timestamp: return ($"timestamp({GoText.Quote(value.ToString())})", null);
            case CelKind.Duration: return ($"duration({GoText.Quote(value.ToString())})", null);
            case CelKind.Double:
                var number = FixedText(value.AsDouble, DefaultPrecision);
                return (double.IsFinite(value.AsDouble) ? number : GoText.Quote(number), null);
            case CelKind.Object or CelKind.Optional: return (null, "no formatting function for " + value.TypeName);
        }
        var (text, error) = Text(value);
        return value.Kind switch
        {
            CelKind.String when text is not null => (GoText.Quote(text), null),
            CelKind.Bytes when text is not null => ("b" + GoText.Quote(text), null),
            _ => (text, error),
        };
    }

    private static (string? Text, string? Error) List(CelList list)
    {
        var parts = new List<string>(list.Count);
        for (var i = 0; i < list.Count; i++)
        {
            var (text, error) = Inner(list[i]);
            if (text is null) return (null, error);
            Work.Add(text.Length);
            parts.Add(text);
        }
        return ($"[{string.Join(", ", parts)}]", null);
    }

    private static (string? Text, string? Error) Map(CelMap map)
    {
        var parts = new List<KeyValuePair<string, string>>(map.Count);
        foreach (var (key, value) in map.Entries())
        {
            if (key.Kind is not (CelKind.String or CelKind.Bool or CelKind.Int or CelKind.Uint)) return (null, "no formatting function for map key of type " + key.TypeName);
            var (text, error) = Inner(value);
            if (text is null) return (null, error);
            Work.Add(text.Length);
            parts.Add(new(Inner(key).Text!, text));
        }
        return ("{" + string.Join(", ", parts.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}:{p.Value}")) + "}", null);
    }

    private static (string? Text, string? Error) Decimal(CelValue value) => value.Kind is CelKind.Int or CelKind.Uint
        ? (value.ToString(), null)
        : (null, NotDecimal + value.TypeName);

    private static double? Number(CelValue value) => value.Kind switch
    {
        CelKind.Double => value.AsDouble,
        CelKind.String => value.AsString switch { "NaN" => double.NaN, "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, _ => null },
        _ => null,
    };

    private static string? Special(double value) => double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? value > 0 ? "∞" : "-∞" : null;

    private static (string? Text, string? Error) Fixed(CelValue value, int precision) => Number(value) is { } number
        ? (Special(number) ?? Grouped(FixedText(number, precision)), null)
        : (null, NotFixed + value.TypeName);

    private static string FixedText(double value, int precision) => double.IsFinite(value)
        ? value.ToString("F" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";

    /// <summary>The printer for English that upstream uses groups thousands.</summary>
    private static string Grouped(string number)
    {
        var start = number[0] == '-' ? 1 : 0;
        var end = number.IndexOf('.', StringComparison.Ordinal);
        if (end < 0) end = number.Length;
        var result = new StringBuilder(number);
        for (var i = end - 3; i > start; i -= 3) result.Insert(i, ',');
        return result.ToString();
    }

    private static (string? Text, string? Error) Scientific(CelValue value, int precision)
    {
        if (Number(value) is not { } number) return (null, NotScientific + value.TypeName);
        if (Special(number) is { } special) return (special, null);
        var text = number.ToString("e" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var e = text.IndexOf('e', StringComparison.Ordinal);
        var exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var small = string.Concat(Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture).Select(c => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']));
        return ($"{text[..e]}\u202f×\u202f10{(exponent < 0 ? "⁻" : "")}{small}", null);
    }

    private static (string? Text, string? Error) Binary(CelValue value) => value.Kind switch
    {
        CelKind.Int => (Signed(value.AsInt, 2), null),
        CelKind.Uint => (Unsigned(value.AsUint, 2), null),
        CelKind.Bool => (value.AsBool ? "1" : "0", null),
        _ => (null, NotBinary + value.TypeName),
    };

    private static (string? Text, string? Error) Octal(CelValue value) => value.Kind switch
    {
        CelKind.Int => (Signed(value.AsInt, 8), null),
        CelKind.Uint => (Unsigned(value.AsUint, 8), null),
        _ => (null, NotOctal + value.TypeName),
    };

    private static (string? Text, string? Error) Hex(CelValue value, bool upper)
    {
        var text = value.Kind switch
        {
            CelKind.Int => Signed(value.AsInt, 16),
            CelKind.Uint => Unsigned(value.AsUint, 16),
            CelKind.String => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(value.AsString)),
            CelKind.Bytes => Convert.ToHexStringLower(value.AsBytes),
            _ => null,
        };
        return text is null ? (null, NotHex + value.TypeName) : (upper ? text.ToUpperInvariant() : text, null);
    }

    private static string Signed(long value, uint radix) => value < 0 ? "-" + Unsigned((ulong)-(Int128)value, radix) : Unsigned((ulong)value, radix);

    private static string Unsigned(ulong value, uint radix)
    {
        if (value == 0) return "0";
        var digits = new StringBuilder();
        for (; value > 0; value /= radix) digits.Insert(0, "0123456789abcdef"[(int)(value % radix)]);
        return digits.ToString();
    }
}
