namespace Coracle.Controllers.CronJobs;

/// <summary>
/// When a cron job is due, as robfig/cron's ParseStandard reads it: five fields (minute, hour, day of month, month, day of week), "@daily" and its like, or
/// "@every 90m"; before that, "TZ=Europe/Paris " or "CRON_TZ=...".
/// </summary>
public abstract class CronSchedule
{
    /// <summary>The first time after the given one; null when there is none within five years.</summary>
    public abstract DateTimeOffset? Next(DateTimeOffset after);

    /// <summary>Reads a schedule. Throws FormatException for one that cannot be read, and TimeZoneNotFoundException for an unknown zone.</summary>
    /// <param name="text">The schedule.</param>
    /// <param name="zone">The zone in which to read it, where it names none itself.</param>
    public static CronSchedule Parse(string text, TimeZoneInfo zone)
    {
        if (text.Length == 0) throw new FormatException("empty spec string");
        if (text.StartsWith("TZ=", StringComparison.Ordinal) || text.StartsWith("CRON_TZ=", StringComparison.Ordinal))
        {
            var space = text.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0) throw new FormatException($"expected exactly 5 fields, found 0: [{text}]");
            zone = Zone(text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..space]);
            text = text[space..].Trim();
        }
        return text.StartsWith('@') ? Macro(text, zone) : CalendarSchedule.Parse(text, zone);
    }

    /// <summary>The zone of a name of the IANA database; "" is UTC.</summary>
    public static TimeZoneInfo Zone(string name) => name is "" or "UTC" ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(name);

    private static CronSchedule Macro(string text, TimeZoneInfo zone)
    {
        const string every = "@every ";
        if (text.StartsWith(every, StringComparison.Ordinal)) return new EverySchedule(GoDurations.Parse(text[every.Length..]));
        var fields = text switch
        {
            "@yearly" or "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" or "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            _ => throw new FormatException($"unrecognized descriptor: {text}"),
        };
        return CalendarSchedule.Parse(fields, zone);
    }
}

/// <summary>So long after the last time, in whole seconds and at least one.</summary>
public sealed class EverySchedule(TimeSpan delay) : CronSchedule
{
    private readonly TimeSpan delay = TimeSpan.FromSeconds(Math.Max(1, Math.Floor(delay.TotalSeconds)));

    public override DateTimeOffset? Next(DateTimeOffset after) => after.AddTicks(-(after.Ticks % TimeSpan.TicksPerSecond)) + delay;
}
