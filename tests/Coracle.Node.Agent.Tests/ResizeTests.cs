using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent.Tests.Support;
using Coracle.Schema;

namespace Coracle.Node.Agent.Tests;

/// <summary>Resources of pods that change while they run. The node has 4 processors and 8 GiB.</summary>
public sealed class ResizeTests
{
    private const long Mi = 1024 * 1024;

    private static Container With(string name, string cpu, string memory, params ContainerResizePolicy[] policy) => new()
    {
        Name = name, Image = $"registry.test/{name}:1", ResizePolicy = policy.Length > 0 ? [.. policy] : null,
        Resources = new() { Requests = new() { ["cpu"] = Quantity.Parse(cpu), ["memory"] = Quantity.Parse(memory) }, Limits = new() { ["memory"] = Quantity.Parse("2Gi") } },
    };

    private static string To(string name, string resources) => $$$"""{"spec":{"containers":[{"name":"{{{name}}}","resources":{{{resources}}}}]}}""";

    private static AgentFixture Running(params Container[] containers)
    {
        var node = new AgentFixture();
        node.Run(Make.Pod(containers));
        node.UntilReady();
        return node;
    }

    private static string Amounts(Dictionary<string, Quantity>? amounts) => string.Join(' ', (amounts ?? []).OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"));

    private static PodCondition? Condition(AgentFixture node, string type, string pod = "web") => node.Pod(pod).Status.Conditions?.Find(c => c.Type == type);

    [Fact]
    public void A_pod_tells_what_it_was_given_and_has()
    {
        var node = Running(With("main", "1", "1Gi"), Make.Container("plain"));
        var (main, plain) = (node.Status("main"), node.Status("plain"));
        Assert.Equal(("cpu=1 memory=1Gi", "cpu=1 memory=1Gi", "memory=2Gi"), (Amounts(main.AllocatedResources), Amounts(main.Resources!.Requests), Amounts(main.Resources.Limits)));
        Assert.Null(plain.AllocatedResources);
        Assert.NotNull(plain.Resources);
    }

    [Fact]
    public void A_running_container_gets_what_is_asked_for_without_a_restart()
    {
        var node = Running(With("main", "1", "1Gi"));
        var id = node.Status("main").ContainerID;
        node.Patch("resize", To("main", """{"requests":{"cpu":"1500m"},"limits":{"cpu":"2","memory":"3Gi"}}"""));
        node.Until(() => Amounts(node.Status("main").Resources!.Limits) == "cpu=2 memory=3Gi", "the container has it");
        Assert.Contains($"update main: 1536 200000 {3 * 1024 * Mi}", node.Runtime.Words);
        node.Until(() => Condition(node, "PodResizeInProgress") is null, "it is done");
        var status = node.Status("main");
        Assert.Equal((id, 0, "cpu=1500m memory=1Gi"), (status.ContainerID, status.RestartCount, Amounts(status.AllocatedResources)));
        Assert.Equal(2, node.Pod().Status.ObservedGeneration);
        var events = node.Events();
        Assert.Contains("""Normal ResizeStarted: Pod resize started: {"containers":[{"name":"main","resources":{"limits":{"cpu":"2","memory":"3Gi"},"requests":{"cpu":"1500m","memory":"1Gi"}}}],"generation":2}""", events);
        Assert.Contains("""Normal ResizeCompleted: Pod resize completed: {"containers":[{"name":"main","resources":{"limits":{"cpu":"2","memory":"3Gi"},"requests":{"cpu":"1500m","memory":"1Gi"}}}],"generation":2}""", events);
    }

    [Fact]
    public void A_container_whose_policy_says_so_starts_again_with_its_new_resources()
    {
        var node = Running(With("main", "1", "1Gi", new ContainerResizePolicy { ResourceName = "memory", RestartPolicy = "RestartContainer" }, new ContainerResizePolicy { ResourceName = "cpu", RestartPolicy = "NotRequired" }));
        node.Patch("resize", To("main", """{"requests":{"cpu":"2"}}"""));
        node.Until(() => node.Runtime.Words.Any(w => w.StartsWith("update main: 2048", StringComparison.Ordinal)), "its processors change in place");
        Assert.Equal(0, node.Status("main").RestartCount);
        node.Patch("resize", To("main", """{"requests":{"memory":"512Mi"},"limits":{"memory":"1Gi"}}"""));
        node.Until(() => node.Status("main") is { RestartCount: 1, Ready: true }, "it runs again");
        Assert.Equal(1024 * Mi, node.Runtime.Made[^1].Linux.Resources.MemoryLimitInBytes);
        Assert.Equal("memory=1Gi", Amounts(node.Status("main").Resources!.Limits));
        node.Until(() => Condition(node, "PodResizeInProgress") is null, "it is done");
        Assert.Contains("Normal Killing: Container main resize requires restart", node.Events());
    }

    [Fact]
    public void More_than_the_node_has_is_infeasible_and_changes_nothing()
    {
        var node = Running(With("main", "1", "1Gi"));
        node.Patch("resize", To("main", """{"requests":{"cpu":"5"}}"""));
        node.Until(() => Condition(node, "PodResizePending") is not null, "it is refused");
        var pending = Condition(node, "PodResizePending")!;
        Assert.Equal(("True", "Infeasible", "Node didn't have enough capacity: cpu, requested: 5000, capacity: 4000", 2), (pending.Status, pending.Reason, pending.Message, pending.ObservedGeneration));
        Assert.Equal("cpu=1 memory=1Gi", Amounts(node.Status("main").AllocatedResources));
        Assert.Contains(node.Events(), e => e.StartsWith("Warning ResizeInfeasible: Pod resize Infeasible: {", StringComparison.Ordinal) && e.EndsWith(""","generation":2,"error":"Node didn't have enough capacity: cpu, requested: 5000, capacity: 4000"}""", StringComparison.Ordinal));
        node.Patch("resize", To("main", """{"requests":{"cpu":"1"}}"""));
        node.Until(() => Condition(node, "PodResizePending") is null, "asking for what it has ends that");
        Assert.DoesNotContain(node.Runtime.Words, w => w.StartsWith("update", StringComparison.Ordinal));
    }

    [Fact]
    public void What_others_have_is_waited_for()
    {
        var node = Running(With("main", "1", "1Gi"));
        var other = Make.Pod(With("main", "2", "1Gi"));
        other.Metadata.Name = "other";
        node.Run(other);
        node.UntilReady("other");
        node.Patch("resize", To("main", """{"requests":{"cpu":"3"}}"""));
        node.Until(() => Condition(node, "PodResizePending") is not null, "it waits");
        var pending = Condition(node, "PodResizePending")!;
        Assert.Equal(("Deferred", "Node didn't have enough resource: cpu, requested: 3000, used: 2000, capacity: 4000"), (pending.Reason, pending.Message));
        node.Patch("resize", To("main", """{"requests":{"cpu":"1"}}"""), "other");
        node.Until(() => Amounts(node.Status("main").AllocatedResources) == "cpu=3 memory=1Gi", "it gets what the other gave back", 5);
        node.Until(() => Condition(node, "PodResizePending") is null, "it waits no more");
    }

    [Fact]
    public void What_an_ended_pod_had_goes_to_the_one_with_the_highest_priority()
    {
        var node = new AgentFixture();
        foreach (var (name, cpu, priority) in new[] { ("big", "2", 0), ("low", "1", 1), ("high", "1", 9) })
        {
            var pod = Make.Pod(With("main", cpu, "1Gi"));
            pod.Metadata.Name = name;
            var stored = node.Run(pod.With(spec => (spec.TerminationGracePeriodSeconds, spec.PriorityClassName) = (0, Priority(node, name, priority))));
            node.UntilReady(stored.Metadata.Name);
        }
        node.Patch("resize", To("main", """{"requests":{"cpu":"3"}}"""), "low");
        node.Until(() => Condition(node, "PodResizePending", "low") is not null, "low waits");
        node.Patch("resize", To("main", """{"requests":{"cpu":"3"}}"""), "high");
        node.Until(() => Condition(node, "PodResizePending", "high") is not null, "high waits");
        node.Delete("big");
        node.Until(() => Amounts(node.Status("main", "high").AllocatedResources) == "cpu=3 memory=1Gi", "high gets it");
        Assert.Equal("cpu=1 memory=1Gi", Amounts(node.Status("main", "low").AllocatedResources));
    }

    private static string Priority(AgentFixture node, string name, int value)
    {
        node.Create(new Coracle.Kinds.Scheduling.V1.PriorityClass { Metadata = new() { Name = name }, Value = value });
        return name;
    }

    [Fact]
    public void Less_memory_than_is_in_use_is_an_error_that_is_tried_again()
    {
        var node = Running(With("main", "1", "1Gi"));
        node.Runtime.MemoryUsed = 1500 * (ulong)Mi;
        node.Patch("resize", To("main", """{"limits":{"memory":"1Gi"}}"""));
        node.Until(() => Condition(node, "PodResizeInProgress")?.Reason == "Error", "it says why not");
        Assert.Equal($"cannot decrease memory limits: attempting to set container \"main\" memory limit ({1024 * Mi}) below current usage ({1500 * Mi})", Condition(node, "PodResizeInProgress")!.Message);
        Assert.Equal("memory=2Gi", Amounts(node.Status("main").Resources!.Limits));
        node.Runtime.MemoryUsed = 0;
        node.Until(() => Condition(node, "PodResizeInProgress") is null && Amounts(node.Status("main").Resources!.Limits) == "memory=1Gi", "it is tried again");
    }

    [Fact]
    public void A_runtime_that_refuses_is_told_of()
    {
        var node = Running(With("main", "1", "1Gi"));
        node.Runtime.OnUpdate = _ => new Cri.GrpcException(Cri.GrpcStatusCode.Unknown, "no");
        node.Patch("resize", To("main", """{"requests":{"cpu":"2"}}"""));
        node.Until(() => Condition(node, "PodResizeInProgress")?.Reason == "Error", "it says so");
        Assert.Equal(("cpu=2 memory=1Gi", "cpu=1 memory=1Gi"), (Amounts(node.Status("main").AllocatedResources), Amounts(node.Status("main").Resources!.Requests)));
        node.Runtime.OnUpdate = static _ => null;
        node.Until(() => Condition(node, "PodResizeInProgress") is null, "it is tried again");
    }

    [Fact]
    public void A_restart_of_the_agent_forgets_nothing_of_it()
    {
        var node = Running(With("main", "1", "1Gi"));
        node.Patch("resize", To("main", """{"requests":{"cpu":"5"}}"""));
        node.Until(() => Condition(node, "PodResizePending") is not null, "it is refused");
        node.StopAgent();
        node.StartAgent();
        node.Pass(30);
        Assert.Equal("Infeasible", Condition(node, "PodResizePending")!.Reason);
        Assert.Equal("cpu=1 memory=1Gi", Amounts(node.Status("main").AllocatedResources));
        node.Runtime.Exit("main", 1);
        node.Until(() => node.Status("main") is { RestartCount: 1, Ready: true }, "it runs again");
        Assert.Equal(1024, node.Runtime.Made[^1].Linux.Resources.CpuShares);
        node.StopAgent();
        node.Patch("resize", To("main", """{"requests":{"cpu":"2"}}"""));
        node.StartAgent();
        node.Until(() => Amounts(node.Status("main").Resources!.Requests) == "cpu=2 memory=1Gi", "what is feasible by then is done");
    }

    [Fact]
    public void Resources_of_the_whole_pod_change_too()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod().With(spec => spec.Resources = new() { Requests = new() { ["cpu"] = Quantity.Parse("1") }, Limits = new() { ["cpu"] = Quantity.Parse("2") } }));
        node.UntilReady();
        Assert.Equal("cpu=1", Amounts(node.Pod().Status.AllocatedResources));
        node.Patch("resize", """{"spec":{"resources":{"requests":{"cpu":"2"}}}}""");
        node.Until(() => Amounts(node.Pod().Status.AllocatedResources) == "cpu=2" && Amounts(node.Pod().Status.Resources?.Requests) == "cpu=2", "the pod was given it");
        node.Until(() => Condition(node, "PodResizeInProgress") is null, "it is done");
        node.Patch("resize", """{"spec":{"resources":{"requests":{"cpu":"5"},"limits":{"cpu":"6"}}}}""");
        node.Until(() => Condition(node, "PodResizePending")?.Reason == "Infeasible", "it is refused");
    }
}
