using Coracle.ApiServer.Access;
using Coracle.Hosting;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;
using Coracle.Store;

namespace Coracle.Controllers.Tests.Scheduling;

/// <summary>The scheduler as a part of a whole control plane.</summary>
public sealed class SchedulingTests : IAsyncDisposable
{
    private readonly ControlPlane plane = new(new ControlPlaneOptions { Store = new MemoryStore(), Random = new Random(7), Log = e => { if (e.Severity >= LogSeverity.Warning) Console.WriteLine($"{e.Source}: {e.Message} {e.Failure}"); } });
    private Client client = null!;

    private async Task StartAsync()
    {
        await plane.StartAsync();
        client = plane.Client(new User { Name = "admin", Groups = ["system:masters"] }, "test");
    }

    public ValueTask DisposeAsync() => plane.DisposeAsync();

    private static async Task<T> UntilAsync<T>(Func<Task<T?>> get, string what) where T : class
    {
        var limit = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(limit) < TimeSpan.FromSeconds(20))
        {
            if (await get() is { } found) return found;
            await Task.Delay(2);
        }
        throw new TimeoutException(what);
    }

    private Task<Pod> ScheduledAsync(string name) => UntilAsync(async () => await client.GetAsync<Pod>(new Key("default", name)) is { Spec.NodeName.Length: > 0 } pod ? pod : null, $"{name} has no node");

    private Task<Event> EventAsync(string pod, string reason) => UntilAsync(
        async () => (await client.ListAsync<Event>("default")).Items.FirstOrDefault(e => e.InvolvedObject.Name == pod && e.Reason == reason), $"{pod} has no event {reason}");

    [Fact]
    public async Task A_pod_gets_a_node_and_an_event_that_says_so()
    {
        await StartAsync();
        await client.CreateAsync(Objects.Node("n1"));
        await client.CreateAsync(Objects.Pod("p1", cpu: "500m"));
        var pod = await ScheduledAsync("p1");
        Assert.Equal("n1", pod.Spec.NodeName);
        Assert.Equal("True", pod.Status.Conditions!.Single(c => c.Type == "PodScheduled").Status);
        Assert.Equal("Successfully assigned default/p1 to n1", (await EventAsync("p1", "Scheduled")).Message);
    }

    [Fact]
    public async Task A_pod_that_fits_nowhere_is_told_why_and_gets_a_node_once_one_appears()
    {
        await StartAsync();
        await client.CreateAsync(Objects.Node("n1", cpu: "1"));
        await client.CreateAsync(Objects.Node("n2", taints: [new() { Key = "k", Effect = "NoSchedule" }]));
        await client.CreateAsync(Objects.Pod("p1", cpu: "2"));
        var failed = await EventAsync("p1", "FailedScheduling");
        Assert.StartsWith("0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s).", failed.Message, StringComparison.Ordinal);
        Assert.Equal("default-scheduler", failed.Source.Component);
        var condition = await UntilAsync(async () => (await client.GetAsync<Pod>(new Key("default", "p1"))).Status.Conditions?.Find(c => c.Type == "PodScheduled"), "no condition");
        Assert.Equal(("False", "Unschedulable", failed.Message), (condition.Status, condition.Reason, condition.Message));

        await client.CreateAsync(Objects.Node("n3"));
        Assert.Equal("n3", (await ScheduledAsync("p1")).Spec.NodeName);
    }

    [Fact]
    public async Task A_pod_gets_a_node_once_its_taint_goes()
    {
        await StartAsync();
        var node = await client.CreateAsync(Objects.Node("n1", taints: [new() { Key = "k", Effect = "NoSchedule" }]));
        await client.CreateAsync(Objects.Pod("p1"));
        await EventAsync("p1", "FailedScheduling");
        await client.PatchAsync<Node>(new Key("n1"), Patch.Merge("""{"spec":{"taints":null}}"""u8.ToArray()));
        Assert.Equal("n1", (await ScheduledAsync("p1")).Spec.NodeName);
    }

    [Fact]
    public async Task A_gated_pod_waits_for_its_gate()
    {
        await StartAsync();
        await client.CreateAsync(Objects.Node("n1"));
        var gated = Objects.Pod("gated");
        gated.Spec.SchedulingGates = [new() { Name = "example.com/wait" }];
        await client.CreateAsync(gated);
        await client.CreateAsync(Objects.Pod("other"));
        await ScheduledAsync("other");
        Assert.Equal("", (await client.GetAsync<Pod>(new Key("default", "gated"))).Spec.NodeName);
        await client.PatchAsync<Pod>(new Key("default", "gated"), Patch.Merge("""{"spec":{"schedulingGates":null}}"""u8.ToArray()));
        await ScheduledAsync("gated");
    }
}
