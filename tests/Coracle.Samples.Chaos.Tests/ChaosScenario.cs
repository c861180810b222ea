using Coracle.Kinds.Core.V1;
using Coracle.Sdk;
using Coracle.Samples.Chaos.Kinds;
using Coracle.Testing;

namespace Coracle.Samples.Chaos.Tests;

/// <summary>Acts, a set that is carried out and one that is given up, under faults; and what must have become of them.</summary>
internal static class ChaosScenario
{
    private const int Pods = 10;

    /// <param name="run">By one seed.</param>
    /// <param name="start">Starts the operator.</param>
    public static async Task RunAsync(SimulationRun run, Func<TestCluster, Task> start)
    {
        var (cluster, client) = (run.Cluster, run.Cluster.Client);
        await start(cluster);
        for (var i = 0; i < Pods; i++) await client.CreateAsync(World.Pod($"web-{i}"));
        var acts = run.Random.Next(1, 4);
        await client.CreateAsync(World.Set("set", acts, parallelism: run.Random.Next(1, acts + 1), victims: 2));
        // Nobody for it to strike: a set that goes may have an act made anew by a cache that lags, and that strikes until it is collected.
        var dropped = World.Set("dropped", acts: 2, parallelism: 2);
        dropped.Spec.Template = World.Spec(victims: 1, app: "nobody");
        await client.CreateAsync(dropped);
        await client.CreateAsync(World.Chaos("given-up", victims: 2, delaySeconds: 3600));
        await cluster.Clock.Advance(TimeSpan.FromSeconds(run.Random.Next(1, 120)));
        await client.DeleteAsync<Kinds.Chaos>(new Key("default", "given-up"));
        await client.DeleteAsync<ChaosSet>(new Key("default", "dropped"), Deletion.Background);
        await cluster.Clock.Advance(TimeSpan.FromSeconds(run.Random.Next(1, 120)));
        await run.HealAsync();
        await CheckAsync(client);
    }

    private static async Task CheckAsync(Client client)
    {
        var set = await client.GetAsync<ChaosSet>(new("default", "set"));
        Assert.True(Conditions.IsTrue(set.Status.Conditions, "Complete"), "the set is not complete");
        var acts = (await client.ListAsync<Kinds.Chaos>("default")).Items;
        Assert.All(acts, act => Assert.Equal((act.Metadata.Name, ChaosPhase.Done, set.Metadata.Uid), (act.Metadata.Name, act.Status.Phase, Owners.ControllerOf(act)?.Uid)));
        Assert.Equal((set.Spec.Acts, acts.Count), (acts.Count, set.Status.Done));
        Assert.Equal(acts.Sum(a => a.Status.Struck), set.Status.Struck);
        var pods = (await client.ListAsync<Pod>("default")).Items;
        var struck = acts.SelectMany(a => a.Status.Victims ?? []).Select(v => v.Uid).ToHashSet();
        Assert.Equal(Pods - struck.Count, pods.Count);
        Assert.DoesNotContain(pods, pod => struck.Contains(pod.Metadata.Uid));
        Assert.DoesNotContain(pods, World.IsMarked);
    }
}
