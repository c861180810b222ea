using Coracle.Controllers.Scheduling;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Controllers.Tests.Scheduling.Plugins;

using Node = Coracle.Kinds.Core.V1.Node;

public sealed class NodeResourcesFitTests
{
    private static Node Node(params (string, string)[] amounts) => new() { Metadata = new() { Name = "n" }, Status = new() { Allocatable = Objects.Amounts(amounts) } };

    private static Pod Pod(params (string, string)[] requests) => new()
    {
        Metadata = new() { Name = "p", Namespace = "default" }, Spec = new() { Containers = [new() { Name = "c", Resources = new() { Requests = Objects.Amounts(requests) } }] },
    };

    public static TheoryData<string, Pod, Pod[], string> Filters => new()
    {
        { "nothing asked of a full node", Pod(), [Pod(("cpu", "10"))], "" },
        { "just as much as is free", Pod(("cpu", "4"), ("memory", "4Gi")), [Pod(("cpu", "6"), ("memory", "4Gi"))], "" },
        { "a little more cpu", Pod(("cpu", "4001m")), [Pod(("cpu", "6"))], "Insufficient cpu" },
        { "a little more memory", Pod(("memory", "4097Mi")), [Pod(("memory", "4Gi"))], "Insufficient memory" },
        { "storage", Pod(("ephemeral-storage", "6Gi")), [Pod(("ephemeral-storage", "5Gi"))], "Insufficient ephemeral-storage" },
        { "both", Pod(("cpu", "5"), ("memory", "5Gi")), [Pod(("cpu", "6"), ("memory", "4Gi"))], "Insufficient cpu, Insufficient memory" },
        { "more than the node ever has", Pod(("cpu", "11")), [], "Insufficient cpu (for good)" },
        { "an extended resource", Pod(("example.com/gpu", "2")), [Pod(("example.com/gpu", "1"))], "Insufficient example.com/gpu" },
        { "an extended resource that the node has not", Pod(("example.com/fpga", "1")), [], "Insufficient example.com/fpga (for good)" },
        { "huge pages", Pod(("hugepages-2Mi", "6Mi")), [], "Insufficient hugepages-2Mi (for good)" },
        { "the number of pods", Pod(), [Pod(), Pod(), Pod()], "Too many pods" },
        { "the number of pods and more", Pod(("cpu", "9")), [Pod(("cpu", "2")), Pod(), Pod()], "Too many pods, Insufficient cpu" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void A_node_must_have_free_what_is_asked_for(string why, Pod pod, Pod[] there, string says)
    {
        var node = Node(("cpu", "10"), ("memory", "8Gi"), ("ephemeral-storage", "10Gi"), ("pods", "3"), ("example.com/gpu", "2"), ("hugepages-2Mi", "4Mi"));
        Assert.True(says == PluginRig.Of(new NodeResourcesFit(), (node, there)).Filter(pod)["n"], why);
    }

    private static Container Asking(string cpu, string? restart = null) => new() { Name = "c" + cpu, RestartPolicy = restart ?? "", Resources = new() { Requests = Objects.Amounts(("cpu", cpu)) } };

    public static TheoryData<string, PodSpec, long> Sums => new()
    {
        { "containers add up", new() { Containers = [Asking("1"), Asking("2")] }, 3000 },
        { "the greatest init container counts", new() { InitContainers = [Asking("5"), Asking("4")], Containers = [Asking("1"), Asking("2")] }, 5000 },
        { "sidecars run on", new() { InitContainers = [Asking("1", "Always"), Asking("4")], Containers = [Asking("2")] }, 5000 },
        { "sidecars run beside containers", new() { InitContainers = [Asking("2", "Always"), Asking("1")], Containers = [Asking("3")] }, 5000 },
        { "overhead comes on top", new() { Containers = [Asking("1")], Overhead = Objects.Amounts(("cpu", "500m")) }, 1500 },
        { "the pod as a whole says otherwise", new() { Containers = [Asking("1"), Asking("1")], Resources = new() { Requests = Objects.Amounts(("cpu", "3")) } }, 3000 },
    };

    [Theory]
    [MemberData(nameof(Sums))]
    public void What_a_pod_asks_for_is_what_its_containers_need_at_their_most(string why, PodSpec spec, long milliCpu) =>
        Assert.True(milliCpu == new PodInfo(new() { Metadata = new() { Name = "p" }, Spec = spec }).Requests.MilliCpu, why);

    [Theory]
    [InlineData("2", "1", "1", "", 2000)]
    [InlineData("1", "2", "1", "", 2000)]
    [InlineData("1", "1", "3", "", 3000)]
    [InlineData("9", "2", "1", "Deferred", 9000)]
    [InlineData("9", "2", "1", "Infeasible", 2000)]
    public void While_a_pod_is_resized_the_most_of_what_it_asks_for_and_has_counts_but_not_what_is_infeasible(string asked, string allotted, string actual, string pending, long milliCpu)
    {
        var status = new PodStatus
        {
            ContainerStatuses = [new() { Name = "c" + asked, AllocatedResources = Objects.Amounts(("cpu", allotted)), Resources = new() { Requests = Objects.Amounts(("cpu", actual)) } }],
            Conditions = pending.Length > 0 ? [new() { Type = "PodResizePending", Status = "True", Reason = pending }] : null,
        };
        Assert.Equal(milliCpu, new PodInfo(new() { Metadata = new() { Name = "p" }, Spec = new() { Containers = [Asking(asked)] }, Status = status }).Requests.MilliCpu);
    }

    public static TheoryData<string, Pod, Pod[], long> Scores => new()
    {
        { "nothing asked counts a little", Pod(), [], (98 + 97) / 2 }, // 100m of 4 cores, 200Mi of 8000Mi
        { "a quarter of cpu and half of memory left", Pod(("cpu", "3"), ("memory", "4000Mi")), [], (25 + 50) / 2 },
        { "what is there counts", Pod(("cpu", "1"), ("memory", "2000Mi")), [Pod(("cpu", "2"), ("memory", "2000Mi"))], (25 + 50) / 2 },
        { "more than there is counts as nothing left", Pod(("cpu", "5"), ("memory", "4000Mi")), [], 25 },
    };

    [Theory]
    [MemberData(nameof(Scores))]
    public void The_emptier_node_is_better(string why, Pod pod, Pod[] there, long score)
    {
        var given = PluginRig.Of(new NodeResourcesFit(), (Node(("cpu", "4"), ("memory", "8000Mi"), ("pods", "10")), there)).Score(pod)![0];
        Assert.True(score == given, $"{why}: {given}");
    }

    public static TheoryData<string, Pod, Pod[], long> Balances => new()
    {
        { "like shares are best", Pod(("cpu", "2"), ("memory", "4000Mi")), [], 100 },
        { "half of the difference is taken off", Pod(("cpu", "3"), ("memory", "2000Mi")), [], 75 },
        { "what is there counts", Pod(("cpu", "1"), ("memory", "4000Mi")), [Pod(("cpu", "3"), ("memory", "0"))], 75 },
        { "a share is at most one", Pod(("cpu", "8"), ("memory", "8000Mi")), [], 100 },
    };

    [Theory]
    [MemberData(nameof(Balances))]
    public void The_more_evenly_used_node_is_better(string why, Pod pod, Pod[] there, long score)
    {
        var given = PluginRig.Of(new BalancedAllocation(), (Node(("cpu", "4"), ("memory", "8000Mi"), ("pods", "10")), there)).Score(pod)![0];
        Assert.True(score == given, $"{why}: {given}");
    }

    [Fact]
    public void Balance_has_nothing_to_say_of_pods_that_ask_for_nothing() =>
        Assert.Null(PluginRig.Of(new BalancedAllocation(), (Node(("cpu", "4"), ("memory", "8Gi")), [])).Score(Pod()));
}
