using Coracle.Kinds.Core.V1;
using Coracle.Sdk;
using Coracle.Samples.Chaos.Kinds;
using Coracle.Testing;

namespace Coracle.Samples.Chaos.Tests;

/// <summary>The operator under faults: calls lost, refused or slow, watches that break, processes that end between any two writes.</summary>
public sealed class ChaosSimulationTests
{
    private const int Pods = 10;

    [Fact]
    public Task Whatever_goes_wrong_no_pod_is_struck_beyond_what_was_asked_and_in_the_end_all_is_done() =>
        Simulation.RunAsync(Simulation.Seeds(1, 10), run => ChaosScenario.RunAsync(run, World.RunAsync), prepare: World.InstallAsync);

    [Fact]
    public Task A_schedule_uses_each_of_its_times_once_whatever_goes_wrong() => Simulation.RunAsync(Simulation.Seeds(1, 5), async run =>
    {
        var (cluster, client) = (run.Cluster, run.Cluster.Client);
        await World.RunAsync(cluster);
        for (var i = 0; i < Pods; i++) await client.CreateAsync(World.Pod($"web-{i}"));
        var cron = World.Cron("cron", "*/5 * * * *");
        cron.Spec.HistoryLimit = 100;
        await client.CreateAsync(cron);
        await cluster.Clock.Advance(TimeSpan.FromMinutes(run.Random.Next(6, 30)));
        var stopped = await client.GetAsync<ChaosCron>(new("default", "cron"));
        await client.PatchAsync<ChaosCron>(new("default", "cron"), Patch.Merge("""{"spec":{"suspend":true}}"""u8.ToArray()));
        await run.HealAsync();
        var sets = (await client.ListAsync<ChaosSet>("default")).Items;
        Assert.All(sets, set => Assert.True(Conditions.IsTrue(set.Status.Conditions, "Complete"), $"{set.Metadata.Name} is not complete"));
        Assert.Equal(sets.Count, sets.Select(s => s.Metadata.Name).Distinct().Count());
        Assert.True(sets.Count <= (cluster.Clock.Now - stopped.Metadata.CreationTimestamp!.Value).TotalMinutes / 5 + 1);
        Assert.Equal(0, (await client.GetAsync<ChaosCron>(new("default", "cron"))).Status.Active);
    }, prepare: World.InstallAsync);
}
