using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk.Tests.Fakes;

namespace Coracle.Sdk.Tests;

public sealed class InformerTests
{
    private readonly SimulationLoop loop = new(7);
    private readonly FakeServer server;
    private readonly Client client;
    private readonly CancellationTokenSource stop = new();

    public InformerTests()
    {
        server = new(loop);
        client = new(server.NewTransport(), new() { Time = loop.Time, Random = new Random(7) });
    }

    private Informer<ConfigMap> Start(InformerOptions? options = null, CacheScope? scope = null)
    {
        var set = new InformerSet(client, options);
        var informer = set.For<ConfigMap>(scope);
        loop.Inside(() => set.Start(stop.Token));
        return informer;
    }

    private static JsonObject Map(string name, string value = "") => new()
    {
        ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = new JsonObject { ["namespace"] = "a", ["name"] = name }, ["data"] = new JsonObject { ["v"] = value },
    };

    private bool Sees(Informer<ConfigMap> informer, string name) => informer.Get(new("a", name)) is not null;

    [Fact]
    public void A_watch_that_says_nothing_is_replaced_without_a_new_list()
    {
        server.Bookmarks = false;
        var informer = Start(new() { WatchTimeout = TimeSpan.FromDays(1) });
        loop.RunFor(TimeSpan.FromSeconds(1));
        server.StallAll();
        server.Put("configmaps", Map("x"));
        loop.RunFor(TimeSpan.FromSeconds(100));
        Assert.False(Sees(informer, "x"));
        Assert.True(loop.RunUntil(() => Sees(informer, "x"), TimeSpan.FromSeconds(60)));
        Assert.Equal(1, server.Lists);
    }

    [Fact]
    public void A_handler_that_comes_late_is_told_the_state_first()
    {
        server.Put("configmaps", Map("x"));
        var informer = Start();
        loop.RunFor(TimeSpan.FromSeconds(1));
        var mirror = new Mirror<ConfigMap>();
        informer.Subscribe(mirror.Apply);
        server.Put("configmaps", Map("y"));
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal([true, false], mirror.Deltas.Select(d => d.Initial));
        Assert.Equal(["x", "y"], mirror.Objects.Keys.Select(k => k.Name));
    }

    [Fact]
    public void A_handler_that_throws_takes_nothing_from_the_others()
    {
        var informer = Start();
        var mirror = new Mirror<ConfigMap>();
        informer.Subscribe(_ => throw new InvalidOperationException("mine"));
        informer.Subscribe(mirror.Apply);
        server.Put("configmaps", Map("x"));
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Single(mirror.Objects);
    }

    [Fact]
    public void A_handler_that_was_disposed_hears_no_more()
    {
        var informer = Start();
        var mirror = new Mirror<ConfigMap>();
        informer.Subscribe(mirror.Apply).Dispose();
        server.Put("configmaps", Map("x"));
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Empty(mirror.Deltas);
    }

    [Fact]
    public void A_resync_tells_every_object_once_a_period_and_not_all_at_once()
    {
        for (var i = 0; i < 100; i++) server.Put("configmaps", Map($"n{i}"));
        var informer = Start();
        loop.RunFor(TimeSpan.FromSeconds(1));
        var told = new List<(DateTimeOffset At, string Name)>();
        informer.Subscribe(d =>
        {
            if (d.Resync) told.Add((loop.Time.GetUtcNow(), d.Key.Name));
        }, TimeSpan.FromMinutes(10));
        loop.RunFor(TimeSpan.FromMinutes(10));
        Assert.Equal(100, told.Select(t => t.Name).Distinct().Count());
        Assert.Equal(100, told.Count);
        Assert.True(told.GroupBy(t => t.At).Max(g => g.Count()) < 20);
    }

    [Fact]
    public void An_index_finds_by_value_before_and_after_changes()
    {
        server.Put("configmaps", Map("x", "red"));
        var informer = Start();
        loop.RunFor(TimeSpan.FromSeconds(1));
        var index = informer.Index("v", m => [m.Data!["v"]]);
        Assert.Same(index, informer.Index("v", m => []));
        Assert.Equal("x", Assert.Single(index.Get("red")).Metadata.Name);
        server.Put("configmaps", Map("x", "blue"));
        server.Put("configmaps", Map("y", "blue"));
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Empty(index.Get("red"));
        Assert.Equal(2, index.Get("blue").Count);
        server.Remove("configmaps", new("a", "x"));
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal("y", Assert.Single(index.Get("blue")).Metadata.Name);
    }

