namespace Coracle.Controllers.CronJobs;

/// <summary>
/// Due at every minute whose wall clock, in the schedule's zone, fits all five fields; of the two fields for days either will do when both are
/// restricted. What the clock skips in spring does not happen, what it repeats in autumn happens twice.
/// </summary>
public sealed class CalendarSchedule : CronSchedule
{
    private const int YearsMax = 5; // "31 2" never comes

    private readonly TimeZoneInfo zone;
    private readonly CronField minutes, hours, daysOfMonth, months, daysOfWeek;

    private CalendarSchedule(TimeZoneInfo zone, string[] fields)
    {
        this.zone = zone;
        minutes = CronField.Parse(fields[0], CronField.Minutes);
        hours = CronField.Parse(fields[1], CronField.Hours);
        daysOfMonth = CronField.Parse(fields[2], CronField.DaysOfMonth);
        months = CronField.Parse(fields[3], CronField.Months);
        daysOfWeek = CronField.Parse(fields[4], CronField.DaysOfWeek);
    }

    internal static new CalendarSchedule Parse(string text, TimeZoneInfo zone)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5) throw new FormatException($"expected exactly 5 fields, found {fields.Length}: [{string.Join(' ', fields)}]");
        return new(zone, fields);
    }

    public override DateTimeOffset? Next(DateTimeOffset after)
    {
        var local = At(after.AddTicks(-(after.Ticks % TimeSpan.TicksPerMinute)).AddMinutes(1));
        var end = local.Year + YearsMax;
        while (local.Year <= end)
        {
            if (!months.Allows(local.Month) || !IsDay(local)) local = NextDay(local);
            else if (!hours.Allows(local.Hour)) local = At(local.AddMinutes(60 - local.Minute));
            else if (!minutes.Allows(local.Minute)) local = At(local.AddMinutes(1));
            else return local.ToUniversalTime();
        }
        return null;
    }

    private bool IsDay(DateTimeOffset local)
    {
        var (ofMonth, ofWeek) = (daysOfMonth.Allows(local.Day), daysOfWeek.Allows((int)local.DayOfWeek));
        return daysOfMonth.IsStar || daysOfWeek.IsStar ? ofMonth && ofWeek : ofMonth || ofWeek;
    }

    /// <summary>The first moment of the next day, which is not midnight where the clock skips that.</summary>
    private DateTimeOffset NextDay(DateTimeOffset local)
    {
        var midnight = local.Date.AddDays(1);
        var next = At(local + (midnight - local.DateTime));
        // The offset changed on the way: too early by that, or too late, unless midnight is one that the clock skips.
        if (next.DateTime < midnight) return At(next + (midnight - next.DateTime));
        var earlier = At(next - (next.DateTime - midnight));
        return earlier.DateTime >= midnight ? earlier : next;
    }

    private DateTimeOffset At(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, zone);
}
