using Coracle.Samples.Chaos.Tests.Planted;
using Coracle.Samples.Chaos.Reconcilers;
using Coracle.Testing;

namespace Coracle.Samples.Chaos.Tests;

/// <summary>That the simulation finds what it is there to find: the sample's reconcilers with one mistake each.</summary>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    // From the first seed on they take 1, 316, 1, 6, 13 and 32 of them. Here the search begins a little before, which spares the suite a minute.
    [Theory]
    [InlineData(Bug.LostRequeue, 1)]
    [InlineData(Bug.StaleRead, 314)]
    [InlineData(Bug.MissingOwner, 1)]
    [InlineData(Bug.DoubleCreate, 1)]
    [InlineData(Bug.FinalizerNeverRemoved, 10)]
    [InlineData(Bug.StatusWithoutConflictHandling, 30)]
    public async Task A_planted_mistake_is_found_within_a_thousand_seeds_and_its_seed_fails_again_in_the_same_way(Bug bug, int first)
    {
        var found = await Assert.ThrowsAsync<SimulationException>(() => RunAsync(Enumerable.Range(first, 1000), bug));
        output.WriteLine($"{bug}: seed {found.Seed}\n{found.Message}");
        for (var again = 0; again < 2; again++)
            Assert.Equal(found.Message, (await Assert.ThrowsAsync<SimulationException>(() => RunAsync([found.Seed], bug))).Message);
    }

    [Fact]
    public Task Without_a_mistake_the_same_seeds_pass() => RunAsync(Enumerable.Range(1, 20), Bug.None);

    private static Task RunAsync(IEnumerable<int> seeds, Bug bug) => Simulation.RunAsync(seeds, run => ChaosScenario.RunAsync(run, cluster => StartAsync(cluster, bug)), prepare: World.InstallAsync);

    private static Task StartAsync(TestCluster cluster, Bug bug) => cluster.RunAsync((host, informers) =>
        host.Add(ChaosCronReconciler.NewController(informers)).Add(PlantedSets.NewController(bug, informers)).Add(PlantedActs.NewController(bug, informers)));
}
