using System.Text;
using Coracle.Node.Cgroups;
using Coracle.Node.Cri;
using Coracle.Node.Cri.V1;
using Coracle.Node.Streaming;
using Coracle.Node.Tests.Streaming;

namespace Coracle.Node.Tests.Containerd;

/// <summary>One node for all tests of what runs on it.</summary>
public sealed class SharedNode : IAsyncLifetime
{
    internal TestNode? Node { get; private set; }

    public async ValueTask InitializeAsync()
    {
        try
        {
            TestNode.Require();
        }
        catch (Exception e) when (e.GetType().Name == "SkipException")
        {
            return; // each test says so itself
        }
        Node = await TestNode.Start(TestNode.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        if (Node is not null)
            await Node.DisposeAsync();
    }
}

[Collection("containerd")]
[Trait("Category", "containerd")]
public sealed class ContainerTests(SharedNode shared) : IClassFixture<SharedNode>
{
    private TestNode Node
    {
        get
        {
            TestNode.Require();
            return shared.Node!;
        }
    }

    private static async Task<(string Out, string Error, CommandOutcome Outcome)> Finish(RemoteCommandSession session, CancellationToken cancel)
    {
        var output = session.Stdout!.ReadToEnd(cancel);
        var errors = session.Stderr is null ? Task.FromResult("") : session.Stderr.ReadToEnd(cancel);
        var outcome = CommandOutcome.Parse(Encoding.UTF8.GetBytes(await session.Error!.ReadToEnd(cancel)));
        return (await output, await errors, outcome);
    }

    private static ExecRequest Command(RunningPod pod, bool stdin, params string[] command) => new()
    {
        ContainerId = pod.ContainerId,
        Cmd = { command },
        Stdin = stdin,
        Stdout = true,
        Stderr = true,
    };

    [Fact]
    public async Task A_container_runs_from_an_imported_image_with_an_address_of_the_nodes_network()
    {
        var (node, cancel) = (Node, TestNode.Limit);
        var pod = await node.Run("plain", cancel);

        var status = (await node.Runtime.ContainerStatus(pod.ContainerId, false, cancel))!.Status;
        Assert.Equal(ContainerState.ContainerRunning, status.State);
        var sandbox = (await node.Runtime.PodSandboxStatus(pod.SandboxId, false, cancel))!.Status;
        Assert.StartsWith("10.", sandbox.Network.Ip, StringComparison.Ordinal);
        var environment = await node.Runtime.ExecSync(pod.ContainerId, ["env"], TimeSpan.FromSeconds(10), cancel);
        Assert.Contains("FROM_IMAGE=yes", environment.Stdout.ToStringUtf8(), StringComparison.Ordinal);
        await node.Remove(pod, cancel);
        Assert.Null(await node.Runtime.ContainerStatus(pod.ContainerId, false, cancel));
        Assert.Null(await node.Runtime.PodSandboxStatus(pod.SandboxId, false, cancel));
    }

    [Fact]
    public async Task An_exec_gives_both_outputs_and_the_exit_code()
    {
        var (node, cancel) = (Node, TestNode.Limit);
        var pod = await node.Run("exec", cancel);
        await using var session = await node.Runtime.Exec(Command(pod, stdin: false, "sh", "-c", "echo out; echo err >&2; exit 3"), cancel);

        var (output, errors, outcome) = await Finish(session, cancel);

        Assert.Equal(("out\n", "err\n"), (output, errors));
        Assert.Equal(3, Assert.IsType<CommandOutcome.Exited>(outcome).Code);
        Assert.Equal("error executing command [sh -c echo out; echo err >&2; exit 3], exit code 3", ((CommandOutcome.Exited)outcome).Detail);
        await node.Remove(pod, cancel);
    }

    [Fact]
    public async Task An_exec_reads_its_input_to_the_end_that_we_give_it()
    {
        var (node, cancel) = (Node, TestNode.Limit);
        var pod = await node.Run("stdin", cancel);
        await using var session = await node.Runtime.Exec(Command(pod, stdin: true, "sh", "-c", "cat; echo end"), cancel);
        var pattern = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i:0000000}\n"));
        var finishing = Finish(session, cancel);
        await session.Stdin!.WriteText(pattern, cancel);
        await session.Stdin!.CompleteWrites(cancel);

        var (output, _, outcome) = await finishing;

        Assert.IsType<CommandOutcome.Succeeded>(outcome);
        Assert.Equal(pattern + "end\n", output);
        await node.Remove(pod, cancel);
    }

