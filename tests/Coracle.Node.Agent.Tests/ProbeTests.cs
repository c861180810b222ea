using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent.Tests.Support;

namespace Coracle.Node.Agent.Tests;

public sealed class ProbeTests
{
    private static Container Probed(Action<Container> probes)
    {
        var main = Make.Container();
        probes(main);
        return main;
    }

    [Fact]
    public void A_pod_is_ready_once_its_readiness_probe_succeeds_and_while_it_does()
    {
        var node = new AgentFixture();
        var well = false;
        node.Runtime.OnExec = (_, _) => (well ? 0 : 1, "not yet");
        node.Run(Make.Pod(Probed(c => c.ReadinessProbe = Make.Exec("ready", period: 5, failures: 2))));
        node.Until(() => node.Status("main").State.Running is not null, "it runs");
        node.Pass(20);
        Assert.Equal(("False", true), (node.Condition("Ready"), node.Status("main").Started == true));
        Assert.Contains("Warning Unhealthy: Readiness probe failed: not yet", node.Events());
        well = true;
        node.UntilReady();
        well = false;
        node.Pass(5.5);
        Assert.Equal("True", node.Condition("Ready"));
        node.Until(() => node.Condition("Ready") == "False", "it is not ready after two failures", 6);
        Assert.Equal(0, node.Status("main").RestartCount);
    }

    [Fact]
    public void More_than_one_success_may_be_asked_for()
    {
        var node = new AgentFixture();
        var probe = Make.Exec("ready", period: 10);
        probe.SuccessThreshold = 3;
        node.Run(Make.Pod(Probed(c => c.ReadinessProbe = probe)));
        node.Until(() => node.Status("main").State.Running is not null, "it runs");
        node.Pass(19);
        Assert.Equal("False", node.Condition("Ready"));
        node.Until(() => node.Condition("Ready") == "True", "it is ready", 3);
    }

    [Fact]
    public void A_probe_waits_for_its_delay()
    {
        var node = new AgentFixture();
        var probe = Make.Exec("ready");
        probe.InitialDelaySeconds = 30;
        node.Run(Make.Pod(Probed(c => c.ReadinessProbe = probe)));
        node.Until(() => node.Condition("Ready") == "True", "it is ready");
        Assert.InRange(node.Runtime.Times("exec main: ready")[0] - node.Runtime.Times("start main")[0], 29.9, 31);
    }

    [Fact]
    public void A_container_whose_liveness_probe_fails_is_started_again()
    {
        var node = new AgentFixture();
        var failures = 0;
        node.Runtime.OnExec = (_, _) => (++failures <= 3 ? 1 : 0, "dead");
        node.Run(Make.Pod(Probed(c => c.LivenessProbe = Make.Exec("alive", period: 10))));
        node.Until(() => node.Status("main") is { RestartCount: 1, State.Running: not null }, "it runs again");
        Assert.Contains("stop main within 30", node.Runtime.Words);
        Assert.InRange(node.Runtime.Times("stop main within 30")[0] - node.Runtime.Times("start main")[0], 20, 21);
        var events = node.Events();
        Assert.Contains("Warning Unhealthy: Liveness probe failed: dead", events);
        Assert.Contains("Normal Killing: Container main failed liveness probe, will be restarted", events);
        Assert.DoesNotContain("Normal Killing: Stopping container main", events);
    }

    [Fact]
    public void A_probe_may_ask_for_another_grace_period()
    {
        var node = new AgentFixture();
        var failures = 0;
        node.Runtime.OnExec = (_, _) => (++failures <= 1 ? 1 : 0, "");
        var probe = Make.Exec("alive", failures: 1);
        probe.TerminationGracePeriodSeconds = 7;
        node.Run(Make.Pod(Probed(c => c.LivenessProbe = probe)));
        node.Until(() => node.Runtime.Words.Contains("stop main within 7"), "it is killed");
    }

