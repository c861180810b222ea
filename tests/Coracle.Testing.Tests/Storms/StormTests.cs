using Coracle.ApiServer.Access;
using Coracle.Hosting;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;
using Coracle.Store;

namespace Coracle.Testing.Tests.Storms;

/// <summary>Memory is looked at, so nothing else runs meanwhile.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

/// <summary>Informers of one long life over the API server itself, while everything goes wrong between the two.</summary>
[Collection("alone")]
public sealed class StormTests(ITestOutputHelper output)
{
    private const int Rounds = 1000;
    private const long Growth = 8 << 20;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void After_each_of_a_thousand_cuts_stalls_delays_compactions_and_restarts_caches_equal_the_server_and_their_deltas_replay_to_it(int seed)
    {
        var storm = new Storm(seed);
        long warm = 0;
        for (var round = 1; round <= Rounds; round++)
        {
            storm.Disturb();
            storm.Calm();
            storm.Check(round);
            if (round == Rounds / 4) warm = GC.GetTotalMemory(forceFullCollection: true);
        }
        var after = GC.GetTotalMemory(forceFullCollection: true);
        output.WriteLine($"{storm.Told} deltas, longest silence {storm.LongestSilence}, memory {warm >> 10} KB after a quarter, {after >> 10} KB at the end");
        Assert.True(after - warm < Growth, $"memory grew from {warm >> 10} KB to {after >> 10} KB");
        storm.End();
    }

    private sealed class Storm
    {
        private static readonly User Admin = new() { Name = "admin", Groups = ["system:masters", "system:authenticated"] };

        private readonly SimulationLoop _loop;
        private readonly StormyTransport _transport;
        private readonly InformerSet _informers, _streaming;
        private readonly List<Mirror> _mirrors = [];
        private readonly CancellationTokenSource _stop = new();
        private MemoryStore _store = new(1000);
        private ControlPlane? _plane;
        private Client _admin;
        private int _written;

        public Storm(int seed)
        {
            _loop = new SimulationLoop(seed);
            _admin = Begin();
            _loop.Run(async () => await _admin.CreateAsync(new Namespace { Metadata = new() { Name = "a" } }));
            _loop.Run(async () => await _admin.CreateAsync(new Namespace { Metadata = new() { Name = "b" } }));
            _transport = new(_loop, _admin.Transport);
            var client = new Client(_transport, new() { Time = _loop.Time, Random = new Random(seed) });
            (_informers, _streaming) = (new(client, new() { PageSize = 3 }), new(client, new() { StreamInitialList = true }));
            Follow(_informers.For<ConfigMap>(), static _ => true);
            Follow(_informers.For<ConfigMap>(new() { Namespace = "a", LabelSelector = "color=red" }), static m => m.Namespace == "a" && m.Labels!["color"] == "red");
            Follow(_streaming.For<ConfigMap>(), static _ => true);
            Follow(_streaming.Metadata<ConfigMap>(new() { LabelSelector = "color=blue" }), static m => m.Labels!["color"] == "blue");
            _loop.Inside(() => _informers.Start(_stop.Token));
            _loop.Inside(() => _streaming.Start(_stop.Token));
        }

        public TimeSpan LongestSilence => _transport.LongestSilence;
        public int Told => _mirrors.Sum(m => m.Told);

        private void Follow<T>(Informer<T> informer, Func<ObjectMeta, bool> holds) where T : class, IKubernetesObject
        {
            var mirror = new Mirror(informer, holds, () => informer.List().Select(o => o.Metadata));
            informer.Subscribe(delta => mirror.Apply(delta.Type, delta.Old?.Metadata, delta.New?.Metadata));
            _mirrors.Add(mirror);
        }

        // The server as its process begins: what is stored is there, the history is not.
        private Client Begin()
        {
            _store = _store.Fork();
            _plane = new ControlPlane(new ControlPlaneOptions { Store = _store, Clock = _loop.Time, Random = new Random(_loop.Random.Next()) });
            return _plane.Client(Admin, "admin");
        }

