using System.Globalization;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Durations as Go writes them: "1h15m", "1.5s", "300ms".</summary>
internal static class GoDuration
{
    /// <summary>What is wrong with the text, in the words of time.ParseDuration; null when nothing is.</summary>
    public static string? Parse(string text, out TimeSpan duration)
    {
        duration = default;
        var invalid = $"time: invalid duration {GoText.Quote(text)}";
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        if (rest.StartsWith("-") || rest.StartsWith("+")) rest = rest[1..];
        if (rest is "0") return null;
        if (rest.IsEmpty) return invalid;
        var seconds = 0.0;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOfAnyExcept("0123456789.");
            var number = end < 0 ? rest : rest[..end];
            if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return invalid;
            if (end < 0) return $"time: missing unit in duration {GoText.Quote(text)}";
            rest = rest[end..];
            end = rest.IndexOfAny("0123456789.");
            var unit = end < 0 ? rest : rest[..end];
            if (SecondsOf(unit) is not { } factor) return $"time: unknown unit {GoText.Quote(unit.ToString())} in duration {GoText.Quote(text)}";
            seconds += value * factor;
            rest = rest[unit.Length..];
        }
        // Go's durations end at 292 years, in nanoseconds.
        if (seconds > long.MaxValue / 1e9) return invalid;
        duration = TimeSpan.FromSeconds(negative ? -seconds : seconds);
        return null;
    }

    private static double? SecondsOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1e-9,
        "us" or "µs" or "μs" => 1e-6,
        "ms" => 1e-3,
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => null,
    };
}
