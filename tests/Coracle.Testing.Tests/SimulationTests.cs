using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Testing.Tests;

/// <summary>That the simulation finds what it is there to find.</summary>
public sealed class SimulationTests
{
    [Fact]
    public async Task A_controller_that_takes_a_conflict_for_done_is_found_and_its_seed_fails_again_in_the_same_way()
    {
        var found = await Assert.ThrowsAsync<SimulationException>(() => Simulation.RunAsync(Enumerable.Range(1, 200), Copies));
        var again = await Assert.ThrowsAsync<SimulationException>(() => Simulation.RunAsync([found.Seed], Copies));
        Assert.Equal(found.Message, again.Message);
        Assert.Contains($"CORACLE_SIM_SEED={found.Seed}", found.Message, StringComparison.Ordinal);
    }

    // Sees to it that "b" has what "a" has, unless a write fails.
    private static async Task Copies(SimulationRun run)
    {
        var cluster = run.Cluster;
        await cluster.Client.CreateAsync(new ConfigMap { Metadata = new() { Namespace = "default", Name = "b" } });
        await cluster.Client.CreateAsync(new ConfigMap { Metadata = new() { Namespace = "default", Name = "a" }, Data = new() { ["value"] = "0" } });
        await cluster.RunAsync((host, informers) => host.Add(new ControllerBuilder("copy", informers).For<ConfigMap>(d => d.Key.Name == "a").Reads<ConfigMap>().Build(async (key, cancel) =>
        {
            var maps = informers.For<ConfigMap>();
            if (maps.Get(key) is not { } from || maps.Get(new("default", "b")) is not { } old) return Result.Done;
            var to = old.DeepCopy();
            to.Data = from.Data;
            var written = await informers.Client.TryUpdateAsync(to, cancel);
            if (!written.Ok && !written.IsConflict) written.OrThrow();
            return Result.Done;
        })));
        for (var i = 1; i <= 10; i++)
        {
            var a = await cluster.Client.GetAsync<ConfigMap>(new("default", "a"));
            a.Data = new() { ["value"] = $"{i}" };
            await cluster.Client.UpdateAsync(a);
            await cluster.Clock.Advance(TimeSpan.FromSeconds(run.Random.Next(5)));
        }
        await run.HealAsync();
        Assert.Equal("10", (await cluster.Client.GetAsync<ConfigMap>(new("default", "b"))).Data!["value"]);
    }
}