        public void Disturb()
        {
            for (var i = _loop.Random.Next(1, 5); i > 0; i--) Write();
            switch (_loop.Random.Next(6))
            {
                case 0: _transport.CutAll(); break;
                case 1: _transport.StallAll(); break;
                case 2: _transport.Lag(TimeSpan.FromSeconds(_loop.Random.Next(1, 20))); break;
                case 3: Compact(); break;
                case 4: Restart(); break;
                default: break;
            }
            for (var i = _loop.Random.Next(4); i > 0; i--)
            {
                _loop.RunFor(TimeSpan.FromSeconds(_loop.Random.Next(60)) * _loop.Random.NextDouble());
                Write();
            }
        }

        // Who comes back is told 410.
        private void Compact()
        {
            _transport.CutAll();
            Write();
            _plane!.Server.Cache.Compact(_store.Revision);
            _loop.Run(async () => await _store.CompactAsync(_store.Revision));
        }

        private void Restart()
        {
            _admin = Begin();
            _transport.Server = _admin.Transport;
            _transport.CutAll();
        }

        private void Write()
        {
            var meta = new ObjectMeta { Namespace = _loop.Random.Next(2) == 0 ? "a" : "b", Name = $"m{_loop.Random.Next(12)}", Labels = new() { ["color"] = _loop.Random.Next(2) == 0 ? "red" : "blue" } };
            var map = new ConfigMap { Metadata = meta, Data = new() { ["n"] = $"{++_written}" } };
            if (_loop.Random.Next(4) == 0) _loop.Run(async () => await _admin.DeleteAsync<ConfigMap>(Key.Of(map)));
            else _loop.Run(async () =>
            {
                if (!(await _admin.TryUpdateAsync(map)).Ok) await _admin.CreateAsync(map);
            });
        }

        /// <summary>Nothing goes wrong any more: what is stalled already is for the informers to find out.</summary>
        public void Calm()
        {
            _transport.Lag(TimeSpan.Zero);
            var newest = new Dictionary<string, string>();
            foreach (var color in new[] { "red", "blue" })
                _loop.Run(async () =>
                {
                    var last = new ConfigMap { Metadata = new() { Namespace = "a", Name = $"last-{color}", Labels = new() { ["color"] = color } }, Data = new() { ["n"] = $"{++_written}" } };
                    var written = await _admin.TryUpdateAsync(last);
                    if (!written.Ok) written = await _admin.TryCreateAsync(last);
                    newest[color] = written.OrThrow().Metadata.ResourceVersion;
                });
            Assert.True(_loop.RunUntil(() => _mirrors.TrueForAll(m => newest.Values.All(m.Shows)), TimeSpan.FromMinutes(15)), "the caches did not catch up");
        }

        public void Check(int round)
        {
            var there = _loop.Run(async () => await _admin.ListAsync<ConfigMap>()).Items.Select(m => m.Metadata).Where(m => m.Namespace is "a" or "b").ToList();
            foreach (var mirror in _mirrors)
            {
                var expected = Mirror.Lines(there.Where(mirror.Holds));
                Assert.Equal((round, expected), (round, Mirror.Lines(mirror.Cached().Where(m => m.Namespace is "a" or "b"))));
                Assert.Equal((round, expected), (round, Mirror.Lines(mirror.Replayed.Where(m => m.Namespace is "a" or "b"))));
            }
            // A watch that says nothing is given up in time, and what is given up is closed.
            Assert.InRange(_transport.LongestSilence, TimeSpan.Zero, new InformerOptions().SilenceLimit + TimeSpan.FromSeconds(1));
            Assert.InRange(_transport.Open, 0, _mirrors.Count);
        }

        public void End()
        {
            _loop.Inside(_stop.Cancel);
            Assert.True(_loop.RunUntil(() => _informers.WaitForEndAsync().IsCompletedSuccessfully && _streaming.WaitForEndAsync().IsCompletedSuccessfully, TimeSpan.FromMinutes(1)), "the informers did not end");
            Assert.Equal(0, _transport.Open);
        }
    }
}