    [Fact]
    public void Before_the_startup_probe_has_succeeded_no_other_is_asked()
    {
        var node = new AgentFixture();
        var started = false;
        node.Runtime.OnExec = (_, command) => (command != "started" || started ? 0 : 1, "");
        node.Run(Make.Pod(Probed(c => (c.StartupProbe, c.ReadinessProbe, c.LivenessProbe) = (Make.Exec("started", failures: 60), Make.Exec("ready"), Make.Exec("alive")))));
        node.Until(() => node.Status("main").State.Running is not null, "it runs");
        node.Pass(40);
        Assert.Equal((false, false), (node.Status("main").Started, node.Status("main").Ready));
        Assert.DoesNotContain("exec main: ready", node.Runtime.Words);
        Assert.DoesNotContain("exec main: alive", node.Runtime.Words);
        started = true;
        node.UntilReady();
        Assert.True(node.Status("main").Started);
        var asked = node.Runtime.Times("exec main: started").Count;
        node.Pass(30);
        Assert.Equal(asked, node.Runtime.Times("exec main: started").Count);
        Assert.True(node.Runtime.Times("exec main: alive").Count > 20);
    }

    [Fact]
    public void A_container_that_does_not_start_up_is_started_again()
    {
        var node = new AgentFixture();
        node.Runtime.OnExec = (_, _) => (1, "");
        node.Run(Make.Pod(Probed(c => c.StartupProbe = Make.Exec("started", failures: 5))));
        node.Until(() => node.Status("main").RestartCount == 1, "it is started again");
        Assert.Contains("Normal Killing: Container main failed startup probe, will be restarted", node.Events());
    }

    [Fact]
    public void A_command_that_takes_too_long_has_failed()
    {
        var node = new AgentFixture();
        node.Runtime.ExecTakes["ready"] = TimeSpan.FromSeconds(90);
        node.Run(Make.Pod(Probed(c => c.ReadinessProbe = Make.Exec("ready"))));
        node.Until(() => node.Status("main").State.Running is not null, "it runs");
        node.Pass(5);
        Assert.Contains("Warning Unhealthy: Readiness probe failed: command timed out: \"ready\" timed out after 1s", node.Events());
    }

    [Fact]
    public void A_pod_waits_for_its_readiness_gates()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod().With(s => s.ReadinessGates = [new() { ConditionType = "example.com/balanced" }]));
        node.Until(() => node.Condition("ContainersReady") == "True", "its containers are ready");
        var ready = node.Pod().Status.Conditions!.Find(c => c.Type == "Ready")!;
        Assert.Equal(("False", "ReadinessGatesNotReady", "corresponding condition of pod readiness gate \"example.com/balanced\" does not exist."), (ready.Status, ready.Reason, ready.Message));
        node.ChangeStatus("web", pod => pod.Status.Conditions!.Add(new() { Type = "example.com/balanced", Status = "False" }));
        node.Until(() => node.Pod().Status.Conditions!.Find(c => c.Type == "Ready")!.Message == "the status of pod readiness gate \"example.com/balanced\" is not \"True\", but False", "it says so");
        node.ChangeStatus("web", pod => pod.Status.Conditions!.Find(c => c.Type == "example.com/balanced")!.Status = "True");
        node.UntilReady();
    }

    [Fact]
    public void A_restart_of_the_agent_makes_nothing_unready_and_kills_nothing()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod(Probed(c =>
        {
            (c.StartupProbe, c.ReadinessProbe, c.LivenessProbe) = (Make.Exec("started", period: 10), Make.Exec("ready", period: 60), Make.Exec("alive", failures: 1));
            (c.ReadinessProbe.InitialDelaySeconds, c.LivenessProbe.InitialDelaySeconds) = (20, 20);
        })));
        node.UntilReady();
        var since = node.Pod().Status.Conditions!.Find(c => c.Type == "Ready")!.LastTransitionTime;
        var asked = node.Runtime.Times("exec main: started").Count;
        for (var i = 0; i < 5; i++)
        {
            node.StopAgent();
            node.Pass(3);
            node.StartAgent();
            node.Pass(7);
        }
        Assert.Equal(since, node.Pod().Status.Conditions!.Find(c => c.Type == "Ready")!.LastTransitionTime);
        Assert.Equal(asked, node.Runtime.Times("exec main: started").Count);
        Assert.Equal(["sandbox", "start main"], node.Runtime.Words.Where(w => !w.StartsWith("exec", StringComparison.Ordinal)));
    }
}
