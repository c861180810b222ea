using Coracle.Kinds.Coordination.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent.Tests.Support;
using Coracle.Schema;

namespace Coracle.Node.Agent.Tests;

using V1Node = Coracle.Kinds.Core.V1.Node;

/// <summary>What a node says of itself.</summary>
public sealed class NodeTests
{
    private static V1Node Node(AgentFixture node) => node.Do(() => node.Client.GetAsync<V1Node>(new("", AgentFixture.NodeName)));

    private static NodeCondition Ready(AgentFixture node) => Node(node).Status.Conditions!.Find(c => c.Type == "Ready")!;

    [Fact]
    public void A_node_registers_itself_with_what_it_has()
    {
        var node = new AgentFixture();
        var registered = Node(node);
        Assert.Equal("n1", registered.Metadata.Labels!["kubernetes.io/hostname"]);
        Assert.Equal("4", registered.Status.Capacity!["cpu"].ToString());
        Assert.Equal("simulated://1.0", registered.Status.NodeInfo.ContainerRuntimeVersion);
        Assert.Equal(["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"], registered.Status.Conditions!.Select(c => c.Type));
        Assert.Equal(("True", "KubeletReady", "kubelet is posting ready status"), (Ready(node).Status, Ready(node).Reason, Ready(node).Message));
        Assert.Contains("Normal NodeReady: Node n1 status is now: NodeReady", node.Events("Node"));
    }

    [Fact]
    public void Resources_that_others_told_of_stay_in_its_status()
    {
        var node = new AgentFixture();
        var told = Node(node);
        told.Status.Capacity!["example.com/dongle"] = Quantity.Parse("2");
        node.Do(() => node.Client.TryUpdateStatusAsync(told));
        node.Pass(600); // it tells of itself every five minutes
        Assert.Equal(("2", "2", "4"), (Node(node).Status.Capacity!["example.com/dongle"].ToString(), Node(node).Status.Allocatable!["example.com/dongle"].ToString(), Node(node).Status.Capacity!["cpu"].ToString()));
    }

    [Fact]
    public void Its_lease_is_renewed_every_ten_seconds_for_forty()
    {
        var node = new AgentFixture();
        node.Pass(1);
        Lease Lease() => node.Get<Lease>(AgentFixture.NodeName, "kube-node-lease");
        Assert.Equal((AgentFixture.NodeName, 40), (Lease().Spec.HolderIdentity, Lease().Spec.LeaseDurationSeconds));
        var first = Lease().Spec.RenewTime!.Value;
        node.Pass(60);
        Assert.InRange((Lease().Spec.RenewTime!.Value - first).TotalSeconds, 50, 60);
        Assert.Equal("Node", Lease().Metadata.OwnerReferences![0].Kind);
    }

    [Fact]
    public void A_node_that_is_well_says_so_every_five_minutes_and_not_more_often()
    {
        var node = new AgentFixture();
        node.Pass(1);
        var (version, beat) = (Node(node).Metadata.ResourceVersion, Ready(node).LastHeartbeatTime);
        node.Pass(280);
        Assert.Equal(version, Node(node).Metadata.ResourceVersion);
        node.Pass(40);
        Assert.True(Ready(node).LastHeartbeatTime > beat);
        Assert.True(Ready(node).LastTransitionTime <= beat);
    }

    [Fact]
    public void A_node_whose_runtime_is_not_well_says_so_within_seconds_and_when_it_is_again()
    {
        var node = new AgentFixture();
        node.Pass(1);
        node.Runtime.Unwell = "Network plugin returns error: cni plugin not initialized";
        node.Pass(11);
        Assert.Equal(("False", "KubeletNotReady", "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"),
            (Ready(node).Status, Ready(node).Reason, Ready(node).Message));
        Assert.Contains("Normal NodeNotReady: Node n1 status is now: NodeNotReady", node.Events("Node"));
        node.Runtime.Unwell = null;
        node.Pass(11);
        Assert.Equal("True", Ready(node).Status);
    }

    [Fact]
    public void A_node_that_comes_back_keeps_its_object_and_runs_what_it_ran()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod());
        node.UntilReady();
        var (uid, pod) = (Node(node).Metadata.Uid, node.Pod());
        node.StopAgent();
        node.Pass(30);
        node.StartAgent();
        node.Pass(30);
        Assert.Equal(uid, Node(node).Metadata.Uid);
        Assert.Equal(pod.Metadata.ResourceVersion, node.Pod().Metadata.ResourceVersion);
        Assert.Equal(["sandbox", "start main"], node.Runtime.Words);
    }

    [Fact]
    public void What_was_deleted_while_the_agent_was_away_is_ended_when_it_is_back()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod());
        var other = Make.Pod();
        other.Metadata.Name = "other";
        node.Run(other);
        node.UntilReady();
        node.UntilReady("other");
        node.StopAgent();
        node.Delete(how: Sdk.Deletion.Now);
        node.Delete("other");
        node.StartAgent();
        node.Until(() => node.Find("other") is null && node.Do(async () => await node.Runtime.ListPodSandboxes(null, default)).Count == 0, "both are gone");
    }

    [Fact]
    public void What_ended_while_the_agent_was_away_is_started_again_when_it_is_back()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod());
        node.UntilReady();
        node.StopAgent();
        node.Runtime.Exit("main", 5);
        node.Pass(30);
        node.StartAgent();
        node.Until(() => node.Status("main") is { RestartCount: 1, State.Running: not null, LastState.Terminated.ExitCode: 5 }, "it runs again");
    }

    [Fact]
    public void Wherever_the_agent_is_stopped_the_pod_comes_to_run_once()
    {
        for (var at = 0; at < 60; at++)
        {
            var node = new AgentFixture(seed: at, start: false);
            node.Runtime.Absent.Add("registry.test/main:1");
            node.Runtime.PullTakes = TimeSpan.FromSeconds(2);
            var main = Make.Container();
            main.ReadinessProbe = Make.Exec("ready");
            node.StartAgent();
            node.Run(Make.Pod(main).With(s => s.InitContainers = [Make.Sidecar("proxy")]));
            node.Loop.RunFor(TimeSpan.FromMilliseconds(at * 100));
            node.StopAgent();
            node.StartAgent();
            node.UntilReady();
            Assert.Equal(["sandbox", "start proxy", "start main"], node.Runtime.Words.Where(w => w == "sandbox" || w.StartsWith("start ", StringComparison.Ordinal)));
            Assert.Equal((0, 0), (node.Status("main").RestartCount, node.Status("proxy").RestartCount));
        }
    }
}
