using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Policy.V1;
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

    private void Protect(string app, int allowed)
    {
        s.Cluster.Create(new PodDisruptionBudget { Metadata = new() { Namespace = "default", Name = app }, Spec = new() { MinAvailable = 1, Selector = new() { MatchLabels = new() { ["app"] = app } } } });
        s.Cluster.ChangeStatus<PodDisruptionBudget>("default", app, budget => budget.Status.DisruptionsAllowed = allowed);
        s.Cluster.Pass(0.1);
    }

    private static Pod Of(string app, Pod pod)
    {
        pod.Metadata.Labels = new() { ["app"] = app };
        return pod;
    }

    [Fact]
    public void A_node_is_spared_whose_pods_a_budget_protects()
    {
        s.Add(Objects.Node("n1", cpu: "1"));
        s.Place(Of("guarded", Pod("a", "900m")));
        s.Add(Objects.Node("n2", cpu: "1"));
        s.Place(Pod("b", "450m"));
        s.Place(Pod("c", "450m")); // two victims hurt more than one, but for the budget
        Protect("guarded", 0);
        s.Create(MostCritical("high", "1"));
        s.Cluster.Until(() => s.Get("high").Status.NominatedNodeName.Length > 0, 5, "a nomination");
        Assert.Equal("n2", s.Get("high").Status.NominatedNodeName);
    }

    [Fact]
    public void Of_the_pods_of_a_node_those_go_that_a_budget_can_spare()
    {
        s.Add(Objects.Node("n1", cpu: "1"));
        s.Place(Of("guarded", Pod("a", "500m")));
        s.Place(Of("free", Pod("b", "500m")));
        Protect("guarded", 0);
        Protect("free", 1);
        s.Create(MostCritical("high", "500m"));
        s.Cluster.Until(() => s.Get("high").Status.NominatedNodeName.Length > 0, 5, "a nomination");
        s.Cluster.Until(() => s.Cluster.Find<Pod>("default", "b") is null or { Metadata.DeletionTimestamp: not null }, 5, "the victim's deletion");
        Assert.Null(s.Get("a").Metadata.DeletionTimestamp);
    }

    [Fact]
    public void Where_nothing_else_helps_a_budget_does_not_protect()
    {
        s.Add(Objects.Node("n1", cpu: "1"));
        s.Place(Of("guarded", Pod("a", "900m")));
        Protect("guarded", 0);
        s.Create(MostCritical("high", "1"));
        s.Cluster.Until(() => s.Cluster.Find<Pod>("default", "a") is null or { Metadata.DeletionTimestamp: not null }, 5, "the victim's deletion");
    }
}
