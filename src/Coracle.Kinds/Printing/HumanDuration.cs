using System.Globalization;

namespace Coracle.Kinds.Printing;

/// <summary>Durations as tables show them: "37s", "5m12s", "3h", "2d4h" (apimachinery, util/duration).</summary>
public static class HumanDuration
{
    /// <summary>Two or three significant figures. Clocks may disagree by a second; a time further in the future is "&lt;invalid&gt;".</summary>
    public static string Of(TimeSpan duration)
    {
        var seconds = duration.Ticks / TimeSpan.TicksPerSecond;
        var minutes = seconds / 60;
        var hours = minutes / 60;
        var days = hours / 24;
        return seconds switch
        {
            < -1 => "<invalid>",
            < 0 => "0s",
            < 2 * 60 => Text(seconds, "s"),
            < 10 * 60 => Text(minutes, "m", seconds % 60, "s"),
            < 3 * 3600 => Text(minutes, "m"),
            < 8 * 3600 => Text(hours, "h", minutes % 60, "m"),
            < 48 * 3600 => Text(hours, "h"),
            < 8 * 86400 => Text(days, "d", hours % 24, "h"),
            < 2 * 365 * 86400 => Text(days, "d"),
            < 8L * 365 * 86400 => Text(days / 365, "y", days % 365, "d"),
            _ => Text(days / 365, "y"),
        };
    }

    /// <summary>The time from <paramref name="past"/> to <paramref name="now"/>; "&lt;unknown&gt;" without a past.</summary>
    public static string Since(DateTimeOffset? past, DateTimeOffset now) => past is { } time ? Of(now - time) : "<unknown>";

    private static string Text(long count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count}{unit}");

    private static string Text(long count, string unit, long rest, string restUnit) =>
        rest == 0 ? Text(count, unit) : Text(count, unit) + Text(rest, restUnit);
}
