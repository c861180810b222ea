using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent.Tests.Support;
using Coracle.Sdk;

namespace Coracle.Node.Agent.Tests;

/// <summary>Containers that run before the others, and those that run beside them.</summary>
public sealed class InitContainerTests
{
    [Fact]
    public void Init_containers_run_one_after_the_other_and_then_the_others()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod().With(s => s.InitContainers = [Make.Container("one"), Make.Container("two")]));
        node.Until(() => node.Status("one").State.Running is not null, "the first runs");
        var status = node.Pod().Status;
        Assert.Equal(("Pending", "PodInitializing", "PodInitializing"), (status.Phase, status.ContainerStatuses![0].State.Waiting!.Reason, status.InitContainerStatuses![1].State.Waiting!.Reason));
        var initialized = status.Conditions!.Find(c => c.Type == "Initialized")!;
        Assert.Equal(("False", "ContainersNotInitialized", "containers with incomplete status: [one two]"), (initialized.Status, initialized.Reason, initialized.Message));
        node.Runtime.Exit("one", 0);
        node.Until(() => node.Status("two").State.Running is not null, "the second runs");
        Assert.Equal("containers with incomplete status: [two]", node.Pod().Status.Conditions!.Find(c => c.Type == "Initialized")!.Message);
        node.Runtime.Exit("two", 0);
        node.UntilReady();
        Assert.Equal(["sandbox", "start one", "start two", "start main"], node.Runtime.Words);
        Assert.True(node.Status("one").Ready);
        Assert.Equal("Completed", node.Status("one").State.Terminated!.Reason);
    }

    [Fact]
    public void An_init_container_that_fails_is_tried_again_with_back_off_and_holds_the_others_up()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod().With(s => s.InitContainers = [Make.Container("one")]));
        for (var tries = 1; tries <= 3; tries++)
        {
            node.Until(() => node.Runtime.Times("start one").Count == tries, "it runs", 100);
            node.Runtime.Exit("one", 1);
        }
        node.Until(() => node.Status("one").State.Waiting?.Reason == "CrashLoopBackOff", "it backs off");
        Assert.Equal("Pending", node.Pod().Status.Phase);
        Assert.DoesNotContain("start main", node.Runtime.Words);
        node.Until(() => node.Runtime.Times("start one").Count == 4, "it runs", 100);
        node.Runtime.Exit("one", 0);
        node.UntilReady();
        Assert.Equal(3, node.Status("one").RestartCount);
    }

    [Fact]
    public void A_pod_that_does_not_restart_fails_with_its_init_container()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod().With(s => (s.InitContainers, s.RestartPolicy) = ([Make.Container("one")], "Never")));
        node.Until(() => node.Status("one").State.Running is not null, "it runs");
        node.Runtime.Exit("one", 1);
        node.Until(() => node.Pod().Status.Phase == "Failed", "it has failed");
        Assert.DoesNotContain("start main", node.Runtime.Words);
    }

    [Fact]
    public void A_sidecar_starts_in_its_turn_and_the_next_wait_until_it_has_started()
    {
        var node = new AgentFixture();
        var started = false;
        node.Runtime.OnExec = (_, _) => (started ? 0 : 1, "");
        var sidecar = Make.Sidecar("proxy");
        sidecar.StartupProbe = Make.Exec("up", failures: 100);
        node.Run(Make.Pod().With(s => s.InitContainers = [Make.Container("one"), sidecar, Make.Container("two")]));
        node.Until(() => node.Status("one").State.Running is not null, "the first runs");
        node.Runtime.Exit("one", 0);
        node.Until(() => node.Status("proxy").State.Running is not null, "the sidecar runs");
        node.Pass(10);
        Assert.DoesNotContain("start two", node.Runtime.Words);
        started = true;
        node.Until(() => node.Runtime.Words.Contains("start two"), "the next runs");
        node.Runtime.Exit("two", 0);
        node.UntilReady();
        Assert.Equal(["start one", "start proxy", "start two", "start main"], node.Runtime.Words.Where(w => w.StartsWith("start ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_sidecar_that_ends_starts_again_whatever_the_pod_does()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod().With(s => (s.InitContainers, s.RestartPolicy) = ([Make.Sidecar("proxy")], "Never")));
        node.UntilReady();
        node.Runtime.Exit("proxy", 0);
        node.Until(() => node.Runtime.Times("start proxy").Count == 2, "it starts again");
        Assert.Equal("Running", node.Pod().Status.Phase);
    }

    [Fact]
    public void A_pod_is_not_ready_before_its_sidecars_are()
    {
        var node = new AgentFixture();
        var ready = false;
        node.Runtime.OnExec = (_, _) => (ready ? 0 : 1, "");
        var sidecar = Make.Sidecar("proxy");
        sidecar.ReadinessProbe = Make.Exec("ready");
        node.Run(Make.Pod().With(s => s.InitContainers = [sidecar]));
        node.Until(() => node.Status("main").State.Running is not null, "it runs");
        node.Pass(5);
        var condition = node.Pod().Status.Conditions!.Find(c => c.Type == "ContainersReady")!;
        Assert.Equal(("False", "containers with unready status: [proxy]"), (condition.Status, condition.Message));
        ready = true;
        node.UntilReady();
    }

    [Fact]
    public void When_the_containers_have_ended_the_sidecars_are_ended_and_then_the_pod_is_over()
    {
        var node = new AgentFixture();
        node.Runtime.StopTakes["proxy"] = TimeSpan.FromSeconds(8);
        node.Run(Make.Pod().With(s => (s.InitContainers, s.RestartPolicy) = ([Make.Sidecar("proxy")], "Never")));
        node.UntilReady();
        node.Runtime.Exit("main", 0);
        node.Until(() => node.Runtime.Words.Contains("stop proxy within 30"), "the sidecar is stopped");
        Assert.NotEqual("Succeeded", node.Pod().Status.Phase);
        node.Until(() => node.Pod().Status.Phase == "Succeeded", "it has succeeded", 10);
        Assert.NotNull(node.Status("proxy").State.Terminated);
    }

    [Fact]
    public void Sidecars_end_after_the_others_in_reverse_order_with_what_is_left_of_the_time()
    {
        var node = new AgentFixture();
        node.Runtime.StopTakes["main"] = TimeSpan.FromSeconds(12);
        node.Runtime.StopTakes["b"] = TimeSpan.FromSeconds(5);
        node.Run(Make.Pod().With(s => s.InitContainers = [Make.Sidecar("a"), Make.Sidecar("b")]));
        node.UntilReady();
        node.Delete(how: new Deletion { GracePeriod = TimeSpan.FromSeconds(30) });
        node.Until(() => node.Find() is null, "it is gone");
        Assert.Equal(["stop main within 30", "stop b within 18", "stop a within 13"], node.Runtime.Words.Where(w => w.Contains("within", StringComparison.Ordinal)));
    }
}