    [Fact]
    public async Task A_command_that_is_not_there_fails_with_a_message()
    {
        var (node, cancel) = (Node, TestNode.Limit);
        var pod = await node.Run("nocommand", cancel);
        await using var session = await node.Runtime.Exec(Command(pod, stdin: false, "nosuchcommand"), cancel);
        var (_, _, outcome) = await Finish(session, cancel);
        Assert.Contains("nosuchcommand", Assert.IsType<CommandOutcome.Failed>(outcome).Detail, StringComparison.Ordinal);
        await node.Remove(pod, cancel);
    }

    [Fact]
    public async Task A_terminal_has_the_size_it_was_given()
    {
        var (node, cancel) = (Node, TestNode.Limit);
        var pod = await node.Run("tty", cancel);
        var request = Command(pod, stdin: true, "sh");
        (request.Tty, request.Stderr) = (true, false);
        await using var session = await node.Runtime.Exec(request, cancel);
        await session.Resize!.WriteText("""{"Width":123,"Height":45}""", cancel);
        // The size is set beside the input, in no order with it: ask until it is there.
        await session.Stdin!.WriteText("until [ \"$(stty size)\" = '45 123' ]; do sleep 0.02; done; echo si''zed; exit 7\n", cancel);
        var (output, _, outcome) = await Finish(session, cancel);
        Assert.Contains("sized", output, StringComparison.Ordinal);
        Assert.Equal(7, Assert.IsType<CommandOutcome.Exited>(outcome).Code);
        await node.Remove(pod, cancel);
    }

