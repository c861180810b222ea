using System.Diagnostics;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;

namespace Coracle.Testing.Tests;

/// <summary>Clusters are cheap: what they cost, and that many fit into one process.</summary>
public sealed class ManyClustersTests(ITestOutputHelper output)
{
    [Fact]
    public Task Twenty_clusters_live_side_by_side_in_one_process() => Live(20);

    [Fact(Explicit = true)]
    public Task A_thousand_clusters_live_side_by_side_in_one_process() => Live(1000);

    private async Task Live(int count)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clusters = new List<TestCluster>();
        try
        {
            for (var i = 0; i < count; i++)
            {
                clusters.Add(await TestCluster.StartAsync(new() { Seed = i + 1 }));
                await clusters[^1].Client.CreateAsync(Samples.Deployment("web", replicas: 1));
            }
            foreach (var cluster in clusters) await cluster.UntilAsync<Deployment>("default/web", d => d.Status.ReadyReplicas == 1);
            output.WriteLine($"{(GC.GetTotalMemory(forceFullCollection: true) - before) / count >> 10} KB each, {Process.GetCurrentProcess().WorkingSet64 / count >> 10} KB of the process each");
            var uids = new HashSet<string>();
            foreach (var cluster in clusters) Assert.True(uids.Add((await cluster.Client.ListAsync<Pod>("default")).Items.Single().Metadata.Uid));
        }
        finally
        {
            foreach (var cluster in clusters) await cluster.DisposeAsync();
        }
    }

    [Fact(Explicit = true)]
    public async Task What_a_cluster_costs()
    {
        var took = new List<double>();
        for (var i = 0; i < 60; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await using (var cluster = await TestCluster.StartAsync(new() { Seed = i }))
            {
                await cluster.Client.CreateAsync(Samples.Deployment("web", replicas: 1));
                await cluster.UntilAsync<Deployment>("default/web", d => d.Status.ReadyReplicas == 1);
            }
            took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        output.WriteLine($"start, ready and dispose: {Of(took[20..])}");
    }

    [Fact(Explicit = true)]
    public async Task What_a_fork_of_a_thousand_objects_costs()
    {
        await using var cluster = await TestCluster.StartAsync();
        for (var i = 0; i < 1000; i++) await cluster.Client.CreateAsync(new ConfigMap { Metadata = new() { Namespace = "default", Name = $"map-{i}" }, Data = new() { ["n"] = $"{i}" } });
        var (forks, starts) = (new List<double>(), new List<double>());
        for (var i = 0; i < 40; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var snapshot = await cluster.SnapshotAsync();
            forks.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await using var forked = await TestCluster.StartAsync(snapshot);
            starts.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        output.WriteLine($"a fork: {Of(forks[10..])}; with the start of everything that runs in it: {Of(starts[10..])}");
    }

    private static string Of(List<double> took) => $"median {took.Order().ElementAt(took.Count / 2):F1} ms, best {took.Min():F1} ms";
}
