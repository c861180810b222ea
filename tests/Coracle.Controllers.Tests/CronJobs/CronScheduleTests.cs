using System.Globalization;
using Coracle.Controllers.CronJobs;
using Coracle.Kinds.Batch.V1;

namespace Coracle.Controllers.Tests.CronJobs;

public sealed class CronScheduleTests
{
    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    [Theory]
    [InlineData("* * * * *", "2026-01-01T00:00:30Z", "2026-01-01T00:01:00Z")]
    [InlineData("*/15 * * * *", "2026-01-01T00:14:59Z", "2026-01-01T00:15:00Z")]
    [InlineData("*/15 * * * *", "2026-01-01T00:15:00Z", "2026-01-01T00:30:00Z")]
    [InlineData("5/20 * * * *", "2026-01-01T00:26:00Z", "2026-01-01T00:45:00Z")]
    [InlineData("0 9-17/4 * * *", "2026-01-01T13:00:00Z", "2026-01-01T17:00:00Z")]
    [InlineData("30 6 * * MON-fri", "2026-01-02T07:00:00Z", "2026-01-05T06:30:00Z")]
    [InlineData("0 0 29 2 *", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 31 * *", "2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z")]
    [InlineData("0 0 13 * 5", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")]
    [InlineData("0 0 */2 * 5", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z")]
    [InlineData("0 0 * * 5", "2026-01-02T00:00:00Z", "2026-01-09T00:00:00Z")]
    [InlineData("0 0 ? jan,DEC ?", "2026-01-31T00:00:00Z", "2026-12-01T00:00:00Z")]
    [InlineData("@hourly", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z")]
    [InlineData("@weekly", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z")]
    [InlineData("@yearly", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("@every 1h30m", "2026-01-01T00:00:10Z", "2026-01-01T01:30:10Z")]
    [InlineData("@every 100ms", "2026-01-01T00:00:10Z", "2026-01-01T00:00:11Z")]
    [InlineData("TZ=Europe/Paris 0 12 * * *", "2026-07-01T00:00:00Z", "2026-07-01T10:00:00Z")]
    [InlineData("CRON_TZ=Asia/Tokyo 0 12 * * *", "2026-07-01T00:00:00Z", "2026-07-01T03:00:00Z")]
    public void The_next_time_is_the_first_that_fits(string schedule, string after, string next) =>
        Assert.Equal(At(next), CronSchedule.Parse(schedule, TimeZoneInfo.Utc).Next(At(after)));

    [Theory]
    [InlineData("30 2 * * *", "2026-03-29T00:00:00Z", "2026-03-30T00:30:00Z")] // half past two does not happen on that day
    [InlineData("30 2 * * *", "2026-10-24T23:00:00Z", "2026-10-25T00:30:00Z")] // and happens twice on this one
    [InlineData("30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("0 0 * * *", "2026-03-28T23:30:00Z", "2026-03-29T22:00:00Z")]
    [InlineData("0 0 * * *", "2026-10-25T12:00:00Z", "2026-10-25T23:00:00Z")]
    public void What_the_clock_skips_does_not_happen_and_what_it_repeats_happens_twice(string schedule, string after, string next) =>
        Assert.Equal(At(next), CronSchedule.Parse(schedule, CronSchedule.Zone("Europe/Paris")).Next(At(after)));

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("* * * * * *")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("* * 0 * *")]
    [InlineData("* * * 13 *")]
    [InlineData("* * * * 7")]
    [InlineData("*/0 * * * *")]
    [InlineData("5-1 * * * *")]
    [InlineData("1-2-3 * * * *")]
    [InlineData("x * * * *")]
    [InlineData("@often")]
    [InlineData("@every soon")]
    public void A_schedule_that_makes_no_sense_is_refused(string schedule) => Assert.Throws<FormatException>(() => CronSchedule.Parse(schedule, TimeZoneInfo.Utc));

    [Fact]
    public void A_day_that_never_comes_has_no_next_time() => Assert.Null(CronSchedule.Parse("0 0 31 2 *", TimeZoneInfo.Utc).Next(At("2026-01-01T00:00:00Z")));

    private static CronJob Job(string created, string? last = null, long? deadline = null) => new()
    {
        Metadata = new() { CreationTimestamp = At(created) },
        Spec = new() { StartingDeadlineSeconds = deadline },
        Status = new() { LastScheduleTime = last is null ? null : At(last) },
    };

    [Theory]
    [InlineData("2026-01-01T00:00:30Z", null, null, "2026-01-01T00:00:40Z", null, 0)]
    [InlineData("2026-01-01T00:00:30Z", null, null, "2026-01-01T00:01:00Z", "2026-01-01T00:01:00Z", 0)]
    [InlineData("2026-01-01T00:00:30Z", "2026-01-01T00:05:00Z", null, "2026-01-01T00:05:30Z", null, 0)]
    [InlineData("2026-01-01T00:00:30Z", "2026-01-01T00:05:00Z", null, "2026-01-01T00:09:30Z", "2026-01-01T00:09:00Z", 4)]
    [InlineData("2026-01-01T00:00:30Z", null, null, "2026-01-02T00:00:30Z", "2026-01-02T00:00:00Z", 1440)]
    [InlineData("2026-01-01T00:00:30Z", null, 200L, "2026-01-02T00:00:30Z", "2026-01-02T00:00:00Z", 3)]
    public void The_last_time_that_passed_is_due_and_those_before_are_counted(string created, string? last, long? deadline, string now, string? due, long missed)
    {
        var times = StartTimes.Of(Job(created, last, deadline), CronSchedule.Parse("* * * * *", TimeZoneInfo.Utc), At(now), mindDeadline: true)!.Value;
        Assert.Equal(due is null ? null : At(due), times.Recent);
        Assert.Equal(missed, times.Missed);
    }
}
