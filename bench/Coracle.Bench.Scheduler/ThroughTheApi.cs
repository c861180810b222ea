using System.Diagnostics;
using Coracle.ApiServer.Access;
using Coracle.Hosting;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;
using Coracle.Store;

namespace Coracle.Bench.Scheduler;

/// <summary>A server and a scheduler in this process: the pods are there, the scheduler starts, and the clock stops when the last has its node.</summary>
internal static class ThroughTheApi
{
    public static async Task<TimeSpan> Run(int nodes, int pods, string kind)
    {
        await using var plane = new ControlPlane(new() { Store = new MemoryStore(), Random = new Random(1) });
        var client = plane.Client(new User { Name = "admin", Groups = ["system:masters"] }, "bench");
        await client.TryCreateAsync(new Namespace { Metadata = new() { Name = "default" } });
        await client.TryCreateAsync(new ServiceAccount { Metadata = new() { Name = "default", Namespace = "default" } });
        for (var i = 0; i < nodes; i++) await AddNode(client, i);
        for (var i = 0; i < pods; i++) await client.CreateAsync(Samples.Pod(i, kind));

        using var stop = new CancellationTokenSource();
        var informers = new InformerSet(client);
        var bound = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var scheduler = new Controllers.Scheduling.Scheduler(client, informers);
        using var counting = informers.For<Pod>().Subscribe(delta =>
        {
            if (delta.Old is { Spec.NodeName.Length: 0 } && delta.New is { Spec.NodeName.Length: > 0 } && ++bound == pods) all.TrySetResult();
        });
        informers.Start(stop.Token);
        await informers.WaitForSyncAsync();
        var began = Stopwatch.GetTimestamp();
        var running = scheduler.RunAsync(stop.Token);
        await all.Task;
        var took = Stopwatch.GetElapsedTime(began);
        await stop.CancelAsync();
        await running.ContinueWith(static _ => { }, TaskScheduler.Default);
        await informers.WaitForEndAsync();
        return took;
    }

    private static async Task AddNode(Client client, int index)
    {
        var node = Samples.Node(index);
        var made = await client.CreateAsync(node);
        made.Status = node.Status;
        made = await client.UpdateStatusAsync(made);
        made.Spec.Taints = null;
        await client.UpdateAsync(made);
    }
}
