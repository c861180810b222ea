using System.Globalization;

namespace Coracle.Commands.Cluster;

/// <summary>Durations as kubectl takes them: "5s", "2m", "1h30m".</summary>
internal static class Durations
{
    /// <summary>Null when it is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (text.Length == 0) return null;
        var sum = TimeSpan.Zero;
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;
            rest = rest[digits..];
            var end = rest.IndexOfAny("0123456789.");
            var unit = end < 0 ? rest : rest[..end];
            var length = unit switch
            {
                "ms" => TimeSpan.FromMilliseconds(1), "s" => TimeSpan.FromSeconds(1), "m" => TimeSpan.FromMinutes(1), "h" => TimeSpan.FromHours(1), _ => TimeSpan.Zero,
            };
            if (length == TimeSpan.Zero) return null;
            sum += number * length;
            rest = end < 0 ? [] : rest[end..];
        }
        return sum;
    }
}
