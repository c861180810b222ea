using System.Globalization;

namespace Coracle.Schema;

/// <summary>Times as upstream reads and writes them: RFC 3339 in UTC, with whole seconds or microseconds.</summary>
public static class GoTime
{
    private const string Seconds = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private const string Micros = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>"2006-01-02T15:04:05Z"</summary>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Seconds, CultureInfo.InvariantCulture);

    /// <summary>"2006-01-02T15:04:05.000000Z"</summary>
    public static string FormatMicro(DateTimeOffset time) => time.UtcDateTime.ToString(Micros, CultureInfo.InvariantCulture);

    /// <summary>Reads an RFC 3339 time; false when it is none.</summary>
    public static bool TryParse(string text, out DateTimeOffset time) => TryParse(text.AsSpan(), out time);

    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        // DateTimeOffset takes many forms; this shape check leaves RFC 3339 alone: date, T, time, and Z or an offset.
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return false;
        if (text[^1] != 'Z' && (text.Length < 25 || text[^6] is not ('+' or '-') || text[^3] != ':')) return false;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    /// <summary>The canonical text, or null when it is no time.</summary>
    public static string? Canonical(string text, bool micro) =>
        !TryParse(text, out var time) ? null : micro ? FormatMicro(time) : Format(time);

    /// <summary>Go's message for a time that cannot be read.</summary>
    public static string ParseError(string text) =>
        $"parsing time {GoText.Quote(text)} as \"2006-01-02T15:04:05Z07:00\": cannot parse {GoText.Quote(text)} as \"2006\"";
}
