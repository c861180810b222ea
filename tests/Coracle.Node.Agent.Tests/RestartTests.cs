using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent.Tests.Support;

namespace Coracle.Node.Agent.Tests;

/// <summary>Containers that end, and whether and when they start again.</summary>
public sealed class RestartTests
{
    /// <summary>Ends the container as soon as it runs, as often as said; returns the pauses between the ends and the starts.</summary>
    private static List<double> Crash(AgentFixture node, int times, int code = 1)
    {
        var pauses = new List<double>();
        for (var i = 0; i < times; i++)
        {
            var before = node.Runtime.Times("start main").Count;
            var ended = node.Loop.Time.GetUtcNow();
            node.Runtime.Exit("main", code);
            node.Until(() => node.Runtime.Times("start main").Count > before, "it starts again", 400);
            pauses.Add((node.Loop.Time.GetUtcNow() - ended).TotalSeconds);
        }
        return pauses;
    }

    private static void Are(AgentFixture node, double[] expected, List<double> pauses)
    {
        Assert.Empty(node.Faults);
        for (var i = 0; i < expected.Length; i++) Assert.InRange(pauses[i], expected[i] - 0.1, expected[i] + 1);
    }

    [Fact]
    public void A_container_that_keeps_ending_starts_again_at_once_and_then_after_10_seconds_doubling_to_5_minutes()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod());
        node.UntilReady();
        Are(node, [0, 10, 20, 40, 80, 160, 300, 300], Crash(node, 8));
        Assert.Equal(8, node.Status("main").RestartCount);
    }

    [Fact]
    public void While_it_waits_it_says_why_and_what_it_ended_with()
    {
        var node = new AgentFixture();
        var pod = node.Run(Make.Pod());
        node.UntilReady();
        Crash(node, 1);
        node.Runtime.Exit("main", 3);
        node.Until(() => node.Status("main").State.Waiting?.Reason == "CrashLoopBackOff", "it backs off");
        var status = node.Status("main");
        Assert.Equal($"back-off 10s restarting failed container=main pod=web_default({pod.Metadata.Uid})", status.State.Waiting!.Message);
        Assert.Equal((3, "Error", 1, false), (status.LastState.Terminated!.ExitCode, status.LastState.Terminated.Reason, status.RestartCount, status.Ready));
        Assert.Equal("Running", node.Pod().Status.Phase);
        Assert.Equal("False", node.Condition("Ready"));
        Assert.Contains($"Warning BackOff: Back-off restarting failed container main in pod web_default({pod.Metadata.Uid})", node.Events());
    }

    [Fact]
    public void Ten_minutes_of_running_are_forgiven()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod());
        node.UntilReady();
        Are(node, [0, 10, 20], Crash(node, 3));
        node.Pass(601);
        Are(node, [0, 10], Crash(node, 2));
    }

    [Fact]
    public void The_back_off_outlives_the_agent()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod());
        node.UntilReady();
        Are(node, [0, 10, 20], Crash(node, 3));
        var ended = node.Loop.Time.GetUtcNow();
        node.Runtime.Exit("main", 1);
        node.Pass(5);
        node.StopAgent();
        node.StartAgent();
        node.Until(() => node.Runtime.Times("start main").Count == 5, "it starts again", 100);
        Assert.InRange((node.Loop.Time.GetUtcNow() - ended).TotalSeconds, 39.9, 41);
        Are(node, [80], Crash(node, 1));
    }

    [Theory]
    [InlineData("Never", 0, "Succeeded")]
    [InlineData("Never", 1, "Failed")]
    [InlineData("OnFailure", 0, "Succeeded")]
    public void A_pod_whose_containers_have_ended_for_good_is_over(string policy, int code, string phase)
    {
        var node = new AgentFixture();
        node.Run(Make.Pod().With(s => s.RestartPolicy = policy));
        node.UntilReady();
        node.Runtime.Exit("main", code);
        node.Until(() => node.Pod().Status.Phase == phase, $"it has {phase}");
        node.Pass(3600);
        Assert.Equal(["start main"], node.Runtime.Words.Where(w => w.StartsWith("start ", StringComparison.Ordinal)));
        Assert.Contains("stop sandbox", node.Runtime.Words);
        Assert.Equal((code, code == 0 ? "Completed" : "Error"), (node.Status("main").State.Terminated!.ExitCode, node.Status("main").State.Terminated!.Reason));
        Assert.Equal(code == 0 ? "PodCompleted" : "PodFailed", node.Pod().Status.Conditions!.Find(c => c.Type == "Ready")!.Reason);
    }

    [Theory]
    [InlineData("OnFailure", 1)]
    [InlineData("Always", 0)]
    public void Otherwise_it_goes_on(string policy, int code)
    {
        var node = new AgentFixture();
        node.Run(Make.Pod().With(s => s.RestartPolicy = policy));
        node.UntilReady();
        Crash(node, 2, code);
        Assert.Equal("Running", node.Pod().Status.Phase);
    }

    [Fact]
    public void A_pod_is_over_when_the_last_of_its_containers_is()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod(Make.Container("a"), Make.Container("b")).With(s => s.RestartPolicy = "Never"));
        node.UntilReady();
        node.Runtime.Exit("a", 1);
        node.Pass(5);
        Assert.Equal("Running", node.Pod().Status.Phase);
        node.Runtime.Exit("b", 0);
        node.Until(() => node.Pod().Status.Phase == "Failed", "it has failed");
    }

    [Fact]
    public void A_container_may_have_a_restart_policy_of_its_own()
    {
        var node = new AgentFixture();
        var main = Make.Container();
        main.RestartPolicy = "Never";
        main.RestartPolicyRules = [new() { Action = "Restart", ExitCodes = new() { Operator = "In", Values = [42] } }];
        node.Run(Make.Pod(main).With(s => s.RestartPolicy = "Never"));
        node.UntilReady();
        node.Runtime.Exit("main", 42);
        node.Until(() => node.Runtime.Times("start main").Count == 2, "it starts again");
        node.Runtime.Exit("main", 1);
        node.Until(() => node.Pod().Status.Phase == "Failed", "it has failed");
    }

    [Fact]
    public void A_new_image_is_a_new_container()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod());
        node.UntilReady();
        node.Change<Pod>("web", pod => pod.Spec.Containers![0].Image = "registry.test/main:2");
        node.Until(() => node.Status("main") is { RestartCount: 1, State.Running: not null }, "it runs anew");
        Assert.Equal("registry.test/main:2", node.Runtime.Made[^1].Image.UserSpecifiedImage);
        Assert.Contains("Normal Killing: Container main definition changed, will be restarted", node.Events());
    }

    [Fact]
    public void A_sandbox_that_has_gone_is_made_anew_with_all_that_was_in_it()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod().With(s => s.InitContainers = [Make.Container("first")]));
        node.Until(() => node.Runtime.Words.Contains("start first"), "the first one runs");
        node.Runtime.Exit("first", 0);
        node.UntilReady();
        var sandbox = node.Do(async () => (await node.Runtime.ListPodSandboxes(null, default))[0].Id);
        node.Do(async () =>
        {
            await node.Runtime.StopPodSandbox(sandbox, default);
            return true;
        });
        node.Until(() => node.Runtime.Times("start first").Count == 2, "it is prepared anew");
        node.Runtime.Exit("first", 0);
        node.UntilReady();
        Assert.Equal(2, node.Runtime.Times("start main").Count);
        Assert.Equal("10.0.0.2", node.Pod().Status.PodIP);
        Assert.Contains("Normal SandboxChanged: Pod sandbox changed, it will be killed and re-created.", node.Events());
    }

    [Fact]
    public void A_pod_that_runs_longer_than_it_may_is_ended()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod().With(s => s.ActiveDeadlineSeconds = 30));
        node.UntilReady();
        node.Pass(28);
        Assert.Equal("Running", node.Pod().Status.Phase);
        node.Until(() => node.Pod().Status.Phase == "Failed", "its time is up", 4);
        var status = node.Pod().Status;
        Assert.Equal(("DeadlineExceeded", "Pod was active on the node longer than the specified deadline"), (status.Reason, status.Message));
        node.Pass(100);
        Assert.Single(node.Events(), e => e == "Normal DeadlineExceeded: Pod was active on the node longer than the specified deadline");
        Assert.Contains("stop main within 30", node.Runtime.Words);
    }
}
