using System.Globalization;
using System.Text.RegularExpressions;

namespace Coracle.Schema.Cel;

/// <summary>Strings of the OpenAPI formats "duration" and "date-time", which are read more kindly than CEL's own.</summary>
internal static partial class OpenApiText
{
    [GeneratedRegex(@"^(-?(?:\d+(?:\.\d+)?)\s*(?:ns|nanoseconds?|nanos?|us|µs|μs|microseconds?|micros?|ms|milliseconds?|millis?|s|seconds?|secs?|m|minutes?|mins?|h|hours?|hrs?|hr|d|days?|w|weeks?|wks?|wk)\s*)+$", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(@"(-?)(\d+(?:\.\d+)?)\s*([a-zµμ]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    public static CelValue Duration(string text)
    {
        if (TimeText.TryParseDuration(text, out var nanoseconds)) return CelValue.Duration(nanoseconds);
        var lower = text.Trim().ToLowerInvariant();
        if (lower.Length > 256 || !Words().IsMatch(lower)) return CelValue.Error($"Invalid duration {text}: unable to parse {text} as duration");
        double total = 0;
        foreach (Match word in Word().Matches(lower))
            total += (word.Groups[1].Length > 0 ? -1 : 1) * double.Parse(word.Groups[2].ValueSpan, CultureInfo.InvariantCulture) * Unit(word.Groups[3].ValueSpan);
        return double.Abs(total) < long.MaxValue ? CelValue.Duration((long)total) : CelValue.Error($"Invalid duration {text}: unable to parse {text} as duration");
    }

    private static double Unit(ReadOnlySpan<char> unit) => unit[0] switch
    {
        'n' => 1,
        'u' or 'µ' or 'μ' => 1e3,
        'm' when unit is "ms" || unit.StartsWith("milli") => 1e6,
        'm' when unit.StartsWith("micro") => 1e3,
        'm' => 60e9,
        's' => 1e9,
        'h' => 3600e9,
        'd' => 86400e9,
        _ => 7 * 86400e9,
    };

    public static bool TryDateTime(string text, out long seconds, out int nanos)
    {
        seconds = 0;
        nanos = 0;
        if (text.Length == 0) return DateTimeZero(out seconds);
        // A small t or z, and an offset without a colon, pass too.
        var plain = text.ToUpperInvariant();
        if (plain.Length > 5 && plain[^5] is '+' or '-' && plain.AsSpan(plain.Length - 4).IndexOfAnyExceptInRange('0', '9') < 0) plain = $"{plain[..^2]}:{plain[^2..]}";
        return TimeText.TryParseTimestamp(plain, out seconds, out nanos);
    }

    private static bool DateTimeZero(out long seconds)
    {
        seconds = 0;
        return true;
    }
}
