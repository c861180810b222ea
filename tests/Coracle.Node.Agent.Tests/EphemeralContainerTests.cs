using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent.Tests.Support;
using Coracle.Node.Cri.V1;

namespace Coracle.Node.Agent.Tests;

/// <summary>Containers that join a running pod to look into it.</summary>
public sealed class EphemeralContainerTests
{
    private const string Debugger = """{"spec":{"ephemeralContainers":[{"name":"debug","image":"registry.test/tools:1","targetContainerName":"main","stdin":true,"tty":true}]}}""";

    private static AgentFixture Running(Action<PodSpec>? change = null)
    {
        var node = new AgentFixture();
        node.Run(Make.Pod().With(change ?? (_ => { })));
        node.UntilReady();
        return node;
    }

    [Fact]
    public void One_that_is_added_starts_and_sees_the_processes_of_its_target()
    {
        var node = Running();
        node.Patch("ephemeralcontainers", Debugger);
        node.Until(() => node.Pod().Status.EphemeralContainerStatuses is [{ State.Running: not null }], "the ephemeral container runs");
        var made = node.Runtime.Made[^1];
        Assert.Equal(("debug", NamespaceMode.Target, node.Runtime.IdOf("main")), (made.Metadata.Name, made.Linux.SecurityContext.NamespaceOptions.Pid, made.Linux.SecurityContext.NamespaceOptions.TargetId));
        Assert.True(made is { Stdin: true, Tty: true });
        var status = node.Status("debug");
        Assert.Equal((false, null, 0), (status.Ready, status.Started, status.RestartCount));
        Assert.Equal("True", node.Condition("Ready"));
        Assert.Single(node.Pod().Status.ContainerStatuses!);
        Assert.Equal(2, node.Pod().Metadata.Generation);
    }

    [Fact]
    public void One_that_ends_is_not_started_again()
    {
        var node = Running();
        node.Patch("ephemeralcontainers", Debugger);
        node.Until(() => node.Pod().Status.EphemeralContainerStatuses is [{ State.Running: not null }], "the ephemeral container runs");
        node.Runtime.Exit("debug", 1);
        node.Until(() => node.Status("debug").State.Terminated is { ExitCode: 1, Reason: "Error" }, "its end is told");
        node.Pass(300);
        Assert.Single(node.Runtime.Words, "start debug");
        Assert.Equal("Running", node.Pod().Status.Phase);
    }

    [Fact]
    public void A_restart_of_the_agent_does_not_start_it_again()
    {
        var node = Running();
        node.Patch("ephemeralcontainers", Debugger);
        node.Until(() => node.Pod().Status.EphemeralContainerStatuses is [{ State.Running: not null }], "the ephemeral container runs");
        node.StopAgent();
        node.Runtime.Exit("debug", 0);
        node.StartAgent();
        node.Until(() => node.Status("debug").State.Terminated is not null, "its end is told");
        node.Pass(120);
        Assert.Single(node.Runtime.Words, "start debug");
    }

    [Fact]
    public void It_starts_while_init_containers_still_run()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod().With(spec => spec.InitContainers = [Make.Container("init")]));
        node.Until(() => node.Runtime.Words.Contains("start init"), "the init container runs");
        node.Patch("ephemeralcontainers", """{"spec":{"ephemeralContainers":[{"name":"debug","image":"registry.test/tools:1"}]}}""");
        node.Until(() => node.Status("debug").State.Running is not null, "the ephemeral container runs");
        Assert.DoesNotContain("start main", node.Runtime.Words);
        Assert.Equal("Pending", node.Pod().Status.Phase);
    }

    [Fact]
    public void Without_its_target_it_waits_and_says_why()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod().With(spec => spec.InitContainers = [Make.Container("init")]));
        node.Until(() => node.Runtime.Words.Contains("start init"), "the init container runs");
        node.Patch("ephemeralcontainers", Debugger);
        node.Until(() => node.Status("debug").State.Waiting is { Reason: "CreateContainerConfigError", Message: "unable to find target container main" }, "it says why");
        Assert.Contains("Warning Failed: Error: unable to find target container main", node.Events());
        node.Runtime.Exit("init", 0);
        node.Until(() => node.Status("debug").State.Running is not null, "it starts once the target runs");
    }

    [Fact]
    public void An_image_that_cannot_be_had_is_told_in_its_status()
    {
        var node = Running();
        node.Runtime.Absent.Add("registry.test/tools:1");
        node.Runtime.OnPull = _ => new Cri.GrpcException(Cri.GrpcStatusCode.NotFound, "no such image");
        node.Patch("ephemeralcontainers", Debugger);
        node.Until(() => node.Status("debug").State.Waiting?.Reason == "ImagePullBackOff", "it says why");
        Assert.Equal("True", node.Condition("Ready"));
    }

    [Fact]
    public void It_ends_with_the_pod()
    {
        var node = Running(spec => spec.TerminationGracePeriodSeconds = 3);
        node.Patch("ephemeralcontainers", Debugger);
        node.Until(() => node.Status("debug").State.Running is not null, "the ephemeral container runs");
        node.Delete();
        node.Until(() => node.Find() is null, "the pod is gone");
        Assert.Contains("stop debug within 3", node.Runtime.Words);
        Assert.Contains("Normal Killing: Stopping container debug", node.Events());
    }

    [Fact]
    public void When_the_others_have_ended_for_good_it_ends_too()
    {
        var node = Running(spec => spec.RestartPolicy = RestartPolicy.Never);
        node.Patch("ephemeralcontainers", Debugger);
        node.Until(() => node.Status("debug").State.Running is not null, "the ephemeral container runs");
        node.Runtime.Exit("main", 0);
        node.Until(() => node.Pod().Status.Phase == "Succeeded", "the pod has succeeded");
        Assert.NotNull(node.Status("debug").State.Terminated);
    }
}