    [Fact]
    public void Waiting_for_a_version_ends_when_the_cache_shows_it()
    {
        var informer = Start();
        loop.RunFor(TimeSpan.FromSeconds(1));
        server.StallAll();
        var written = loop.Run(() => client.CreateAsync(new ConfigMap { Metadata = new() { Namespace = "a", Name = "x" } }).AsTask());
        var wait = informer.WaitForAsync(written.Metadata.ResourceVersion);
        loop.RunFor(TimeSpan.FromSeconds(5));
        Assert.False(wait.IsCompleted);
        server.CutAll();
        Assert.True(loop.RunUntil(() => wait.IsCompletedSuccessfully, TimeSpan.FromSeconds(5)));
        Assert.NotNull(informer.Get(new("a", "x")));
    }

    [Fact]
    public void A_bookmark_alone_ends_the_wait_for_its_version()
    {
        var informer = Start();
        loop.RunFor(TimeSpan.FromSeconds(1));
        server.Put("secrets", Map("elsewhere"));
        var wait = informer.WaitForAsync($"{server.Revision}");
        server.Bookmark();
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.True(wait.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_list_whose_pages_expired_is_read_at_once()
    {
        for (var i = 0; i < 10; i++) server.Put("configmaps", Map($"n{i}"));
        server.Latency = TimeSpan.FromSeconds(1);
        var informer = Start(new() { PageSize = 2 });
        Assert.True(loop.RunUntil(() => server.Lists == 2, TimeSpan.FromMinutes(1)));
        server.Compact();
        Assert.True(loop.RunUntil(() => informer.Count == 10, TimeSpan.FromMinutes(1)));
        Assert.Contains(server.Calls, c => c.Method == "GET" && c.Query.Length == 0);
    }

    [Fact]
    public void A_cache_of_metadata_asks_for_no_more_and_holds_any_kind()
    {
        server.Put("configmaps", Map("x"));
        var set = new InformerSet(client);
        var informer = set.Metadata(new ApiResource("", "v1", "configmaps", "ConfigMap", true));
        loop.Inside(() => set.Start(stop.Token));
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(("v1", "ConfigMap", "x"), (informer.List()[0].ApiVersion, informer.List()[0].Kind, informer.List()[0].Metadata.Name));
        Assert.All(server.Calls, c => Assert.StartsWith("application/json;as=PartialObjectMetadata", c.Accept));
    }

    [Fact]
    public void A_dynamic_cache_keeps_what_the_server_sends()
    {
        server.Put("configmaps", Map("x", "red"));
        var set = new InformerSet(client);
        var informer = set.Dynamic(new ApiResource("", "v1", "configmaps", "ConfigMap", true));
        loop.Inside(() => set.Start(stop.Token));
        loop.RunFor(TimeSpan.FromSeconds(1));
        var cached = informer.List()[0];
        var copy = DynamicCodec.Instance.DeepCopy(cached);
        copy["data"]!["v"] = "green";
        var updated = loop.Run(() => client.Dynamic(informer.Resource).UpdateAsync(copy).AsTask());
        Assert.Equal("green", updated["data"]!["v"]!.ToString());
        Assert.Equal("red", cached["data"]!["v"]!.ToString());
    }

    [Fact]
    public void An_informer_asked_for_twice_is_one_and_lists_once()
    {
        var set = new InformerSet(client);
        Assert.Same(set.For<ConfigMap>(), set.For<ConfigMap>(new CacheScope()));
        loop.Inside(() => set.Start(stop.Token));
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(1, server.Lists);
    }

    [Fact]
    public void An_informer_asked_for_after_the_start_starts_at_once()
    {
        var set = new InformerSet(client);
        loop.Inside(() => set.Start(stop.Token));
        Informer<ConfigMap> informer = null!;
        loop.Inside(() => informer = set.For<ConfigMap>());
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.True(informer.HasSynced);
    }

    [Fact]
    public void A_server_that_is_away_is_asked_less_and_less()
    {
        server.Down = true;
        var informer = Start();
        loop.RunFor(TimeSpan.FromMinutes(10));
        Assert.InRange(server.Calls.Count, 10, 40);
        Assert.False(informer.HasSynced);
        Assert.IsType<TransportException>(informer.Failure);
        server.Down = false;
        Assert.True(loop.RunUntil(() => informer.HasSynced, TimeSpan.FromSeconds(61)));
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Null(informer.Failure);
    }
}
