using System.Globalization;
using T = Coracle.Schema.Cel.CelType;

namespace Coracle.Schema.Cel;

/// <summary>Parts of timestamps, in UTC or another time zone, and durations in units.</summary>
internal static class Times
{
    public static IEnumerable<CelFunction> Functions() =>
    [
        Part("getFullYear", "year", t => t.Year),
        Part("getMonth", "month", t => t.Month - 1),
        Part("getDayOfYear", "day_of_year", t => t.DayOfYear - 1),
        Part("getDate", "day_of_month_1_based", t => t.Day),
        Part("getDayOfMonth", "day_of_month", t => t.Day - 1),
        Part("getDayOfWeek", "day_of_week", t => (int)t.DayOfWeek),
        Part("getHours", "hours", t => t.Hour, 3600 * TimeText.NanosPerSecond),
        Part("getMinutes", "minutes", t => t.Minute, 60 * TimeText.NanosPerSecond),
        Part("getSeconds", "seconds", t => t.Second, TimeText.NanosPerSecond),
        Part("getMilliseconds", "milliseconds", t => t.Millisecond, 1_000_000),
    ];

    private static CelFunction Part(string name, string id, Func<DateTime, int> part, long unit = 0)
    {
        List<CelOverload> overloads =
        [
            CelOverload.Member("timestamp_to_" + id, [T.Timestamp], T.Int, t => CelValue.Int(part(Utc(t)))),
            CelOverload.Member($"timestamp_to_{id}_with_tz", [T.Timestamp, T.String], T.Int, (t, zone) => In(t, zone.AsString, part)),
        ];
        if (unit > 0) overloads.Add(CelOverload.Member("duration_to_" + id, [T.Duration], T.Int, d => CelValue.Int(d.Nanoseconds / unit)));
        return new(name, [.. overloads]);
    }

    private static DateTime Utc(CelValue time) => DateTime.UnixEpoch.AddTicks(time.Seconds * TimeSpan.TicksPerSecond + time.Nanos / 100);

    private static CelValue In(CelValue time, string zone, Func<DateTime, int> part)
    {
        var utc = Utc(time);
        TimeSpan offset;
        var colon = zone.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0)
        {
            if (!int.TryParse(zone.AsSpan(0, colon), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var hours)) return BadNumber(zone[..colon]);
            if (!int.TryParse(zone.AsSpan(colon + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var minutes)) return BadNumber(zone[(colon + 1)..]);
            offset = TimeSpan.FromMinutes(zone[0] == '-' ? hours * 60L - minutes : hours * 60L + minutes);
        }
        else if (zone is "" or "UTC") offset = TimeSpan.Zero;
        else if (zone == "Local" || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)) return CelValue.Error("unknown time zone " + zone);
        else offset = found.GetUtcOffset(utc);
        var ticks = (Int128)utc.Ticks + offset.Ticks;
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks ? TimeText.Overflow : CelValue.Int(part(new DateTime((long)ticks)));
    }

    private static CelValue BadNumber(string text) => CelValue.Error($"strconv.Atoi: parsing {GoText.Quote(text)}: invalid syntax");
}
