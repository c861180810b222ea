using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk.Tests.Fakes;

namespace Coracle.Sdk.Tests;

/// <summary>Informers against a server that breaks in every way, by seed.</summary>
public sealed class InformerFaultTests
{
    [Theory]
    [InlineData(false, 1000)]
    [InlineData(true, 300)]
    public void However_the_server_breaks_the_cache_comes_to_its_state_and_the_deltas_replay_to_it(bool stream, int seeds)
    {
        for (var seed = 1; seed <= seeds; seed++)
        {
            try
            {
                Run(seed, stream);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}: {failure.Message}", failure);
            }
        }
    }

    private static void Run(int seed, bool stream)
    {
        var loop = new SimulationLoop(seed);
        var server = new FakeServer(loop) { Latency = TimeSpan.FromMilliseconds(loop.Random.Next(3) * 40), Bookmarks = loop.Random.Next(4) > 0 };
        var client = new Client(server.NewTransport(), new() { Time = loop.Time, Random = new Random(seed) });
        var informers = new InformerSet(client, new() { PageSize = loop.Random.Next(4), StreamInitialList = stream });
        var everything = informers.For<ConfigMap>();
        var some = informers.For<ConfigMap>(new() { Namespace = "a", LabelSelector = "color=red" });
        var (mirror, late, filtered) = (new Mirror<ConfigMap>(), new Mirror<ConfigMap>(), new Mirror<ConfigMap>());
        everything.Subscribe(mirror.Apply);
        some.Subscribe(filtered.Apply);
        using var stop = new CancellationTokenSource();
        loop.Inside(() => informers.Start(stop.Token));
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 25; i++) Disturb(loop, server);
            Heal(server);
            if (round == 1) everything.Subscribe(late.Apply);
            Assert.True(loop.RunUntil(() => Caught(server, everything, some), TimeSpan.FromMinutes(30)), "the caches did not catch up");
            AssertSame(server.All("configmaps"), everything.List());
            AssertSame(server.All("configmaps"), mirror.Objects.Values);
            AssertSame(server.All("configmaps").Where(IsRedInA), some.List());
            AssertSame(server.All("configmaps").Where(IsRedInA), filtered.Objects.Values);
            if (round > 0) AssertSame(server.All("configmaps"), late.Objects.Values);
        }
        loop.Inside(stop.Cancel);
        Assert.True(loop.RunUntil(() => informers.WaitForEndAsync().IsCompletedSuccessfully, TimeSpan.FromMinutes(5)), "the informers did not end");
    }

    private static void Disturb(SimulationLoop loop, FakeServer server)
    {
        var key = new Key(loop.Random.Next(2) == 0 ? "a" : "b", $"n{loop.Random.Next(6)}");
        switch (loop.Random.Next(20))
        {
            case < 8: server.Put("configmaps", NewObject(loop, server, key)); break;
            case < 11: server.Remove("configmaps", key); break;
            case 11: server.CutAll(); break;
            case 12: server.StallAll(); break;
            case 13: server.Compact(); break;
            case 14: server.Down = !server.Down; server.CutAll(); break;
            case 15: server.LossPerMille = loop.Random.Next(500); break;
            case 16: server.Bookmark(); break;
            case 17: loop.RunFor(TimeSpan.FromSeconds(loop.Random.Next(200))); break;
            default: loop.RunFor(TimeSpan.FromMilliseconds(loop.Random.Next(500))); break;
        }
    }

    private static void Heal(FakeServer server)
    {
        server.Down = false;
        server.LossPerMille = 0;
        server.Put("configmaps", new() { ["metadata"] = new JsonObject { ["namespace"] = "a", ["name"] = "last", ["labels"] = new JsonObject { ["color"] = "red" } } });
    }

    private static bool Caught(FakeServer server, params Informer[] informers) =>
        informers.All(i => i.HasSynced && ulong.TryParse(i.ResourceVersion, out var v) && v >= (ulong)server.Revision);

    private static JsonObject NewObject(SimulationLoop loop, FakeServer server, Key key)
    {
        var meta = new JsonObject { ["namespace"] = key.Namespace, ["name"] = key.Name, ["labels"] = new JsonObject { ["color"] = loop.Random.Next(2) == 0 ? "red" : "blue" } };
        return new() { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = meta, ["data"] = new JsonObject { ["at"] = $"{server.Revision}" } };
    }

    private static bool IsRedInA(JsonObject obj) => obj["metadata"]!["namespace"]!.GetValue<string>() == "a" && obj["metadata"]!["labels"]!["color"]!.GetValue<string>() == "red";

    private static void AssertSame(IEnumerable<JsonObject> expected, IEnumerable<ConfigMap> actual) => Assert.Equal(
        expected.Select(o => $"{o["metadata"]!["namespace"]}/{o["metadata"]!["name"]} {o["metadata"]!["uid"]} {o["metadata"]!["resourceVersion"]} {o["data"]?["at"]}").Order(StringComparer.Ordinal),
        actual.Select(o => $"{Key.Of(o)} {o.Metadata.Uid} {o.Metadata.ResourceVersion} {o.Data?.GetValueOrDefault("at")}").Order(StringComparer.Ordinal));
}
