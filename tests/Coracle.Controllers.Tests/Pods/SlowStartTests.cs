using Coracle.Controllers.Pods;

namespace Coracle.Controllers.Tests.Pods;

public sealed class SlowStartTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(10, 10)]
    [InlineData(500, 500)]
    public async Task What_works_is_done_as_often_as_asked(int count, int expected)
    {
        var calls = 0;
        var outcome = await SlowStart.RunAsync(count, () =>
        {
            calls++;
            return default;
        });
        Assert.Equal((expected, expected, (Exception?)null), (calls, outcome.Succeeded, outcome.Failure));
    }

    [Theory]
    // the call that fails, and how many were made until then: 1, 1+2, 1+2+4, ...
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 3)]
    [InlineData(4, 7)]
    [InlineData(100, 127)]
    public async Task After_a_failure_its_batch_ends_and_nothing_more_is_tried(int failing, int expectedCalls)
    {
        var calls = 0;
        var outcome = await SlowStart.RunAsync(1000, () => ++calls == failing ? throw new InvalidOperationException("no") : default);
        Assert.Equal((expectedCalls, expectedCalls - 1, "no"), (calls, outcome.Succeeded, outcome.Failure?.Message));
    }
}
