using Coracle.Controllers.CronJobs;
using Coracle.Kinds.Batch.V1;

namespace Coracle.Fuzz.Tests.Findings;

public sealed class ScheduleFindings
{
    [Theory, InlineData("@every 92233720368547758071h30m"), InlineData("@every 2562048h")]
    public void A_duration_longer_than_Gos_is_no_schedule(string schedule)
    {
        Assert.StartsWith("failed to parse duration", CronForm.Problem(schedule), StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => CronSchedule.Parse(schedule, TimeZoneInfo.Utc));
    }

    [Theory, InlineData("+0 * * * *"), InlineData("*/99999 * * * *"), InlineData("5/2147483647 * * * *"), InlineData("@every 2562047h"), InlineData("0 0 * *-02-30T00:00:00Z *")]
    public void What_validation_takes_for_a_schedule_has_a_next_time(string schedule)
    {
        Assert.Null(CronForm.Problem(schedule));
        Assert.NotNull(CronSchedule.Parse(schedule, TimeZoneInfo.Utc).Next(DateTimeOffset.UnixEpoch));
    }
}
