using Coracle.Controllers.Scheduling;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.Scheduling;

public sealed class QueueTests
{
    private readonly VirtualTime time = new();
    private readonly Profile profile;
    private readonly SchedulingQueue queue;
    private readonly Fussy fussy = new();

    /// <summary>Rejects, and wants to know of nodes that are new and of taints of nodes named "good".</summary>
    private sealed class Fussy : Plugin
    {
        public override string Name => "Fussy";
        public override IReadOnlyList<EventHint> Events { get; } = [new(ClusterChange.NodeAdded), new(ClusterChange.NodeTaints, static (_, what) => what.NewNode!.Metadata.Name == "good")];
    }

    public QueueTests()
    {
        profile = new("default-scheduler", [new(new SchedulingGates()), new(new PrioritySort()), new(fussy)]);
        queue = new(time, profile.Sort);
    }

    private QueuedPod Add(string name, int priority = 0, bool gated = false)
    {
        var pod = Objects.Pod(name, priority: priority, change: s => s.SchedulingGates = gated ? [new() { Name = "g" }] : null);
        pod.Metadata.Uid = name;
        var queued = new QueuedPod(new(pod), profile);
        queue.Add(queued);
        return queued;
    }

    private string Pop()
    {
        queue.Flush();
        return queue.TryPop(out var pod) ? pod.Pod.Metadata.Name : "";
    }

    private QueuedPod Take()
    {
        queue.Flush();
        Assert.True(queue.TryPop(out var pod));
        return pod;
    }

    private static ClusterEvent NodeAdded => new(ClusterChange.NodeAdded) { NewNode = Objects.Node("n") };
    private static ClusterEvent Tainted(string node) => new(ClusterChange.NodeTaints) { OldNode = Objects.Node(node), NewNode = Objects.Node(node) };

    [Fact]
    public void The_most_important_comes_first_and_of_like_ones_the_first_that_came()
    {
        Add("a");
        time.Advance(TimeSpan.FromSeconds(1));
        Add("b");
        Add("urgent", priority: 10);
        Assert.Equal(["urgent", "a", "b", ""], new[] { Pop(), Pop(), Pop(), Pop() });
    }

    [Fact]
    public void A_pod_that_fits_nowhere_waits_for_an_event_that_its_plugin_named()
    {
        Add("a");
        queue.PutUnschedulable(Take(), fussy.Bit, 0);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("", Pop());
        queue.Move(new(ClusterChange.AssignedPodDeleted));
        queue.Move(Tainted("bad")); // named, but this one cannot help
        Assert.Equal(("", 1), (Pop(), queue.UnschedulableCount));
        queue.Move(Tainted("good"));
        Assert.Equal(("a", 0), (Pop(), queue.UnschedulableCount));
    }

    [Fact]
    public void It_backs_off_for_a_second_doubling_up_to_ten()
    {
        Add("a");
        foreach (var seconds in (int[])[1, 2, 4, 8, 10, 10])
        {
            queue.PutUnschedulable(Take(), fussy.Bit, 0);
            queue.Move(NodeAdded);
            Assert.Equal((0, 1), (queue.ActiveCount, queue.BackoffCount));
            Assert.Equal(TimeSpan.FromSeconds(seconds), queue.UntilFlush);
            time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            queue.Flush();
            Assert.Equal(0, queue.ActiveCount);
            time.Advance(TimeSpan.FromMilliseconds(1));
            queue.Flush();
            Assert.Equal((1, 0), (queue.ActiveCount, queue.BackoffCount));
        }
    }

    [Fact]
    public void It_is_taken_early_when_nothing_else_waits()
    {
        Add("a");
        queue.PutUnschedulable(Take(), fussy.Bit, 0);
        queue.Move(NodeAdded);
        Add("b");
        Assert.Equal(["b", "a"], new[] { Pop(), Pop() });
    }

    [Fact]
    public void After_an_error_it_waits_its_time_out()
    {
        Add("a");
        queue.PutFailed(Take());
        Assert.Equal("", Pop());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("a", Pop());
    }

    [Fact]
    public void What_it_waited_for_wakes_it_at_once()
    {
        Add("a");
        queue.PutUnschedulable(Take(), 0, fussy.Bit);
        queue.Move(NodeAdded);
        Assert.Equal((1, 0), (queue.ActiveCount, queue.BackoffCount));
    }

    [Fact]
    public void A_pod_that_no_plugin_rejected_is_tried_at_any_event()
    {
        Add("a");
        queue.PutUnschedulable(Take(), 0, 0);
        time.Advance(TimeSpan.FromSeconds(2));
        queue.Move(new(ClusterChange.NodeLabels) { NewNode = Objects.Node("n") });
        Assert.Equal("a", Pop());
    }

    [Fact]
    public void After_five_minutes_it_is_tried_whatever_happened()
    {
        Add("a");
        queue.PutUnschedulable(Take(), fussy.Bit, 0);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("", Pop());
            time.Advance(TimeSpan.FromSeconds(30));
        }
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("a", Pop());
    }

    [Fact]
    public void A_gated_pod_is_held_until_its_gates_are_gone()
    {
        var pod = Add("a", gated: true);
        time.Advance(TimeSpan.FromMinutes(10));
        queue.Move(NodeAdded);
        Assert.Equal(("", 1), (Pop(), queue.UnschedulableCount));
        var open = Objects.Pod("a");
        open.Metadata.Uid = "a";
        queue.Update(pod, new(open), ClusterChange.PodGatesEliminated);
        Assert.Equal("a", Pop());
    }

    [Fact]
    public void A_pod_for_which_room_is_being_made_is_left_until_that_is_done()
    {
        Add("a");
        var pod = Take();
        queue.PutUnschedulable(pod, fussy.Bit, 0);
        pod.IsBusy = true;
        time.Advance(TimeSpan.FromSeconds(5));
        queue.Move(NodeAdded);
        Assert.Equal("", Pop());
        queue.Release(pod);
        Assert.Equal("a", Pop());
    }

    [Fact]
    public void A_pod_that_is_gone_is_not_tried_wherever_it_was()
    {
        Add("active");
        Add("backoff");
        Add("unschedulable");
        var pods = new[] { Take(), Take(), Take() };
        queue.PutFailed(pods[1]);
        queue.PutUnschedulable(pods[2], fussy.Bit, 0);
        Add("active");
        foreach (var name in (string[])["active", "backoff", "unschedulable"]) queue.Remove(name);
        time.Advance(TimeSpan.FromMinutes(10));
        queue.Move(NodeAdded);
        Assert.Equal("", Pop());
        Assert.Equal((0, 0, 0), (queue.ActiveCount, queue.BackoffCount, queue.UnschedulableCount));
    }
}
