using System.Globalization;

namespace Coracle.Controllers.CronJobs;

/// <summary>Durations in Go's notation: "1h30m", "1.5h", "300ms".</summary>
internal static class GoDurations
{
    // Longer names first: "ms" is not "m".
    private static readonly (string Unit, double Seconds)[] Units = [("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("μs", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600)];

    public static TimeSpan Parse(string text)
    {
        var rest = text.AsSpan();
        var sign = 1;
        if (rest.Length > 0 && rest[0] is '-' or '+')
        {
            sign = rest[0] == '-' ? -1 : 1;
            rest = rest[1..];
        }
        if (rest is "0") return TimeSpan.Zero;
        if (rest.IsEmpty) throw Invalid(text);
        double seconds = 0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) throw Invalid(text);
            rest = rest[digits..];
            seconds += number * Take(ref rest, text);
        }
        // Go's durations end at 292 years, in nanoseconds.
        return seconds <= long.MaxValue / 1e9 ? TimeSpan.FromSeconds(sign * seconds) : throw Invalid(text);
    }

    private static double Take(ref ReadOnlySpan<char> rest, string text)
    {
        foreach (var (unit, seconds) in Units)
        {
            if (!rest.StartsWith(unit, StringComparison.Ordinal)) continue;
            rest = rest[unit.Length..];
            return seconds;
        }
        throw Invalid(text);
    }

    private static FormatException Invalid(string text) => new($"failed to parse duration @every {text}: time: invalid duration \"{text}\"");
}
