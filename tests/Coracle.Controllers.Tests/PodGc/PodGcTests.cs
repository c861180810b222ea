using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests;

using Node = Coracle.Kinds.Core.V1.Node; // not the namespace Coracle.Node

public sealed class PodGcTests
{
    private static Controller Gc(InformerSet informers) => PodGcReconciler.NewController(informers, threshold: 3);

    [Fact]
    public void Of_the_pods_that_ended_the_oldest_above_the_threshold_go_evicted_ones_first()
    {
        var cluster = new SimulatedCluster(10, Gc);
        for (var i = 0; i < 6; i++)
        {
            cluster.Create(Parts.Pod($"p{i}", "job"));
            cluster.ChangeStatus<Pod>("default", $"p{i}", pod => pod.Status = new() { Phase = i == 4 ? "Failed" : "Succeeded", Reason = i == 4 ? "Evicted" : "" });
            cluster.Pass(1);
        }
        cluster.Create(Parts.Pod("running", "job"));
        cluster.Pass(20);
        Assert.Equal(["p2", "p3", "p5", "running"], cluster.List<Pod>().Select(p => p.Metadata.Name));
    }

    [Fact]
    public void Pods_of_a_node_that_is_gone_are_removed_after_a_quarantine()
    {
        var cluster = new SimulatedCluster(11, Gc);
        cluster.Create(Parts.Node("n1"));
        cluster.Create(Parts.Node("n2"));
        cluster.Create(Parts.Pod("a", "web", "n1"));
        cluster.Create(Parts.Pod("b", "web", "n2"));
        var last = new List<Pod>();
        cluster.Watch<Pod>(delta =>
        {
            if (delta.Type == DeltaType.Deleted) last.Add(delta.Object);
        });
        cluster.Pass(5);
        cluster.Delete<Node>("", "n1");
        cluster.Pass(39);
        Assert.NotNull(cluster.Find<Pod>("default", "a"));
        cluster.Pass(30);
        Assert.Equal("b", Assert.Single(cluster.List<Pod>()).Metadata.Name);
        var condition = Assert.Single(last).Status.Conditions!.Find(c => c.Type == "DisruptionTarget")!;
        Assert.Equal(("Failed", "DeletionByPodGC", "PodGC: node no longer exists"), (last[0].Status.Phase, condition.Reason, condition.Message));
    }

    [Theory]
    // node of the pod, deleted, node ready, node out of service
    [InlineData("", true, "True", false, true)]
    [InlineData("", false, "True", false, false)]
    [InlineData("n1", true, "Unknown", true, true)]
    [InlineData("n1", true, "True", true, false)]
    [InlineData("n1", true, "Unknown", false, false)]
    [InlineData("n1", false, "Unknown", true, false)]
    public void A_pod_that_is_to_end_and_has_no_node_to_end_it_is_stuck(string nodeName, bool deleted, string ready, bool outOfService, bool expected)
    {
        var pod = Parts.Pod("a", "web", nodeName);
        if (deleted) pod.Metadata.DeletionTimestamp = DateTimeOffset.UnixEpoch;
        var node = Parts.Node("n1");
        node.Status.Conditions = [new() { Type = "Ready", Status = ready }];
        if (outOfService) node.Spec.Taints = [new() { Key = NodeTaints.OutOfService, Effect = "NoExecute" }];
        Assert.Equal(expected, DeadPods.IsStuck(pod, nodeName.Length == 0 ? null : node));
    }
}
