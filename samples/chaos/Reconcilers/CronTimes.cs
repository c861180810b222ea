using Quartz;

namespace Coracle.Samples.Chaos.Reconcilers;

/// <summary>The times of a cron expression.</summary>
internal sealed class CronTimes
{
    /// <summary>Further back than this no time is looked for.</summary>
    private const int MissedMax = 1000;

    private readonly CronExpression _expression;

    private CronTimes(CronExpression expression) => _expression = expression;

    /// <summary>Null, and why, where the text is no schedule or the zone is not known.</summary>
    public static CronTimes? Parse(string text, string zone, out string problem)
    {
        problem = "";
        try
        {
            return new(CronExpression.Parse(text, CronFormat.Unix).WithTimeZone(zone is "" or "UTC" ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(zone)));
        }
        catch (Exception e) when (e is FormatException or TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            problem = e.Message;
            return null;
        }
    }

    public DateTimeOffset? Next(DateTimeOffset after) => _expression.GetNextValidTimeAfter(after);

    /// <summary>The newest time after one moment and not after another; of very many the newest that is looked for.</summary>
    public DateTimeOffset? Latest(DateTimeOffset after, DateTimeOffset upTo)
    {
        DateTimeOffset? latest = null;
        for (var i = 0; i < MissedMax && Next(latest ?? after) is { } next && next <= upTo; i++) latest = next;
        return latest;
    }
}
