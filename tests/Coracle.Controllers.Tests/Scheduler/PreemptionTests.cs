using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Scheduling.V1;

namespace Coracle.Controllers.Tests.Scheduling;

/// <summary>Pods of a higher priority make room for themselves. The priorities are those of the two classes that every cluster has.</summary>
public sealed class PreemptionTests
{
    private readonly SchedulerSimulation s = new();

    private static Pod Pod(string name, string cpu, string? priorityClass = null, Action<PodSpec>? change = null)
    {
        var pod = Objects.Pod(name, cpu: cpu, change: change);
        if (priorityClass is not null) pod.Spec.PriorityClassName = priorityClass;
        return pod;
    }

    private static Pod Critical(string name, string cpu, Action<PodSpec>? change = null) => Pod(name, cpu, "system-cluster-critical", change);
    private static Pod MostCritical(string name, string cpu) => Pod(name, cpu, "system-node-critical");

    [Fact]
    public void A_pod_of_lower_priority_makes_room_and_is_told_why()
    {
        s.Add(Objects.Node("n1", cpu: "1"));
        s.Place(Pod("low", "800m"));
        Pod? last = null;
        s.Cluster.Watch<Pod>(delta => last = delta.Object.Metadata.Name == "low" ? delta.Object : last);
        var high = s.Create(Critical("high", "500m"));
        s.Cluster.Until(() => s.Get("low").Metadata.DeletionTimestamp is not null, 5, "the victim's deletion");
        s.Cluster.Pass(1);

        Assert.Equal("n1", s.Get("high").Status.NominatedNodeName);
        Assert.Equal("0/1 nodes are available: 1 Insufficient cpu.", s.Failures("high")[0]);
        var told = s.Condition("low", "DisruptionTarget")!;
        Assert.Equal(("True", "PreemptionByScheduler", "default-scheduler: preempting to accommodate a higher priority pod"), (told.Status, told.Reason, told.Message));
        Assert.Equal($"Preempted by pod {high.Metadata.Uid} on node n1", Assert.Single(s.Events("low", "Preempted")).Message);
        Assert.Equal("", s.NodeOf("high"));

        s.End("low");
        s.Cluster.Until(() => s.NodeOf("high") == "n1", 20, "the room");
        Assert.Empty(s.Cluster.Faults);
    }

    [Fact]
    public void While_its_victim_terminates_the_pod_preempts_no_other()
    {
        s.Add(Objects.Node("n1", cpu: "1"));
        s.Add(Objects.Node("n2", cpu: "1"));
        s.Place(Pod("a", "800m"));
        s.Place(Pod("b", "800m"));
        s.Create(Critical("high", "500m"));
        s.Cluster.Until(() => s.Get("high").Status.NominatedNodeName.Length > 0, 5, "a nomination");
        s.Cluster.Pass(20); // it is tried again meanwhile
        Assert.Single(new[] { "a", "b" }, name => s.Get(name).Metadata.DeletionTimestamp is not null);
        Assert.EndsWith("no new claims to deallocate, preemption: not eligible due to a terminating pod on the nominated node.", s.Failures("high")[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_whose_policy_is_never_waits()
    {
        s.Add(Objects.Node("n1", cpu: "1"));
        s.Place(Pod("low", "800m"));
        s.Cluster.Create(new PriorityClass { Metadata = new() { Name = "patient" }, Value = 1000, PreemptionPolicy = "Never" });
        s.Create(Pod("high", "500m", "patient"));
        s.Settle();
        s.Cluster.Pass(1);
        Assert.Equal("0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.", s.Failures("high")[^1]);
        Assert.Null(s.Get("low").Metadata.DeletionTimestamp);
    }

    [Fact]
    public void As_few_and_as_unimportant_pods_as_possible_go()
    {
        s.Add(Objects.Node("n1", cpu: "2"));
        s.Place(Critical("middle", "500m"));
        foreach (var name in (string[])["a", "b", "c"])
        {
            s.Place(Pod(name, "500m"));
            s.Cluster.ChangeStatus<Pod>("default", name, pod => pod.Status.StartTime = s.Cluster.Loop.Time.GetUtcNow());
            s.Cluster.Pass(10);
        }
        s.Create(MostCritical("high", "800m"));
        s.Cluster.Until(() => s.Get("high").Status.NominatedNodeName.Length > 0, 5, "a nomination");
        s.Cluster.Pass(1);
        // Two have to go: of like priority the younger ones.
        Assert.Equal(["b", "c"], new[] { "middle", "a", "b", "c" }.Where(name => s.Get(name).Metadata.DeletionTimestamp is not null));
    }

    [Fact]
    public void The_node_is_chosen_where_it_hurts_least()
    {
        s.Add(Objects.Node("n1", cpu: "1"));
        s.Place(Critical("important", "900m"));
        s.Add(Objects.Node("n2", cpu: "1"));
        s.Place(Pod("x", "450m"));
        s.Place(Pod("y", "450m"));
        s.Add(Objects.Node("n3", cpu: "1"));
        s.Place(Pod("z", "900m"));
        s.Create(MostCritical("high", "1"));
        s.Cluster.Until(() => s.Get("high").Status.NominatedNodeName.Length > 0, 5, "a nomination");
        Assert.Equal("n3", s.Get("high").Status.NominatedNodeName); // one victim of low priority: n1's matters more, n2's are two
    }

    [Fact]
    public void The_room_is_kept_for_whom_it_was_made()
    {
        s.Add(Objects.Node("n1", cpu: "1"));
        s.Place(Pod("low", "1"));
        s.Create(Critical("high", "1"));
        s.Cluster.Until(() => s.Get("high").Status.NominatedNodeName == "n1", 5, "a nomination");
        s.Create(Pod("other", "1"));
        s.Stop();
        s.End("low");
        s.Start(); // a new scheduler knows of the promise from the pod's status
        s.Cluster.Until(() => s.NodeOf("high") == "n1", 30, "the room");
        Assert.Equal("", s.NodeOf("other"));
    }

    [Fact]
    public void A_promise_to_a_less_important_pod_is_taken_back()
    {
        s.Add(Objects.Node("n1", cpu: "1"));
        s.Place(Pod("low", "1"));
        s.Create(Critical("high", "1"));
        s.Cluster.Until(() => s.Get("high").Status.NominatedNodeName == "n1", 5, "a nomination");
        s.Create(MostCritical("highest", "1"));
        s.Cluster.Pass(30);
        s.End("low");
        s.Cluster.Until(() => s.NodeOf("highest") == "n1", 30, "the room");
        s.Cluster.Pass(30);
        Assert.Equal("", s.NodeOf("high"));
    }

    [Fact]
    public void Pods_that_would_not_help_are_left_alone()
    {
        s.Add(Objects.Node("small", cpu: "1"));
        s.Add(Objects.Node("full", cpu: "4"));
        s.Add(Objects.Node("tainted", cpu: "4", taints: [new() { Key = "k", Effect = "NoSchedule" }]));
        s.Place(Pod("a", "500m", change: spec => spec.NodeSelector = new() { ["kubernetes.io/hostname"] = "small" }));
        s.Place(Critical("b", "3", spec => spec.NodeSelector = new() { ["kubernetes.io/hostname"] = "full" }));
        s.Create(Critical("high", "2"));
        s.Settle();
        s.Cluster.Pass(1);
        Assert.Equal("0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. no new claims to deallocate, "
            + "preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.", s.Failures("high")[^1]);
        Assert.Equal("", s.Get("high").Status.NominatedNodeName);
    }
}
