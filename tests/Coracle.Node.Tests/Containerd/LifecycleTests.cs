using Coracle.Node.Containerd;
using Coracle.Node.Cri;
using Coracle.Node.Cri.V1;

namespace Coracle.Node.Tests.Containerd;

[Collection("containerd")]
[Trait("Category", "containerd")]
public sealed class LifecycleTests
{
    [Fact]
    public async Task A_stop_leaves_nothing_on_the_machine()
    {
        var cancel = TestNode.Limit;
        var node = await TestNode.Start(cancel);
        var layout = node.Instance.Layout;
        var pods = new[] { await node.Run("a", cancel), await node.Run("b", cancel, "trap '' TERM; while true; do sleep 1; done") };
        string[] ids = [.. pods.SelectMany(pod => new[] { pod.SandboxId, pod.ContainerId })];
        Assert.NotEmpty(TestNode.Traces(layout, ids)); // or the list below would prove nothing

        await node.Instance.Stop(cancel);

        Assert.Empty(TestNode.Traces(layout, ids));
        await ContainerdInstance.Stop(node.Options, cancel); // again
        await node.DisposeAsync();
    }

    [Fact]
    public async Task A_killed_containerd_comes_back_and_the_pods_never_noticed()
    {
        var cancel = TestNode.Limit;
        await using var node = await TestNode.Start(cancel);
        var pod = await node.Run("survivor", cancel, "i=0; while true; do i=$((i+1)); echo $i; sleep 0.01; done");
        var before = (await node.Runtime.ContainerStatus(pod.ContainerId, false, cancel))!.Status.StartedAt;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using var changes = node.Runtime.Changes(ended.Token).GetAsyncEnumerator(cancel);
        Assert.True(await changes.MoveNextAsync());

        Posix.Kill(ContainerdProcess.Find(node.Instance.Layout)!.Value.Pid, Posix.SIGKILL);
        do
            Assert.True(await changes.MoveNextAsync());
        while (changes.Current.Kind != ContainerChangeKind.Resync);

        Assert.Equal(1, node.Instance.Restarts);
        var status = (await node.Runtime.ContainerStatus(pod.ContainerId, false, cancel))!.Status;
        Assert.Equal((ContainerState.ContainerRunning, before), (status.State, status.StartedAt));
        Assert.Equal(0, (await node.Runtime.ExecSync(pod.ContainerId, ["true"], TimeSpan.FromSeconds(30), cancel)).ExitCode);
        await ended.CancelAsync();

        await node.Runtime.StopContainer(pod.ContainerId, TimeSpan.Zero, cancel);
        var numbers = (await File.ReadAllLinesAsync(pod.LogPath, cancel)).Select(line => int.Parse(line.Split(' ')[3])).ToArray();
        Assert.Equal(Enumerable.Range(1, numbers.Length), numbers); // not one line of its log is missing
    }

    [Fact]
    public async Task An_agent_that_comes_back_takes_over_the_containerd_that_runs()
    {
        var cancel = TestNode.Limit;
        await using var node = await TestNode.Start(cancel);
        var pod = await node.Run("kept", cancel);
        var process = ContainerdProcess.Find(node.Instance.Layout);

        await node.Restart(cancel);

        Assert.Equal(process, ContainerdProcess.Find(node.Instance.Layout));
        Assert.True(await node.IsRunning(pod.ContainerId, cancel));

        // What was taken over is watched over, too.
        process!.Value.Signal(Posix.SIGKILL);
        while (node.Instance.Restarts == 0 || ContainerdProcess.Find(node.Instance.Layout) is null)
            await Task.Delay(20, cancel);
        while (!await Answers(node, cancel))
            await Task.Delay(20, cancel);
        Assert.True(await node.IsRunning(pod.ContainerId, cancel));
    }

    [Fact]
    public async Task After_containerd_and_agent_were_killed_a_new_agent_finds_its_pods()
    {
        var cancel = TestNode.Limit;
        await using var node = await TestNode.Start(cancel);
        var pod = await node.Run("orphan", cancel);
        await node.Instance.DisposeAsync(); // from here on nobody restarts it, as if the agent were dead
        ContainerdProcess.Find(node.Instance.Layout)!.Value.Signal(Posix.SIGKILL);

        await node.Restart(cancel);

        Assert.True(await node.IsRunning(pod.ContainerId, cancel));
    }

