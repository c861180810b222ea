using Coracle.Kinds.Core.V1;
using Coracle.Node.Containerd;
using Coracle.Tests.Running;

namespace Coracle.Tests;

/// <summary>kill -9 of what runs beside the server.</summary>
[Collection("cluster")]
[Trait("Category", "containerd")]
[Trait("Category", "root")]
public sealed class KilledPartsTests(SharedCluster shared)
{
    private static int First(string cgroupRoot, string container) => Containers.Of(cgroupRoot)[container][0];

    private string CgroupRoot => new ContainerdLayout(shared.Cluster.DataDirectory).CgroupRoot;

    [Fact]
    public async Task Containers_go_on_when_containerd_is_killed_and_new_ones_start_when_it_is_back()
    {
        var cancel = TestInstance.Limit();
        var pod = await shared.Run(Samples.Pod("steady", Samples.Web()), Waiting.IsReady, cancel);
        var id = Containers.IdOf(pod.Status.ContainerStatuses![0]);
        var process = First(CgroupRoot, id);
        for (var i = 0; i < 3; i++)
        {
            Signals.Kill(Signals.Find("-c", new ContainerdLayout(shared.Cluster.DataDirectory).ConfigPath));
            var name = $"after-{i}";
            await shared.Run(Samples.Pod(name, Samples.Web()), Waiting.IsReady, cancel);
        }
        pod = await shared.Client.GetAsync<Pod>(new("default", "steady"), cancel);
        Assert.Equal((id, 0, true), (Containers.IdOf(pod.Status.ContainerStatuses![0]), pod.Status.ContainerStatuses[0].RestartCount, Waiting.IsReady(pod)));
        Assert.Equal(process, First(CgroupRoot, id));
    }

    [Fact]
    public async Task A_container_whose_process_is_killed_is_started_again_in_its_sandbox()
    {
        var cancel = TestInstance.Limit();
        var pod = await shared.Run(Samples.Pod("killed", Samples.Web()), Waiting.IsReady, cancel);
        Signals.Kill(First(CgroupRoot, Containers.IdOf(pod.Status.ContainerStatuses![0])));
        var after = await Waiting.Pod(shared.Client, "killed", p => p.Status.ContainerStatuses![0].RestartCount == 1 && Waiting.IsReady(p), cancel);
        var ended = after.Status.ContainerStatuses![0].LastState.Terminated!;
        Assert.Equal((137, "Error"), (ended.ExitCode, ended.Reason));
        Assert.Equal(pod.Status.PodIP, after.Status.PodIP);
    }

    [Fact]
    public async Task A_pod_whose_sandbox_is_killed_gets_another()
    {
        var cancel = TestInstance.Limit();
        var pod = await shared.Run(Samples.Pod("unboxed", Samples.Web()), Waiting.IsReady, cancel);
        var container = Containers.IdOf(pod.Status.ContainerStatuses![0]);
        var pause = Containers.OfPod(CgroupRoot, pod.Metadata.Uid).First(c => c.Key != container).Value[0];
        Signals.Kill(pause);
        var after = await Waiting.Pod(shared.Client, "unboxed", p => p.Status.ContainerStatuses![0].RestartCount >= 1 && Waiting.IsReady(p), cancel);
        Assert.NotEqual(container, Containers.IdOf(after.Status.ContainerStatuses![0]));
        await shared.EventOf("unboxed", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.", cancel);
        await Waiting.Until(() => Task.FromResult(Containers.OfPod(CgroupRoot, pod.Metadata.Uid).Count), count => count == 2, count => $"{count} containers", cancel);
    }
}
