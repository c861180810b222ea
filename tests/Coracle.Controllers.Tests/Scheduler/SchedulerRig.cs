using Coracle.ApiServer.Access;
using Coracle.Controllers.Scheduling;
using Coracle.Hosting;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;
using Coracle.Store;

namespace Coracle.Controllers.Tests.Scheduling;

using Node = Coracle.Kinds.Core.V1.Node;

/// <summary>A server in memory and a scheduler; no other controllers.</summary>
internal sealed class SchedulerRig : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource stopping = new();
    private readonly ControlPlane plane;
    private readonly InformerSet informers;
    private Task running = Task.CompletedTask;

    private SchedulerRig(int seed)
    {
        plane = new(new ControlPlaneOptions { Store = new MemoryStore(), Random = new Random(seed), Log = Note });
        Client = NewClient("test");
        informers = new(NewClient("kube-scheduler"));
        Scheduler = new(informers.Client, informers);
    }

    public static async Task<SchedulerRig> StartAsync(int seed = 1)
    {
        var rig = new SchedulerRig(seed);
        await rig.Client.TryCreateAsync(new Namespace { Metadata = new() { Name = "default" } });
        await rig.Client.TryCreateAsync(new ServiceAccount { Metadata = new() { Name = "default", Namespace = "default" } });
        rig.informers.Start(rig.stopping.Token);
        rig.running = rig.Scheduler.RunAsync(rig.stopping.Token);
        return rig;
    }

    public Client Client { get; }
    public Scheduler Scheduler { get; }
    public List<string> Faults { get; } = [];

    private Client NewClient(string agent) => plane.Client(new User { Name = "admin", Groups = ["system:masters"] }, agent);

    private void Note(LogEntry entry)
    {
        if (entry.Severity < LogSeverity.Warning) return;
        lock (Faults) Faults.Add($"{entry.Source}: {entry.Message} {entry.Failure}");
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        try
        {
            await running;
        }
        catch (OperationCanceledException)
        {
        }
        await informers.WaitForEndAsync();
        await plane.DisposeAsync();
        stopping.Dispose();
    }

    /// <summary>A node as its agent leaves it: created tainted by admission, which is undone here at once, with its status.</summary>
    public async Task AddAsync(Node node)
    {
        var made = await Client.CreateAsync(node);
        made.Status = node.Status;
        made = await Client.UpdateStatusAsync(made);
        made.Spec.Taints = node.Spec.Taints;
        await Client.UpdateAsync(made);
    }

    public async Task<Pod> GetAsync(string name) => await Client.GetAsync<Pod>(new Key("default", name));

    public Task<Pod> PlacedAsync(string name) => UntilAsync(async () => await GetAsync(name) is { Spec.NodeName.Length: > 0 } pod ? pod : null, $"a node for {name}");

    public Task<Event> EventAsync(string pod, string reason) => EventAsync(pod, reason, "");

    public Task<Event> EventAsync(string pod, string reason, string text) => UntilAsync(
        async () => (await Client.ListAsync<Event>("default")).Items.FirstOrDefault(
            e => e.InvolvedObject.Name == pod && e.Reason == reason && e.Message.Contains(text, StringComparison.Ordinal)), $"an event {reason} {text} of {pod}");

    public async Task<T> UntilAsync<T>(Func<Task<T?>> get, string what) where T : class
    {
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            if (await get() is { } found) return found;
            await Task.Delay(2);
        }
        lock (Faults) throw new TimeoutException($"waited in vain for {what}; {string.Join("; ", Faults.TakeLast(5))}");
    }
}