    [Fact]
    public async Task What_a_killed_node_left_is_cleaned_up_even_without_containerd()
    {
        var cancel = TestNode.Limit;
        var node = await TestNode.Start(cancel);
        var layout = node.Instance.Layout;
        var pod = await node.Run("left", cancel);
        await node.Instance.DisposeAsync();
        ContainerdProcess.Find(layout)!.Value.Signal(Posix.SIGKILL);

        await ContainerdInstance.Stop(node.Options with { Binary = "/nonexistent/containerd" }, cancel);

        Assert.Empty(TestNode.Traces(layout, [pod.SandboxId, pod.ContainerId]));
        await node.DisposeAsync();
    }

    [Fact]
    public async Task After_such_a_cleanup_the_images_are_still_there_and_pods_can_be_run()
    {
        var cancel = TestNode.Limit;
        await using var node = await TestNode.Start(cancel);
        var lost = await node.Run("lost", cancel);
        await node.Instance.DisposeAsync();
        await ContainerdLeftovers.Sweep(node.Instance.Layout, TimeProvider.System, cancel);

        await node.Restart(cancel);

        Assert.False(await node.IsRunning(lost.ContainerId, cancel));
        await node.Runtime.StopPodSandbox(lost.SandboxId, cancel);
        await node.Runtime.RemovePodSandbox(lost.SandboxId, cancel);
        var found = await node.Run("found", cancel);
        Assert.True(await node.IsRunning(found.ContainerId, cancel));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_rules_of_host_ports_go_with_the_node(bool killed)
    {
        var cancel = TestNode.Limit;
        await using (var node = await TestNode.Start(cancel))
        {
            Assert.SkipUnless(ContainerdProcess.Locate("iptables-save") is not null, "no iptables on this machine");
            var sandbox = node.Sandbox("hostport");
            sandbox.PortMappings.Add(new PortMapping { ContainerPort = 80, HostPort = 31999, HostIp = "127.0.0.1" });
            var id = await node.Runtime.RunPodSandbox(sandbox, "", cancel);
            Assert.Contains(id, HostPorts(), StringComparison.Ordinal);
            if (killed)
            {
                await node.Instance.DisposeAsync();
                await ContainerdLeftovers.Sweep(node.Instance.Layout, TimeProvider.System, cancel);
            }
        }
        Assert.DoesNotContain("CNI-", HostPorts(), StringComparison.Ordinal);
    }

    private static string HostPorts()
    {
        using var save = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("iptables-save", "-t nat") { RedirectStandardOutput = true })!;
        return save.StandardOutput.ReadToEnd();
    }

    [Fact]
    public async Task Two_nodes_on_one_machine_do_not_meet()
    {
        var cancel = TestNode.Limit;
        await using var one = await TestNode.Start(cancel);
        var two = await TestNode.Start(cancel);
        var kept = await one.Run("same", cancel);
        await two.Run("same", cancel);
        Assert.Single(await one.Runtime.ListPodSandboxes(null, cancel));

        await two.DisposeAsync();

        Assert.True(await one.IsRunning(kept.ContainerId, cancel));
        Assert.Equal(0, one.Instance.Restarts);
        Assert.Equal(0, (await one.Runtime.ExecSync(kept.ContainerId, ["true"], TimeSpan.FromSeconds(30), cancel)).ExitCode);
    }

    [Fact]
    public async Task A_containerd_that_cannot_start_is_an_error_with_its_own_words()
    {
        TestNode.Require();
        var cancel = TestNode.Limit;
        var directory = Directory.CreateTempSubdirectory("coracle-node-").FullName;
        var layout = new ContainerdLayout(directory);
        Directory.CreateDirectory(layout.Directory);
        await File.WriteAllTextAsync(layout.RootDirectory, "no directory", cancel);

        var error = await Assert.ThrowsAsync<IOException>(() => ContainerdInstance.Start(new ContainerdOptions { DataDirectory = directory }, cancel));

        Assert.Contains("not a directory", error.Message, StringComparison.Ordinal);
        Directory.Delete(directory, recursive: true);
    }

    private static async Task<bool> Answers(TestNode node, CancellationToken cancel)
    {
        try
        {
            await node.Runtime.Version(cancel);
            return true;
        }
        catch (GrpcException)
        {
            return false; // not there, or not yet itself
        }
    }
}
