using System.Globalization;

namespace Coracle.Schema.Cel;

/// <summary>Timestamps (RFC 3339, to the nanosecond) and durations (Go's "1h2m3.5s") as text.</summary>
internal static class TimeText
{
    /// <summary>0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z in seconds since 1970.</summary>
    public const long MinSeconds = -62135596800, MaxSeconds = 253402300799;

    public const long NanosPerSecond = 1_000_000_000;

    public static CelValue Overflow => CelValue.Error("timestamp overflow");

    public static string Timestamp(CelValue time)
    {
        var whole = DateTimeOffset.FromUnixTimeSeconds(time.Seconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        if (time.Nanos == 0) return whole + "Z";
        return $"{whole}.{time.Nanos.ToString("000000000", CultureInfo.InvariantCulture).TrimEnd('0')}Z";
    }

    /// <summary>As <c>string()</c> gives a duration: in seconds.</summary>
    public static string Duration(long nanoseconds)
    {
        var seconds = nanoseconds / NanosPerSecond + (double)(nanoseconds % NanosPerSecond) / NanosPerSecond;
        return Fixed(seconds) + "s";
    }

    /// <summary>The shortest digits that tell the number apart, without an exponent.</summary>
    public static string Fixed(double value)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "+Inf" : "-Inf";
        return decimal.TryParse(value.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && exact != 0
            ? exact.ToString("0.############################", CultureInfo.InvariantCulture)
            : value.ToString("F0", CultureInfo.InvariantCulture);
    }

    /// <summary>As Go reads RFC 3339. False when the text is none; the range is the caller's to check.</summary>
    public static bool TryParseTimestamp(ReadOnlySpan<char> text, out long seconds, out int nanos)
    {
        seconds = 0;
        nanos = 0;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] is not 'T' || text[13] != ':' || text[16] != ':') return false;
        if (!Number(text[..4], out var year) || !Number(text.Slice(5, 2), out var month) || !Number(text.Slice(8, 2), out var day) || !Number(text.Slice(11, 2), out var hour)
            || !Number(text.Slice(14, 2), out var minute) || !Number(text.Slice(17, 2), out var second)) return false;
        if (month is < 1 or > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return false;
        // The year 0 is a leap year that DateTime does not know; years repeat after 400.
        var shifted = year == 0 ? 400 : year;
        if (day > DateTime.DaysInMonth(shifted, month)) return false;
        var rest = text[19..];
        if (!Fraction(ref rest, out nanos) || !Offset(rest, out var offset)) return false;
        var date = new DateTime(shifted, month, day, hour, minute, second, DateTimeKind.Utc);
        seconds = (date.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond - offset - (year == 0 ? 146097L * 86400 : 0);
        return true;
    }

    private static bool Number(ReadOnlySpan<char> digits, out int value) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static bool Fraction(ref ReadOnlySpan<char> rest, out int nanos)
    {
        nanos = 0;
        if (rest.Length == 0 || rest[0] is not ('.' or ',')) return true;
        var digits = 0;
        while (digits + 1 < rest.Length && char.IsAsciiDigit(rest[digits + 1]))
        {
            if (digits < 9) nanos = nanos * 10 + (rest[digits + 1] - '0');
            digits++;
        }
        if (digits == 0) return false;
        for (var i = digits; i < 9; i++) nanos *= 10;
        rest = rest[(digits + 1)..];
        return true;
    }

    private static bool Offset(ReadOnlySpan<char> rest, out int seconds)
    {
        seconds = 0;
        if (rest is "Z") return true;
        if (rest.Length != 6 || rest[0] is not ('+' or '-') || rest[3] != ':') return false;
        if (!Number(rest.Slice(1, 2), out var hours) || !Number(rest[4..], out var minutes) || hours > 24 || minutes > 60) return false;
        seconds = (hours * 60 + minutes) * 60 * (rest[0] == '-' ? -1 : 1);
        return true;
    }

    /// <summary>As Go reads durations.</summary>
    public static bool TryParseDuration(ReadOnlySpan<char> text, out long nanoseconds)
    {
        nanoseconds = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (text.Length > 0 && text[0] is '-' or '+') text = text[1..];
        if (text is "0") return true;
        if (text.IsEmpty) return false;
        Int128 total = 0;
        while (!text.IsEmpty)
        {
            if (!Part(ref text, out var part)) return false;
            total += part;
            if (total > (Int128)long.MaxValue + 1) return false;
        }
        if (negative) total = -total;
        if (total > long.MaxValue || total < long.MinValue) return false;
        nanoseconds = (long)total;
        return true;
    }

    private static bool Part(ref ReadOnlySpan<char> text, out Int128 nanoseconds)
    {
        nanoseconds = 0;
        var at = 0;
        Int128 whole = 0;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            whole = whole * 10 + (text[at++] - '0');
            if (whole > (Int128)long.MaxValue + 1) return false;
        }
        var digits = at;
        double fraction = 0, scale = 1;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            for (; at < text.Length && char.IsAsciiDigit(text[at]); at++, digits++)
            {
                if (scale >= 1e17) continue;
                fraction = fraction * 10 + (text[at] - '0');
                scale *= 10;
            }
        }
        if (digits == 0) return false;
        var end = at;
        while (end < text.Length && text[end] != '.' && !char.IsAsciiDigit(text[end])) end++;
        var unit = Unit(text[at..end]);
        if (unit == 0) return false;
        text = text[end..];
        nanoseconds = whole * unit + (long)(fraction * (unit / scale));
        return true;
    }

    private static long Unit(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1,
        "us" or "µs" or "μs" => 1000,
        "ms" => 1_000_000,
        "s" => NanosPerSecond,
        "m" => 60 * NanosPerSecond,
        "h" => 3600 * NanosPerSecond,
        _ => 0,
    };
}
