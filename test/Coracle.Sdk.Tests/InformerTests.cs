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
}
