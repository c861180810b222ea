using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Upkeep;

public sealed class WatchWaitTests
{
    private static async Task<WatchStream> Open(Api api, string more = "")
    {
        var request = new TestRequest([], new()) { Method = "GET", Path = Api.ConfigMaps, Query = $"watch=true&resourceVersion={api.Revision}{more}", Identity = Api.Admin };
        return ((WatchBody)(await api.Server.HandleAsync(request, CancellationToken.None)).Body).Stream;
    }

    [Fact]
    public async Task A_wait_ends_with_every_change_again_and_again()
    {
        await using var api = await Api.StartAsync();
        using var watch = await Open(api);
        for (var i = 0; i < 20; i++)
        {
            var wait = watch.WaitAsync(CancellationToken.None).AsTask();
            Assert.False(wait.IsCompleted);
            await api.CreateConfigMap($"c-{i}");
            Assert.True(await wait);
            Assert.True(watch.TryTake(out var frame));
            Assert.Equal("ADDED", frame.Type);
            Assert.False(watch.TryTake(out _));
        }
    }

    [Fact]
    public async Task A_change_of_another_resource_does_not_wake()
    {
        await using var api = await Api.StartAsync();
        using var watch = await Open(api);
        var wait = watch.WaitAsync(CancellationToken.None).AsTask();
        await api.CreatePod("p");
        Assert.False(wait.IsCompleted);
        await api.CreateConfigMap("c");
        Assert.True(await wait);
    }

    [Fact]
    public async Task A_watch_ends_at_its_time_whether_or_not_there_were_changes()
    {
        await using var api = await Api.StartAsync();
        using var watch = await Open(api, "&timeoutSeconds=30");
        var wait = watch.WaitAsync(CancellationToken.None).AsTask();
        await api.CreateConfigMap("c");
        Assert.True(await wait);
        while (watch.TryTake(out _))
        {
        }
        wait = watch.WaitAsync(CancellationToken.None).AsTask();
        api.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(wait.IsCompleted);
        api.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await wait);
    }

    [Fact]
    public async Task Bookmarks_come_every_minute_although_the_wait_is_one()
    {
        await using var api = await Api.StartAsync();
        using var watch = await Open(api, "&allowWatchBookmarks=true");
        for (var i = 0; i < 3; i++)
        {
            var wait = watch.WaitAsync(CancellationToken.None).AsTask();
            api.Time.Advance(TimeSpan.FromSeconds(60));
            Assert.True(await wait);
            Assert.True(watch.TryTake(out var frame));
            Assert.Equal("BOOKMARK", frame.Type);
        }
    }

    [Fact]
    public async Task A_cancelled_wait_ends_at_once()
    {
        await using var api = await Api.StartAsync();
        using var watch = await Open(api);
        using var cancel = new CancellationTokenSource();
        var wait = watch.WaitAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }
}
