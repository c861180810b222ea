using System.Net;
using Coracle.Node.Network.Tests.Support;
using Coracle.Node.Proxy;
using static Coracle.Node.Network.Tests.Support.Specs;

namespace Coracle.Node.Network.Tests.Proxy;

/// <summary>When what is loaded, on a clock that the test moves and a kernel that only records.</summary>
public sealed class ServiceProxyTests
{
    private readonly ManualTime _time = new();
    private readonly NetworkDirectory _directory = new();
    private readonly RecordingKernel _kernel = new(keep: 100);
    private readonly ProxyOptions _options = Options.Node with { MinInterval = TimeSpan.FromSeconds(1), RetryDelay = TimeSpan.FromSeconds(1) };

    private ServiceProxy NewProxy() => new(_options, _directory, _kernel, _time);

    private void SetEndpoints(params int[] numbers) => _directory.Change(now => now
        .WithService(Service("web", "10.96.0.7"))
        .WithSlice(Slice("web", 8080, [.. numbers.Select(n => Endpoint($"10.244.1.{n}"))])));

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }

    /// <summary>Runs a proxy while the test's steps happen, then ends it.</summary>
    private async Task WhileRunningAsync(Func<ServiceProxy, Task> steps)
    {
        using var stopping = new CancellationTokenSource();
        var proxy = NewProxy();
        var running = proxy.RunAsync(stopping.Token);
        await steps(proxy);
        await stopping.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Nothing_is_loaded_before_the_first_list_is_complete()
    {
        SetEndpoints(2);
        var proxy = NewProxy();

        await proxy.SyncAsync(CancellationToken.None);
        Assert.Empty(_kernel.Scripts);
        Assert.False(proxy.Status.IsHealthy);

        _directory.MarkComplete();
        await proxy.SyncAsync(CancellationToken.None);
        Assert.Contains("delete table", Assert.Single(_kernel.Scripts));
        Assert.True(proxy.Status.IsHealthy);
    }

    [Fact]
    public async Task After_the_first_load_only_differences_are_loaded()
    {
        _directory.MarkComplete();
        SetEndpoints(2);
        var proxy = NewProxy();
        await proxy.SyncAsync(CancellationToken.None);

        SetEndpoints(2, 3);
        await proxy.SyncAsync(CancellationToken.None);
        SetEndpoints(2, 3);
        await proxy.SyncAsync(CancellationToken.None);

        Assert.Equal(2, _kernel.Scripts.Length);
        Assert.DoesNotContain("table", _kernel.Scripts[1].Replace(_options.Table, ""));
        Assert.Equal((1, 1), (proxy.Status.FullLoads, proxy.Status.IncrementalLoads));
    }

    [Fact]
    public async Task The_first_change_is_loaded_at_once_and_further_ones_together_after_the_interval()
    {
        _directory.MarkComplete();
        await WhileRunningAsync(async _ =>
        {
            await UntilAsync(() => _kernel.Transactions == 1 && _time.PendingTimers == 1);
            SetEndpoints(2);
            SetEndpoints(2, 3);
            SetEndpoints(2, 3, 4);
            Assert.Equal(1, _kernel.Transactions);

            _time.Advance(TimeSpan.FromSeconds(1));
            await UntilAsync(() => _kernel.Transactions == 2 && _time.PendingTimers == 1);

            Assert.Contains("10.244.1.4:8080", _kernel.Scripts[1]);
        });

        Assert.Equal(2, _kernel.Transactions);
    }

    [Fact]
    public async Task A_failed_load_is_retried_in_full_with_growing_delay()
    {
        _directory.MarkComplete();
        _kernel.FailWith = "nft: busy";
        await WhileRunningAsync(async proxy =>
        {
            await UntilAsync(() => _kernel.Transactions == 1 && _time.PendingTimers == 1);
            Assert.Equal("nft: busy", proxy.Status.LastError);

            _time.Advance(TimeSpan.FromSeconds(1));
            await UntilAsync(() => _kernel.Transactions == 2 && _time.PendingTimers == 1);
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(1, _time.PendingTimers);
            Assert.Equal(2, _kernel.Transactions);
            _kernel.FailWith = null;
            _time.Advance(TimeSpan.FromSeconds(1));
            await UntilAsync(() => proxy.Status.IsHealthy);

            Assert.Equal(3, _kernel.Transactions);
            Assert.All(_kernel.Scripts, s => Assert.Contains("delete table", s));
            Assert.Null(proxy.Status.LastError);
        });
    }

    [Fact]
    public async Task A_failed_change_is_made_good_by_a_full_load()
    {
        _directory.MarkComplete();
        SetEndpoints(2);
        var proxy = NewProxy();
        await proxy.SyncAsync(CancellationToken.None);
        _kernel.FailWith = "nft: No such file or directory";
        SetEndpoints(3);
        await proxy.SyncAsync(CancellationToken.None);
        _kernel.FailWith = null;

        await proxy.SyncAsync(CancellationToken.None);

        Assert.Contains("delete table", _kernel.Scripts[^1]);
        Assert.Contains("10.244.1.3:8080", _kernel.Scripts[^1]);
    }

    [Fact]
    public async Task Chains_no_longer_used_are_deleted_in_a_quiet_moment_unless_taken_up_again()
    {
        _directory.MarkComplete();
        SetEndpoints(2, 3);
        await WhileRunningAsync(async _ =>
        {
            await UntilAsync(() => _kernel.Transactions == 1 && _time.PendingTimers == 1);
            SetEndpoints(9);
            _time.Advance(TimeSpan.FromSeconds(1));
            await UntilAsync(() => _kernel.Transactions == 2 && _time.PendingTimers == 1);
            SetEndpoints(2, 9);
            _time.Advance(TimeSpan.FromSeconds(1));
            await UntilAsync(() => _kernel.Transactions == 3 && _time.PendingTimers == 1);
            _time.Advance(TimeSpan.FromSeconds(1)); // the interval
            await UntilAsync(() => _time.PendingTimers == 1);
            _time.Advance(TimeSpan.FromSeconds(2)); // quiet
            await UntilAsync(() => _kernel.Transactions == 4);
        });

        var swept = _kernel.Scripts[3].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("delete chain", Assert.Single(swept));
    }

    [Fact]
    public async Task Flows_that_lead_nowhere_are_forgotten_when_a_UDP_service_changes()
    {
        static UdpFlow Flow(string answeredBy) => new(IPEndPoint.Parse("10.244.1.9:4000"), IPEndPoint.Parse("10.96.0.10:53"), IPAddress.Parse(answeredBy));
        _directory.MarkComplete();
        _directory.Change(now => now.WithService(Service("dns", "10.96.0.10", Udp(53))).WithSlice(Slice("dns", [UdpPort(53)], Endpoint("10.244.1.2"))));
        _kernel.Flows = [Flow("10.244.1.2"), Flow("10.244.1.3")];
        var proxy = NewProxy();

        await proxy.SyncAsync(CancellationToken.None);
        Assert.Equal([Flow("10.244.1.2")], _kernel.Flows);

        _directory.Change(now => now.WithSlice(Slice("dns", [UdpPort(53)], Endpoint("10.244.1.4"))));
        await proxy.SyncAsync(CancellationToken.None);
        Assert.Empty(_kernel.Flows);
    }

    [Fact]
    public async Task After_a_teardown_everything_is_loaded_anew()
    {
        _directory.MarkComplete();
        var proxy = NewProxy();
        await proxy.SyncAsync(CancellationToken.None);
        await proxy.TeardownAsync(CancellationToken.None);
        await proxy.SyncAsync(CancellationToken.None);

        Assert.Equal($"add table {_options.Table}\ndelete table {_options.Table}\n", _kernel.Scripts[1]);
        Assert.Equal(_kernel.Scripts[0], _kernel.Scripts[2]);
    }
}
