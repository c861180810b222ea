using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests.Scheduling;

/// <summary>What people read when a pod fits nowhere.</summary>
public sealed class FailureMessageTests
{
    private const string None = "no new claims to deallocate, preemption: ";
    private static readonly List<Taint> Tainted = [new() { Key = "k", Value = "v", Effect = "NoSchedule" }];
    private readonly SchedulerSimulation s = new();

    private string Failure(Pod pod)
    {
        s.Create(pod);
        s.Settle();
        s.Cluster.Pass(1);
        var failure = s.Failures(pod.Metadata.Name)[^1];
        var told = Assert.Single(s.Events(pod.Metadata.Name, "FailedScheduling"));
        Assert.Equal(("Warning", "default-scheduler", "Scheduling", failure), (told.Type, told.ReportingComponent, told.Action, told.Message));
        var condition = s.Condition(pod.Metadata.Name, "PodScheduled")!;
        Assert.Equal(("False", "Unschedulable", failure), (condition.Status, condition.Reason, condition.Message));
        return failure;
    }

    [Fact]
    public void Nodes_are_counted_by_what_is_against_each()
    {
        s.Add(Objects.Node("n1", taints: Tainted));
        s.Add(Objects.Node("n2", cpu: "1"));
        s.Add(Objects.Node("n3", cpu: "1"));
        Assert.Equal($"0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. {None}0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
            Failure(Objects.Pod("p", cpu: "2")));
    }

    [Fact]
    public void All_that_one_node_lacks_is_named()
    {
        s.Add(Objects.Node("n1", cpu: "1", memory: "1Gi", pods: "1"));
        s.Place(Objects.Pod("first", cpu: "500m", memory: "600Mi"));
        Assert.Equal($"0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 1 Too many pods. {None}0/1 nodes are available: 1 No preemption victims found for incoming pod.",
            Failure(Objects.Pod("p", cpu: "800m", memory: "600Mi")));
    }

    [Fact]
    public void Reasons_are_in_the_order_of_their_text_numbers_included()
    {
        for (var i = 0; i < 10; i++) s.Add(Objects.Node("big" + i, cpu: "1"));
        s.Add(Objects.Node("c1", taints: Tainted));
        s.Add(Objects.Node("c2", taints: Tainted));
        Assert.StartsWith("0/12 nodes are available: 10 Insufficient cpu, 2 node(s) had untolerated taint(s). ", Failure(Objects.Pod("p", cpu: "2")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_selector_that_nothing_matches_is_said_of_all_nodes()
    {
        s.Add(Objects.Node("n1"));
        s.Add(Objects.Node("n2"));
        Assert.Equal($"0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. {None}0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
            Failure(Objects.Pod("p", change: spec => spec.NodeSelector = new() { ["disk"] = "ssd" })));
    }

    [Fact]
    public void A_pod_for_one_node_says_that_the_others_were_not_looked_at()
    {
        s.Add(Objects.Node("n1", cpu: "1"));
        s.Add(Objects.Node("n2"));
        s.Add(Objects.Node("n3"));
        var failure = Failure(Objects.Pod("p", cpu: "2", change: spec => spec.Affinity = new()
        {
            NodeAffinity = new() { RequiredDuringSchedulingIgnoredDuringExecution = new() { NodeSelectorTerms = [new() { MatchFields = [new() { Key = "metadata.name", Operator = "In", Values = ["n1"] }] }] } },
        }));
        Assert.Equal($"0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. {None}0/3 nodes are available: 3 Preemption is not helpful for scheduling.", failure);
    }

    [Fact]
    public void Cordoned_nodes_ports_and_affinities_have_words_of_their_own()
    {
        s.Add(Objects.Node("n1"));
        s.Place(Objects.Pod("port", change: spec => spec.Containers![0].Ports = [new() { ContainerPortValue = 80, HostPort = 80 }]));
        var cordoned = Objects.Node("n2");
        cordoned.Spec.Unschedulable = true;
        s.Add(cordoned);
        Assert.Equal($"0/2 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, 1 node(s) were unschedulable. {None}"
            + "0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.",
            Failure(Objects.Pod("p", change: spec => spec.Containers![0].Ports = [new() { ContainerPortValue = 80, HostPort = 80 }])));
    }

    [Fact]
    public void A_cluster_without_nodes_says_so()
    {
        s.Create(Objects.Pod("p"));
        s.Settle();
        Assert.Equal("no nodes available to schedule pods", s.Failures("p")[^1]);
    }

    [Fact]
    public void A_gated_pod_says_that_it_waits_for_its_gates()
    {
        s.Add(Objects.Node("n1"));
        s.Create(Objects.Pod("p", change: spec => spec.SchedulingGates = [new() { Name = "example.com/a" }]));
        s.Settle();
        Assert.Empty(s.Events("p", "FailedScheduling"));
        Assert.Equal("SchedulingGated", s.Condition("p", "PodScheduled")?.Reason);
    }
}
