using System.Diagnostics;

namespace Coracle.Testing.Tests;

public sealed class StartMeasurement(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public async Task How_long_a_cluster_takes_to_start()
    {
        for (var i = 0; i < 30; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var cluster = await TestCluster.StartAsync();
            var up = Stopwatch.GetElapsedTime(started);
            await cluster.Client.CreateAsync(Samples.Deployment("web", replicas: 3));
            await cluster.UntilAsync<Kinds.Apps.V1.Deployment>("default/web", d => d.Status.ReadyReplicas == 3);
            output.WriteLine($"start {up.TotalMilliseconds:F1} ms, deployment ready after {(Stopwatch.GetElapsedTime(started) - up).TotalMilliseconds:F1} ms");
        }
    }
}
