using System.Text.Json.Nodes;
using Coracle.Sdk.Tests.Examples;
using Coracle.Sdk.Tests.Fakes;

namespace Coracle.Sdk.Tests;

/// <summary>The example controller against a server that breaks, by seed.</summary>
public sealed class ControllerFaultTests
{
    [Fact]
    public void A_controller_that_creates_by_generated_names_creates_none_too_many_however_slow_its_watches_are()
    {
        for (var seed = 1; seed <= 150; seed++)
        {
            // Watches break, stall and lag; answers to writes are not lost: what is not known to be written is written again.
            var run = new Run(seed) { LosesAnswers = false };
            run.Go();
            Assert.True(run.Created == run.Wanted, $"seed {seed}: {run.Created} pods were created where {run.Wanted} were wanted");
        }
    }

    [Fact]
    public void A_controller_reaches_what_is_wanted_whatever_breaks()
    {
        for (var seed = 1; seed <= 150; seed++) new Run(seed) { LosesAnswers = true }.Go();
    }

    [Fact]
    public void A_run_repeats_by_its_seed()
    {
        var (a, b, c) = (new Run(5) { LosesAnswers = true }, new Run(5) { LosesAnswers = true }, new Run(6) { LosesAnswers = true });
        a.Go();
        b.Go();
        c.Go();
        Assert.Equal(a.Trace, b.Trace);
        Assert.NotEqual(a.Trace, c.Trace);
    }

    private sealed class Run(int seed)
    {
        private readonly SimulationLoop loop = new(seed);
        private FakeServer server = null!;

        public bool LosesAnswers { get; init; }
        public int Wanted { get; private set; }
        public int Created => server.Calls.Count(c => c is { Method: "POST", Path: var path } && path.EndsWith("/pods", StringComparison.Ordinal));
        public string Trace => string.Join('\n', server.Calls.Select(c => $"{c.Method} {c.Path}?{c.Query}"));

        public void Go()
        {
            server = new(loop) { Latency = TimeSpan.FromMilliseconds(200) };
            using var stop = new CancellationTokenSource();
            var running = Start(stop.Token);
            for (var i = 0; i < 4; i++)
            {
                var replicas = 1 + loop.Random.Next(4);
                Wanted += replicas;
                server.Put("replicasets", Set($"set-{i}", replicas));
            }
            for (var i = 0; i < 60; i++) Disturb();
            (server.Down, server.LossPerMille) = (false, 0);
            server.CutAll();
            Assert.True(loop.RunUntil(Converged, TimeSpan.FromHours(2)), $"seed {seed}: the controller did not converge");
            loop.Inside(stop.Cancel);
            Assert.True(loop.RunUntil(() => running.IsCompleted, TimeSpan.FromMinutes(2)), $"seed {seed}: the host did not stop");
            Assert.True(running.IsCompletedSuccessfully);
        }

        private Task Start(CancellationToken stop)
        {
            var client = new Client(server.NewTransport(), new() { Time = loop.Time, Random = new Random(seed) });
            var informers = new InformerSet(client);
            var host = new ControllerHost(informers).Add(SmallReplicaSet.NewController(client, informers));
            return loop.Start(() => host.RunAsync(stop));
        }

        private void Disturb()
        {
            switch (loop.Random.Next(10))
            {
                case 0: server.CutAll(); break;
                case 1: server.StallAll(); break;
                case 2: server.Compact(); break;
                case 3 when LosesAnswers: server.Down = !server.Down; break;
                case 4 when LosesAnswers: server.LossPerMille = loop.Random.Next(300); break;
                default: loop.RunFor(TimeSpan.FromMilliseconds(loop.Random.Next(3000))); break;
            }
        }

        private bool Converged() => server.All("replicasets").All(set =>
            server.All("pods").Count(pod => pod["metadata"]!["ownerReferences"]![0]!["uid"]!.GetValue<string>() == set["metadata"]!["uid"]!.GetValue<string>()) == set["spec"]!["replicas"]!.GetValue<int>()
            && set["status"]?["replicas"]?.GetValue<int>() == set["spec"]!["replicas"]!.GetValue<int>());

        private static JsonObject Set(string name, int replicas) => new()
        {
            ["apiVersion"] = "apps/v1", ["kind"] = "ReplicaSet", ["metadata"] = new JsonObject { ["namespace"] = "a", ["name"] = name, ["generation"] = 1 },
            ["spec"] = new JsonObject { ["replicas"] = replicas, ["selector"] = new JsonObject(), ["template"] = new JsonObject() },
        };
    }
}
