using Coracle.Kinds.Coordination.V1;
using Coracle.Sdk.Tests.Fakes;

namespace Coracle.Sdk.Tests;

public sealed class LeaderElectionTests
{
    private sealed class Candidate
    {
        private readonly Action<int> count;
        public Candidate(SimulationLoop loop, FakeServer server, string name, Action<int> count)
        {
            this.count = count;
            Way = new(server.NewTransport(), loop);
            Client = new(Way, new() { Time = loop.Time, Random = new Random(name[^1]) });
            Elector = new(Client, new() { Namespace = "kube-system", Name = "lock", Identity = name });
            Running = loop.Start(async () => Kept = await Elector.RunAsync(LeadAsync, Stop.Token));
        }

        public Partition Way { get; }
        public Client Client { get; }
        public LeaderElector Elector { get; }
        public CancellationTokenSource Stop { get; } = new();
        public Task Running { get; }
        public bool? Kept { get; private set; }
        public bool Leads { get; private set; }

        private async Task LeadAsync(CancellationToken cancel)
        {
            Leads = true;
            count(1);
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, Client.Time, cancel);
            }
            finally
            {
                Leads = false;
                count(-1);
            }
        }
    }

    [Fact]
    public void There_are_never_two_leaders_and_always_one_again()
    {
        for (var seed = 1; seed <= 100; seed++)
        {
            var loop = new SimulationLoop(seed);
            var server = new FakeServer(loop) { Latency = TimeSpan.FromMilliseconds(900), LossPerMille = 20 };
            var leaders = 0;
            void Count(int change) => Assert.InRange(leaders += change, 0, 1);
            var candidates = Enumerable.Range(0, 3).Select(i => new Candidate(loop, server, $"c{i}", Count)).ToList();
            for (var i = 0; i < 60; i++)
            {
                var at = loop.Random.Next(candidates.Count);
                if (candidates[at].Running.IsCompleted) candidates[at] = new(loop, server, $"c{at}", Count);
                else if (loop.Random.Next(3) == 0) candidates[at].Way.CutOff = !candidates[at].Way.CutOff;
                else if (loop.Random.Next(6) == 0) loop.Inside(candidates[at].Stop.Cancel);
                loop.RunFor(TimeSpan.FromSeconds(loop.Random.Next(20)));
            }
            candidates.Add(new(loop, server, "c9", Count));
            foreach (var candidate in candidates) candidate.Way.CutOff = false;
            server.LossPerMille = 0;
            Assert.True(loop.RunUntil(() => leaders == 1, TimeSpan.FromMinutes(5)), $"seed {seed}: nobody leads");
        }
    }

    [Fact]
    public void A_leader_that_stops_hands_over_without_the_lease_running_out()
    {
        var loop = new SimulationLoop(1);
        var server = new FakeServer(loop);
        var first = new Candidate(loop, server, "a", _ => { });
        loop.RunFor(TimeSpan.FromSeconds(5));
        var second = new Candidate(loop, server, "b", _ => { });
        loop.RunFor(TimeSpan.FromSeconds(30));
        Assert.Equal((true, false), (first.Leads, second.Leads));
        loop.Inside(first.Stop.Cancel);
        Assert.True(loop.RunUntil(() => second.Leads, TimeSpan.FromSeconds(6)));
        Assert.True(first.Kept);
        var lease = loop.Run(() => second.Client.GetAsync<Lease>(new("kube-system", "lock")).AsTask());
        Assert.Equal(("b", 1), (lease.Spec.HolderIdentity, lease.Spec.LeaseTransitions));
    }

    [Fact]
    public void A_leader_that_cannot_renew_stops_before_another_begins()
    {
        var loop = new SimulationLoop(1);
        var server = new FakeServer(loop);
        var first = new Candidate(loop, server, "a", _ => { });
        loop.RunFor(TimeSpan.FromSeconds(5));
        var second = new Candidate(loop, server, "b", _ => { });
        loop.RunFor(TimeSpan.FromSeconds(30));
        first.Way.CutOff = true;
        Assert.True(loop.RunUntil(() => !first.Leads, TimeSpan.FromSeconds(13)));
        Assert.False(second.Leads);
        Assert.True(loop.RunUntil(() => second.Leads, TimeSpan.FromSeconds(15)));
        Assert.False(first.Kept);
    }
}
