using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>Text as Go prints it, because error texts are part of the API.</summary>
public static class GoText
{
    /// <summary>A string as Go's %q: quotes, backslashes and what does not print escaped.</summary>
    public static string Quote(string text)
    {
        var builder = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
            Append(builder, rune);
        return builder.Append('"').ToString();
    }

    /// <summary>A JSON value as Go's %v prints generic data: map[a:1 b:[x y]], keys sorted.</summary>
    public static string Print(JsonNode? node)
    {
        var builder = new StringBuilder();
        Print(builder, node);
        return builder.ToString();
    }

    private static void Print(StringBuilder builder, JsonNode? node)
    {
        switch (node)
        {
            case null: builder.Append("<nil>"); break;
            case JsonObject obj:
                builder.Append("map[");
                builder.AppendJoin(' ', obj.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}:{Print(p.Value)}")).Append(']');
                break;
            case JsonArray array:
                builder.Append('[').AppendJoin(' ', array.Select(Print)).Append(']');
                break;
            default:
                builder.Append(node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : Scalar(node.ToJsonString()));
                break;
        }
    }

    private static string Scalar(string json) =>
        json is "true" or "false" || json.AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? json : Float(double.Parse(json, CultureInfo.InvariantCulture));

    /// <summary>A double as Go's %g: the fewest digits that tell it apart, with an exponent below 1e-4 and from 1e+06 on.</summary>
    public static string Float(double value) => Float(value, Math.Abs(value).ToString("R", CultureInfo.InvariantCulture));

    /// <summary>A number of single precision as Go's %g.</summary>
    public static string Float(float value) => Float(value, Math.Abs(value).ToString("R", CultureInfo.InvariantCulture));

    private static string Float(double value, string shortest)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "+Inf" : "-Inf";
        var sign = double.IsNegative(value) ? "-" : "";
        var (digits, point) = Digits(shortest);
        if (digits.Length == 0) return sign + "0";
        if (point - 1 is < -4 or >= 6)
        {
            var exponent = Math.Abs(point - 1).ToString("00", CultureInfo.InvariantCulture);
            return $"{sign}{digits[0]}{(digits.Length > 1 ? "." : "")}{digits.AsSpan(1)}e{(point < 1 ? '-' : '+')}{exponent}";
        }
        if (point <= 0) return $"{sign}0.{new string('0', -point)}{digits}";
        return point >= digits.Length ? $"{sign}{digits.PadRight(point, '0')}" : $"{sign}{digits.AsSpan(0, point)}.{digits.AsSpan(point)}";
    }

    /// <summary>The shortest digits without zeros at either end, and where among them the decimal point is.</summary>
    private static (string Digits, int Point) Digits(string shortest)
    {
        var parts = shortest.Split('E');
        var exponent = parts.Length > 1 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        var dot = parts[0].IndexOf('.', StringComparison.Ordinal);
        var digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        var significant = digits.TrimStart('0');
        return (significant.TrimEnd('0'), (dot < 0 ? digits.Length : dot) - (digits.Length - significant.Length) + exponent);
    }

    private static void Append(StringBuilder builder, Rune rune)
    {
        switch (rune.Value)
        {
            case '"': builder.Append("\\\""); break;
            case '\\': builder.Append("\\\\"); break;
            case '\n': builder.Append("\\n"); break;
            case '\r': builder.Append("\\r"); break;
            case '\t': builder.Append("\\t"); break;
            case '\a': builder.Append("\\a"); break;
            case '\b': builder.Append("\\b"); break;
            case '\f': builder.Append("\\f"); break;
            case '\v': builder.Append("\\v"); break;
            case < 0x20 or 0x7f: builder.Append("\\x").Append(rune.Value.ToString("x2", CultureInfo.InvariantCulture)); break;
            case > 0x7f and < 0x10000 when !Prints(rune): builder.Append("\\u").Append(rune.Value.ToString("x4", CultureInfo.InvariantCulture)); break;
            case >= 0x10000 when !Prints(rune): builder.Append("\\U").Append(rune.Value.ToString("x8", CultureInfo.InvariantCulture)); break;
            default: builder.Append(rune.ToString()); break;
        }
    }

    /// <summary>Letters, marks, numbers, punctuation and symbols print; separators, controls and unassigned code points do not.</summary>
    private static bool Prints(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
