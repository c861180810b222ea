using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent.Tests.Support;
using Coracle.Sdk;

namespace Coracle.Node.Agent.Tests;

/// <summary>Pods that are deleted.</summary>
public sealed class EndTests
{
    private static IEnumerable<string> Stops(AgentFixture node) => node.Runtime.Words.Where(w => w.Contains("within", StringComparison.Ordinal));

    [Fact]
    public void A_deleted_pod_gets_the_time_that_it_asks_for_and_is_then_gone()
    {
        var node = new AgentFixture();
        node.Runtime.StopTakes["main"] = TimeSpan.FromSeconds(20);
        node.Run(Make.Pod().With(s => s.TerminationGracePeriodSeconds = 45));
        node.UntilReady();
        node.Delete();
        node.Pass(19);
        Assert.Equal(45, node.Pod().Metadata.DeletionGracePeriodSeconds);
        Assert.NotNull(node.Status("main").State.Running);
        node.Until(() => node.Find() is null, "it is gone", 5);
        Assert.Equal(["stop main within 45"], Stops(node));
        Assert.Contains("Normal Killing: Stopping container main", node.Events());
        Assert.Empty(node.Do(async () => await node.Runtime.ListPodSandboxes(null, default)));
    }

    [Fact]
    public void A_container_that_does_not_heed_is_killed_after_its_time()
    {
        var node = new AgentFixture();
        node.Runtime.StopTakes["main"] = TimeSpan.FromHours(1);
        node.Run(Make.Pod().With(s => s.TerminationGracePeriodSeconds = 10));
        node.UntilReady();
        node.Delete();
        node.Until(() => node.Find() is null, "it is gone", 13);
    }

    [Fact]
    public void The_stop_hook_takes_its_time_off_the_whole()
    {
        var node = new AgentFixture();
        node.Runtime.ExecTakes["drain"] = TimeSpan.FromSeconds(12);
        var main = Make.Container();
        main.Lifecycle = new() { PreStop = Make.Hook("drain") };
        node.Run(Make.Pod(main));
        node.UntilReady();
        node.Delete();
        node.Until(() => node.Find() is null, "it is gone");
        Assert.Equal(["exec main: drain", "stop main within 18"], node.Runtime.Words.Where(w => w.Contains("main: ", StringComparison.Ordinal) || w.Contains("within", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_stop_hook_that_takes_all_the_time_leaves_two_seconds()
    {
        var node = new AgentFixture();
        var main = Make.Container();
        main.Lifecycle = new() { PreStop = new() { Sleep = new() { Seconds = 30 } } };
        node.Run(Make.Pod(main));
        node.UntilReady();
        node.Delete();
        node.Until(() => node.Find() is null, "it is gone");
        Assert.Equal(["stop main within 2"], Stops(node));
    }

    [Fact]
    public void A_stop_hook_that_fails_is_told_of_and_the_end_goes_on()
    {
        var node = new AgentFixture();
        node.Runtime.OnExec = (_, _) => (1, "no");
        var main = Make.Container();
        main.Lifecycle = new() { PreStop = Make.Hook("drain") };
        node.Run(Make.Pod(main));
        node.UntilReady();
        node.Delete();
        node.Until(() => node.Find() is null, "it is gone");
        Assert.Contains("Warning FailedPreStopHook: PreStopHook failed", node.Events());
    }

    [Fact]
    public void A_second_deletion_may_shorten_the_first()
    {
        var node = new AgentFixture();
        node.Runtime.StopTakes["main"] = TimeSpan.FromHours(2);
        node.Run(Make.Pod().With(s => s.TerminationGracePeriodSeconds = 3600));
        node.UntilReady();
        node.Delete();
        node.Pass(10);
        node.Delete(how: new Deletion { GracePeriod = TimeSpan.FromSeconds(60) });
        node.Until(() => node.Find() is null, "it is gone", 65);
        Assert.Equal(["stop main within 3600", "stop main within 60"], Stops(node));
    }

    [Fact]
    public void A_pod_that_is_deleted_by_force_is_ended_after_it_is_gone()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod());
        node.UntilReady();
        node.Delete(how: Deletion.Now);
        Assert.Null(node.Find());
        node.Until(() => node.Do(async () => await node.Runtime.ListPodSandboxes(null, default)).Count == 0, "nothing runs");
    }

    [Fact]
    public void A_pod_of_the_same_name_is_another_pod()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod());
        node.UntilReady();
        node.Delete(how: Deletion.Now);
        node.Run(Make.Pod());
        node.UntilReady();
        node.Until(() => node.Do(async () => await node.Runtime.ListPodSandboxes(null, default)).Count == 1, "the first is gone");
        Assert.Equal("10.0.0.2", node.Pod().Status.PodIP);
    }

    [Fact]
    public void A_pod_with_a_finalizer_ends_here_and_waits_there()
    {
        var node = new AgentFixture();
        var pod = Make.Pod();
        pod.Metadata.Finalizers = ["example.com/keep"];
        node.Run(pod);
        node.UntilReady();
        node.Delete();
        node.Until(() => node.Status("main").State.Terminated is not null, "it has ended");
        node.Pass(120);
        Assert.Equal("Succeeded", node.Pod().Status.Phase);
        node.Change<Pod>("web", p => p.Metadata.Finalizers = null);
        node.Until(() => node.Find() is null, "it is gone");
    }
}
