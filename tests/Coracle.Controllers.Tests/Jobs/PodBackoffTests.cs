using Coracle.Controllers.Jobs;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests.Jobs;

public sealed class PodBackoffTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static Pod Ended(int second) => new() { Status = new() { ContainerStatuses = [new() { State = new() { Terminated = new() { FinishedAt = Start.AddSeconds(second) } } }] } };

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(5, 160)]
    [InlineData(7, 600)]
    [InlineData(1000, 600)]
    public void The_wait_doubles_up_to_ten_minutes(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new PodBackoff(failures, Start).Remaining(Start));

    [Fact]
    public void Time_that_passed_since_the_last_failure_counts() => Assert.Equal(TimeSpan.FromSeconds(4), new PodBackoff(1, Start).Remaining(Start.AddSeconds(6)));

    [Fact]
    public void Only_failures_after_the_last_success_count()
    {
        var backoff = new PodBackoff(3, Start).After([Ended(20)], [Ended(10), Ended(30), Ended(25)]);
        Assert.Equal(new PodBackoff(2, Start.AddSeconds(30)), backoff);
        Assert.Equal(default, backoff.After([Ended(40)], []));
        Assert.Equal(new PodBackoff(3, Start.AddSeconds(50)), backoff.After([], [Ended(50)]));
    }
}
