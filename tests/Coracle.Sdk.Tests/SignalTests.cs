namespace Coracle.Sdk.Tests;

public sealed class SignalTests
{
    private readonly SimulationLoop loop = new(1);
    private readonly Signal signal = new();

    private Task<bool> Wait(double seconds, CancellationToken cancel = default)
    {
        Task<bool>? waiting = null;
        _ = loop.Start(() => waiting = signal.WaitAsync(TimeSpan.FromSeconds(seconds), loop.Time, cancel));
        return waiting!;
    }

    [Fact]
    public void Set_before_the_wait_ends_it_at_once_and_only_once()
    {
        signal.Set();
        signal.Set();
        Assert.True(Wait(10).IsCompletedSuccessfully);
        Assert.False(Wait(10).IsCompleted);
    }

    [Fact]
    public async Task Set_during_the_wait_ends_it()
    {
        var waiting = Wait(10);
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.False(waiting.IsCompleted);
        signal.Set();
        loop.RunReady();
        Assert.True(await waiting);
    }

    [Fact]
    public async Task The_limit_ends_a_wait_and_what_is_set_after_it_is_kept_for_the_next()
    {
        var waiting = Wait(10);
        loop.Inside(() => loop.Time.AdvanceToNextTimer(TimeSpan.FromSeconds(10)));
        signal.Set();
        loop.RunReady();
        Assert.False(await waiting);
        Assert.True(await Wait(10));
    }

    [Fact]
    public void A_cancelled_wait_throws_and_leaves_the_signal_usable()
    {
        using var cancel = new CancellationTokenSource();
        var waiting = Wait(10, cancel.Token);
        loop.Inside(cancel.Cancel);
        loop.RunReady();
        Assert.True(waiting.IsCanceled);
        signal.Set();
        Assert.True(Wait(10).IsCompletedSuccessfully);
    }
}