    [Fact]
    public async Task ExecSync_gives_the_exit_code_and_kills_at_its_time_limit()
    {
        var (node, cancel) = (Node, TestNode.Limit);
        var pod = await node.Run("execsync", cancel);
        var result = await node.Runtime.ExecSync(pod.ContainerId, ["sh", "-c", "echo hi; exit 4"], TimeSpan.FromSeconds(30), cancel);
        Assert.Equal((4, "hi\n"), (result.ExitCode, result.Stdout.ToStringUtf8()));

        var late = await Assert.ThrowsAsync<GrpcException>(() => node.Runtime.ExecSync(pod.ContainerId, ["sleep", "100"], TimeSpan.FromSeconds(1), cancel));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, late.Code);
        await node.Remove(pod, cancel);
    }

    [Fact]
    public async Task Attach_joins_the_first_process()
    {
        var (node, cancel) = (Node, TestNode.Limit);
        var pod = await node.Run("attach", cancel, "while read -r line; do echo \"got $line\"; done; exit 5", container => (container.Stdin, container.StdinOnce) = (true, true));
        await using var session = await node.Runtime.Attach(new AttachRequest { ContainerId = pod.ContainerId, Stdin = true, Stdout = true, Stderr = true }, cancel);
        await session.Stdin!.WriteText("one\n", cancel);
        Assert.Equal("got one\n", await session.Stdout!.ReadText(8, cancel));
        await session.Stdin!.CompleteWrites(cancel);

        var (output, _, outcome) = await Finish(session, cancel);

        Assert.Equal("", output);
        Assert.IsType<CommandOutcome.Succeeded>(outcome);
        await Until(async () => (await node.Runtime.ContainerStatus(pod.ContainerId, false, cancel))!.Status is { State: ContainerState.ContainerExited, ExitCode: 5 }, cancel);
        await node.Remove(pod, cancel);
    }

    [Fact]
    public async Task A_port_is_forwarded_and_one_that_nobody_listens_on_is_an_error()
    {
        var (node, cancel) = (Node, TestNode.Limit);
        var pod = await node.Run("forward", cancel, "while true; do echo hello | nc -l -p 8080; done");
        var answer = "";
        while (answer.Length == 0) // nc listens some time after the start
        {
            await using var streams = await node.Runtime.PortForward(pod.SandboxId, 8080, cancel);
            await streams.Data.CompleteWrites(cancel);
            answer = await streams.Data.ReadToEnd(cancel);
        }
        Assert.Equal("hello\n", answer);

        await using var refused = await node.Runtime.PortForward(pod.SandboxId, 9, cancel);
        Assert.Contains("refused", await refused.Error.ReadToEnd(cancel), StringComparison.Ordinal);
        await node.Remove(pod, cancel);
    }

    [Fact]
    public async Task A_log_is_followed_through_a_rotation_to_the_end_of_the_container()
    {
        var (node, cancel) = (Node, TestNode.Limit);
        var pod = await node.Run("logs", cancel, "echo before; until [ -e /tmp/go ]; do sleep 0.02; done; echo after; echo err >&2; exit 0");
        var output = new MemoryStream();
        var following = LogReader.Copy(pod.LogPath, new LogOptions { Follow = true }, output, stop => node.IsRunning(pod.ContainerId, stop), TimeProvider.System, cancel);

        await Until(() => ValueTask.FromResult(File.ReadAllText(pod.LogPath).Contains("before", StringComparison.Ordinal)), cancel);
        File.Move(pod.LogPath, pod.LogPath + ".1");
        await node.Runtime.ReopenContainerLog(pod.ContainerId, cancel);
        await node.Runtime.ExecSync(pod.ContainerId, ["touch", "/tmp/go"], TimeSpan.FromSeconds(30), cancel);
        await following;

        Assert.Equal(["after", "before", "err"], Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
        Assert.DoesNotContain("after", File.ReadAllText(pod.LogPath + ".1"), StringComparison.Ordinal);
        await node.Remove(pod, cancel);
    }

    [Fact]
    public async Task Changes_tell_of_an_exit_when_the_status_shows_it()
    {
        var (node, cancel) = (Node, TestNode.Limit);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var changes = node.Runtime.Changes(ended.Token).GetAsyncEnumerator(cancel);
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal(ContainerChangeKind.Resync, changes.Current.Kind);

        var pod = await node.Run("changes", cancel, "exit 6");
        var kinds = new List<ContainerChangeKind>();
        while (!kinds.Contains(ContainerChangeKind.Stopped))
        {
            Assert.True(await changes.MoveNextAsync());
            if (changes.Current.Id == pod.ContainerId)
                kinds.Add(changes.Current.Kind);
        }
        Assert.Equal([ContainerChangeKind.Created, ContainerChangeKind.Started, ContainerChangeKind.Stopped], kinds);
        var status = (await node.Runtime.ContainerStatus(pod.ContainerId, false, cancel))!.Status;
        Assert.Equal((ContainerState.ContainerExited, 6, "Error"), (status.State, status.ExitCode, status.Reason));

        await node.Remove(pod, cancel);
        var deleted = new HashSet<string>();
        while (!deleted.IsSupersetOf([pod.ContainerId, pod.SandboxId]))
        {
            Assert.True(await changes.MoveNextAsync());
            if (changes.Current.Kind == ContainerChangeKind.Deleted)
                deleted.Add(changes.Current.Id);
        }
        await ended.CancelAsync();
        while (await changes.MoveNextAsync()) { } // others' changes that were on the way
    }

    [Fact]
    public async Task Memory_beyond_the_limit_is_an_out_of_memory_kill_and_is_told()
    {
        var (node, cancel) = (Node, TestNode.Limit);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using var changes = node.Runtime.Changes(ended.Token).GetAsyncEnumerator(cancel);
        Assert.True(await changes.MoveNextAsync());

        var pod = await node.Run("oom", cancel, "tail /dev/zero", container => container.Linux.Resources = new LinuxContainerResources { MemoryLimitInBytes = 16 << 20 });
        var kinds = new HashSet<ContainerChangeKind>();
        while (!kinds.IsSupersetOf([ContainerChangeKind.OutOfMemory, ContainerChangeKind.Stopped]))
        {
            Assert.True(await changes.MoveNextAsync());
            if (changes.Current.Id == pod.ContainerId)
                kinds.Add(changes.Current.Kind);
        }
        var status = (await node.Runtime.ContainerStatus(pod.ContainerId, false, cancel))!.Status;
        Assert.Equal(("OOMKilled", 137), (status.Reason, status.ExitCode));
        await ended.CancelAsync();
        await node.Remove(pod, cancel);
    }

    [Fact]
    public async Task Statistics_of_the_runtime_and_of_the_pods_cgroup_agree_on_who_works()
    {
        var (node, cancel) = (Node, TestNode.Limit);
        var pod = await node.Run("stats", cancel, "while true; do :; done");
        var cgroups = new PodCgroups(CgroupHierarchy.Detect(), node.Instance.Layout.CgroupRoot);
        await Until(() => ValueTask.FromResult(cgroups.Usage(QosClass.Burstable, "uid-stats")!.Cpu > TimeSpan.FromMilliseconds(50)), cancel);

        var usage = cgroups.Usage(QosClass.Burstable, "uid-stats")!;
        Assert.True(usage.Memory > 0 && usage.MemoryWorkingSet > 0 && usage.Pids >= 2, usage.ToString());
        var stats = await node.Runtime.ContainerStats(pod.ContainerId, cancel);
        Assert.True(stats!.Cpu.UsageCoreNanoSeconds.Value > 0);
        Assert.Contains(await node.Runtime.ListContainerStats(null, cancel), s => s.Attributes.Id == pod.ContainerId);
        Assert.Contains(await node.Runtime.ListPodSandboxStats(null, cancel), s => s.Attributes.Id == pod.SandboxId);
        Assert.Contains((QosClass.Burstable, "uid-stats"), cgroups.List());

        await node.Remove(pod, cancel);
        await cgroups.Remove("uid-stats", TimeProvider.System, cancel);
        Assert.Null(cgroups.Usage(QosClass.Burstable, "uid-stats"));
    }

    [Fact]
    public async Task The_pause_program_reaps_what_dies_in_a_shared_process_namespace()
    {
        var (node, cancel) = (Node, TestNode.Limit);
        var sandbox = node.Sandbox("shared");
        sandbox.Linux.SecurityContext.NamespaceOptions.Pid = NamespaceMode.Pod;
        var sandboxId = await node.Runtime.RunPodSandbox(sandbox, "", cancel);
        var containerId = await node.Runtime.CreateContainer(sandboxId, new ContainerConfig
        {
            Metadata = new ContainerMetadata { Name = "main" },
            Image = new ImageSpec { Image = TestNode.Image },
            Command = { "sleep", "1000" },
            Linux = new LinuxContainerConfig { SecurityContext = new LinuxContainerSecurityContext { NamespaceOptions = new NamespaceOption { Pid = NamespaceMode.Pod } } },
        }, sandbox, cancel);
        await node.Runtime.StartContainer(containerId, cancel);
        // The grandchild outlives its parent, so that process 1 is left with it.
        await node.Runtime.ExecSync(containerId, ["sh", "-c", "(sleep 0.05; exit 0) & exit 0"], TimeSpan.FromSeconds(30), cancel);

        await Until(async () =>
        {
            var processes = (await node.Runtime.ExecSync(containerId, ["ps", "-o", "pid,stat,comm"], TimeSpan.FromSeconds(30), cancel)).Stdout.ToStringUtf8();
            return processes.Contains("pause", StringComparison.Ordinal) && !processes.Contains("sleep 0", StringComparison.Ordinal) && !processes.Contains(" Z", StringComparison.Ordinal);
        }, cancel);
        await node.Runtime.StopPodSandbox(sandboxId, cancel);
        await node.Runtime.RemovePodSandbox(sandboxId, cancel);
    }

    [Fact]
    public async Task What_is_asked_of_a_container_that_is_not_there_is_refused_with_a_code()
    {
        var (node, cancel) = (Node, TestNode.Limit);
        Assert.Equal(GrpcStatusCode.NotFound, (await Assert.ThrowsAsync<GrpcException>(() => node.Runtime.StartContainer("none", cancel))).Code);
        Assert.Null(await node.Runtime.ContainerStatus("none", false, cancel));
        Assert.Null(await node.Runtime.ImageStatus(new ImageSpec { Image = "registry.test/none:1" }, cancel));
        await node.Runtime.StopContainer("none", TimeSpan.Zero, cancel);
        await node.Runtime.RemoveContainer("none", cancel);
        await node.Runtime.RemovePodSandbox("none", cancel);
    }

    [Fact]
    public async Task The_runtime_reports_itself_ready()
    {
        var (node, cancel) = (Node, TestNode.Limit);
        Assert.Equal("containerd", (await node.Runtime.Version(cancel)).RuntimeName);
        Assert.All((await node.Runtime.Status(false, cancel)).Status.Conditions, condition => Assert.True(condition.Status, condition.Message));
        Assert.NotEmpty((await node.Runtime.ImageFsInfo(cancel)).ImageFilesystems);
        Assert.Contains(await node.Runtime.ListImages(cancel), image => image.RepoTags.Contains(TestNode.Image));
    }

    private static async Task Until(Func<ValueTask<bool>> condition, CancellationToken cancel)
    {
        while (!await condition())
            await Task.Delay(10, cancel);
    }
}
