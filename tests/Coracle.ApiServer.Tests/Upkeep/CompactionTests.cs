using Coracle.Hosting;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;
using Coracle.Store;

namespace Coracle.ApiServer.Tests.Upkeep;

public sealed class CompactionTests : IDisposable
{
    private readonly SimulationLoop _loop = new(1);
    private readonly MemoryStore _store = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ControlPlane _plane;
    private readonly Client _client;
    private Task _compaction = Task.CompletedTask;

    public CompactionTests()
    {
        _plane = new ControlPlane(new ControlPlaneOptions { Store = _store, Clock = _loop.Time, Random = new Random(1) });
        _client = _plane.Client(Support.Api.Admin, "test");
        Create("before");
        Run(new Compaction(_plane.Server, static error => Assert.Fail(error)));
    }

    private void Run(Compaction compaction) => _compaction = _loop.Start(() => compaction.RunAsync(_stop.Token));

    private long Create(string name)
    {
        var created = _loop.Start(async () => await _client.CreateAsync(new Namespace { Metadata = new() { Name = name } }));
        _loop.RunReady();
        Assert.True(created.IsCompletedSuccessfully);
        return _store.Revision;
    }

    private ApiResponse Watch(long from)
    {
        var answer = _plane.Server.HandleAsync(new Support.TestRequest([], new())
        {
            Method = "GET", Path = "/api/v1/namespaces", Query = $"watch=true&resourceVersion={from}", Identity = Support.Api.Admin,
        }, CancellationToken.None);
        Assert.True(answer.IsCompletedSuccessfully);
        return answer.Result;
    }

    private bool IsTooOld(long from) => ((WatchBody)Watch(from).Body).Stream.TryTake(out var frame) && frame.Type == "ERROR";

    [Fact]
    public void What_is_older_than_an_interval_is_forgotten_by_the_store_and_by_watches()
    {
        var old = Create("old");
        _loop.RunFor(Compaction.Every);
        var recent = Create("recent");
        Assert.False(IsTooOld(old - 1));
        _loop.RunFor(Compaction.Every);
        Assert.Equal(old, _store.CompactedRevision);
        Assert.True(IsTooOld(old - 1));
        Assert.False(IsTooOld(old));
        Assert.False(IsTooOld(recent - 1));
    }

    [Fact]
    public void The_objects_are_untouched()
    {
        var old = Create("old");
        Create("new");
        _loop.RunFor(Compaction.Every * 3);
        Assert.True(_store.CompactedRevision > old);
        Assert.Equal(["before", "new", "old"], _plane.Server.Cache.Resource("namespaces").Current.Objects.From("").Select(o => o.Name));
        Assert.Equal(3, _store.Load().Count(o => o.Key.StartsWith("namespaces/", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_watch_that_was_there_all_the_time_goes_on_without_a_gap()
    {
        var watch = ((WatchBody)Watch(_store.Revision).Body).Stream;
        Create("one");
        Assert.True(watch.TryTake(out _));
        _loop.RunFor(Compaction.Every * 3);
        Create("two");
        Assert.True(watch.TryTake(out var frame));
        Assert.Equal("ADDED", frame.Type);
    }

    [Fact]
    public void An_idle_cluster_is_left_alone()
    {
        _loop.RunFor(Compaction.Every * 2);
        var compacted = _store.CompactedRevision;
        Assert.Equal(_store.Revision, compacted);
        var revision = _store.Revision;
        _loop.RunFor(Compaction.Every * 20);
        Assert.Equal((revision, compacted), (_store.Revision, _store.CompactedRevision));
    }

    public void Dispose()
    {
        _loop.Start(() =>
        {
            _stop.Cancel();
            return Task.CompletedTask;
        });
        _loop.RunReady();
        Assert.True(_compaction.IsCanceled);
        _stop.Dispose();
    }
}
