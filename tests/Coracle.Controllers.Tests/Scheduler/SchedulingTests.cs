using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.Scheduling;

/// <summary>The scheduler against a whole API server.</summary>
public sealed class SchedulingTests
{
    private static readonly List<Taint> Tainted = [new() { Key = "k", Effect = "NoSchedule" }];

    [Fact]
    public async Task A_pod_gets_a_node_and_an_event_that_says_so()
    {
        await using var rig = await SchedulerRig.StartAsync();
        await rig.AddAsync(Objects.Node("n1"));
        await rig.Client.CreateAsync(Objects.Pod("p1", cpu: "500m"));
        var pod = await rig.PlacedAsync("p1");
        Assert.Equal("n1", pod.Spec.NodeName);
        Assert.Equal("True", pod.Status.Conditions!.Single(c => c.Type == "PodScheduled").Status);
        Assert.Equal("Successfully assigned default/p1 to n1", (await rig.EventAsync("p1", "Scheduled")).Message);
    }

    [Fact]
    public async Task A_pod_that_fits_nowhere_is_told_why_and_gets_a_node_once_one_appears()
    {
        await using var rig = await SchedulerRig.StartAsync();
        await rig.AddAsync(Objects.Node("n1", cpu: "1"));
        await rig.AddAsync(Objects.Node("n2", taints: Tainted));
        await rig.Client.CreateAsync(Objects.Pod("p1", cpu: "2"));
        var told = await rig.UntilAsync(async () => (await rig.GetAsync("p1")).Status.Conditions?.Find(c => c.Type == "PodScheduled"
            && c.Message.StartsWith("0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s). ", StringComparison.Ordinal)), "the condition");
        Assert.Equal(("False", "Unschedulable"), (told.Status, told.Reason));
        var failed = await rig.EventAsync("p1", "FailedScheduling");
        Assert.Equal(("Warning", "default-scheduler"), (failed.Type, failed.ReportingComponent));

        await rig.AddAsync(Objects.Node("n3"));
        Assert.Equal("n3", (await rig.PlacedAsync("p1")).Spec.NodeName);
    }

    [Fact]
    public async Task A_cluster_without_nodes_is_told_as_such()
    {
        await using var rig = await SchedulerRig.StartAsync();
        await rig.Client.CreateAsync(Objects.Pod("p1"));
        Assert.Equal("no nodes available to schedule pods", (await rig.EventAsync("p1", "FailedScheduling")).Message);
        await rig.AddAsync(Objects.Node("n1"));
        Assert.Equal("n1", (await rig.PlacedAsync("p1")).Spec.NodeName);
    }

    [Fact]
    public async Task A_pod_gets_a_node_once_its_taint_goes()
    {
        await using var rig = await SchedulerRig.StartAsync();
        await rig.AddAsync(Objects.Node("n1", taints: Tainted));
        await rig.Client.CreateAsync(Objects.Pod("p1"));
        await rig.EventAsync("p1", "FailedScheduling");
        await rig.Client.PatchAsync<Coracle.Kinds.Core.V1.Node>(new Key("n1"), Patch.Merge("""{"spec":{"taints":null}}"""u8.ToArray()));
        Assert.Equal("n1", (await rig.PlacedAsync("p1")).Spec.NodeName);
    }

    [Fact]
    public async Task A_pod_gets_the_room_of_one_that_was_deleted()
    {
        await using var rig = await SchedulerRig.StartAsync();
        await rig.AddAsync(Objects.Node("n1", cpu: "1"));
        await rig.Client.CreateAsync(Objects.Pod("first", cpu: "1"));
        await rig.PlacedAsync("first");
        await rig.Client.CreateAsync(Objects.Pod("second", cpu: "1"));
        await rig.EventAsync("second", "FailedScheduling");
        await rig.Client.DeleteAsync<Pod>(new Key("default", "first"), Deletion.Now);
        await rig.PlacedAsync("second");
    }

    [Fact]
    public async Task A_gated_pod_waits_for_its_gate()
    {
        await using var rig = await SchedulerRig.StartAsync();
        await rig.AddAsync(Objects.Node("n1"));
        await rig.Client.CreateAsync(Objects.Pod("gated", change: s => s.SchedulingGates = [new() { Name = "example.com/wait" }]));
        await rig.Client.CreateAsync(Objects.Pod("other"));
        await rig.PlacedAsync("other");
        Assert.Equal("", (await rig.GetAsync("gated")).Spec.NodeName);
        await rig.Client.PatchAsync<Pod>(new Key("default", "gated"), Patch.Merge("""{"spec":{"schedulingGates":null}}"""u8.ToArray()));
        await rig.PlacedAsync("gated");
    }
}
