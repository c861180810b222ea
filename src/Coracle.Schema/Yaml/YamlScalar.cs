using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>What a scalar means: YAML 1.1 as go-yaml v2 resolves it, where yes, on and y are true, 0x and leading zeros are bases, and dates are text.</summary>
internal static class YamlScalar
{
    private const string Standard = "tag:yaml.org,2002:";

    /// <summary>The types that a text may resolve to, by the last part of their tags.</summary>
    public const string Str = "str", Bool = "bool", Int = "int", Float = "float", Null = "null", Timestamp = "timestamp", Binary = "binary";

    /// <summary>The value of a scalar node: null, bool, long, ulong, double or string. Throws <see cref="YamlException"/> where its tag does not fit.</summary>
    public static object? Value(YamlNode node)
    {
        if (node.Tag.Length == 0 && !node.Implicit) return node.Value;
        var tag = node.Tag.StartsWith(Standard, StringComparison.Ordinal) ? node.Tag[Standard.Length..] : node.Tag;
        if (tag == Binary) return FromBase64(node.Value);
        if (tag is not ("" or Str or Bool or Int or Float or Null or Timestamp)) return node.Value;
        var (type, value) = tag == Str ? (Str, node.Value) : Resolve(node.Value, tag is "" or Timestamp);
        if (tag == Float && value is long whole) return (double)whole;
        if (tag.Length > 0 && tag != type && tag != Str) throw new YamlException($"cannot decode !!{type} `{node.Value}` as a !!{tag}");
        return value;
    }

    /// <summary>The type that a plain text has, and its value.</summary>
    public static (string Type, object? Value) Resolve(string text, bool dates = true)
    {
        if (text.Length == 0) return (Null, null);
        return text[0] switch
        {
            >= '0' and <= '9' or '+' or '-' => ResolveNumber(text, dates),
            '.' => ResolvePoint(text),
            'y' or 'Y' or 'n' or 'N' or 't' or 'T' or 'f' or 'F' or 'o' or 'O' or '~' => ResolveWord(text),
            _ => (Str, text),
        };
    }

    private static (string, object?) ResolveWord(string text) => text switch
    {
        "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => (Bool, true),
        "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => (Bool, false),
        "~" or "null" or "Null" or "NULL" => (Null, null),
        _ => (Str, text),
    };

    private static (string, object?) ResolvePoint(string text) => text switch
    {
        ".nan" or ".NaN" or ".NAN" => (Float, double.NaN),
        ".inf" or ".Inf" or ".INF" => (Float, double.PositiveInfinity),
        _ => IsDecimal(text) && Number(text) is { } number ? (Float, number) : (Str, text),
    };

    private static (string, object?) ResolveNumber(string text, bool dates)
    {
        if (text is "+.inf" or "+.Inf" or "+.INF" or "-.inf" or "-.Inf" or "-.INF")
            return (Float, text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity);
        if (dates && YamlTimestamp.IsTimestamp(text)) return (Timestamp, text);
        var plain = text.Replace("_", "", StringComparison.Ordinal);
        if (Integer(plain) is { } integer) return (Int, integer);
        return IsDecimal(plain) && Number(plain) is { } number ? (Float, number) : (Str, text);
    }

    /// <summary>A signed 64-bit or an unsigned one without sign, in base 10, 16 (0x), 8 (0 or 0o) or 2 (0b).</summary>
    private static object? Integer(string text)
    {
        var negative = text[0] == '-';
        var digits = text.AsSpan(text[0] is '+' or '-' ? 1 : 0);
        var (radix, start) = digits switch
        {
            ['0', 'x' or 'X', ..] => (16, 2),
            ['0', 'b' or 'B', ..] => (2, 2),
            ['0', 'o' or 'O', ..] => (8, 2),
            ['0', _, ..] => (8, 1),
            _ => (10, 0),
        };
        if (digits.Length == start) return null;
        UInt128 number = 0;
        foreach (var c in digits[start..])
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : 99;
            if (digit >= radix) return null;
            number = number * (uint)radix + (uint)digit;
            if (number > ulong.MaxValue) return null;
        }
        if (negative) return number <= (UInt128)long.MaxValue + 1 ? (long)-(Int128)number : null;
        if (number <= long.MaxValue) return (long)number;
        return text[0] == '+' ? null : (ulong)number;
    }

    /// <summary>Digits with at most one point and an exponent.</summary>
    private static bool IsDecimal(string text)
    {
        var at = text[0] is '+' or '-' ? 1 : 0;
        var whole = Digits(text, ref at);
        var fraction = 0;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            fraction = Digits(text, ref at);
        }
        if (whole + fraction == 0) return false;
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at++;
            if (at < text.Length && text[at] is '+' or '-') at++;
            if (Digits(text, ref at) == 0) return false;
        }
        return at == text.Length;
    }

    private static int Digits(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return at - start;
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static string FromBase64(string text)
    {
        var compact = text.Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
        var bytes = new byte[compact.Length];
        return Convert.TryFromBase64String(compact, bytes, out var length) && !compact.AsSpan().ContainsAny(" \t")
            ? Encoding.UTF8.GetString(bytes.AsSpan(0, length))
            : throw new YamlException("!!binary value contains invalid base64 data");
    }

    /// <summary>As JSON. A whole double becomes an integer, as it prints.</summary>
    public static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        bool b => JsonValue.Create(b),
        long n => JsonValue.Create(n),
        ulong n => JsonValue.Create(n),
        double d when !double.IsFinite(d) => throw new YamlException("json: unsupported value: " + GoText.Float(d), prefixed: false),
        double d when d == Math.Truncate(d) && Math.Abs(d) < 1L << 53 && !(d == 0 && double.IsNegative(d)) => JsonValue.Create((long)d),
        double d => JsonValue.Create(d),
        _ => JsonValue.Create((string)value),
    };

    /// <summary>A key as the string that JSON needs; null where it cannot be one.</summary>
    public static string? ToKey(object? value) => value switch
    {
        string s => s,
        bool b => b ? "true" : "false",
        long n => n.ToString(CultureInfo.InvariantCulture),
        double.PositiveInfinity => ".inf",
        double.NegativeInfinity => "-.inf",
        double.NaN => ".nan",
        double d => GoText.Float((float)d),
        _ => null,
    };
}
