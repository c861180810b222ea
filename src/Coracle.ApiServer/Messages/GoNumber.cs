using System.Globalization;
using System.Numerics;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Numbers in queries, with Go's errors.</summary>
internal static class GoNumber
{
    /// <summary>What is wrong with the text; null when nothing is.</summary>
    public static string? Parse(string text, out long value)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)) return null;
        var why = BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? "value out of range" : "invalid syntax";
        return $"strconv.ParseInt: parsing {GoText.Quote(text)}: {why}";
    }
}
