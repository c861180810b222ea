using Coracle.Controllers.CronJobs;

namespace Coracle.Fuzz.Tests.Targets;

internal static class Schedules
{
    /// <summary>The next few times, each after the one before.</summary>
    public static void Follow(CronSchedule schedule)
    {
        var at = new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.Zero);
        for (var i = 0; i < 3 && schedule.Next(at) is { } next; i++)
        {
            Fuzzing.Sound.True(next > at, "the next time is later");
            at = next;
        }
    }
}
