using System.Globalization;

namespace Coracle.Schema.Cel;

/// <summary>Doubles from text, as Go reads them.</summary>
internal static class DoubleText
{
    public static bool TryParse(string text, out double value)
    {
        value = 0;
        var body = text.AsSpan();
        if (body.Length > 0 && body[0] is '+' or '-') body = body[1..];
        if (body.Equals("inf", StringComparison.OrdinalIgnoreCase) || body.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            value = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        if (body.Equals("nan", StringComparison.OrdinalIgnoreCase) && body.Length == text.Length)
        {
            value = double.NaN;
            return true;
        }
        if (body.IsEmpty || !(char.IsAsciiDigit(body[0]) || body[0] == '.')) return false;
        return double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value)
            && !double.IsInfinity(value);
    }
}
