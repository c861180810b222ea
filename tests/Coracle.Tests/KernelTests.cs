using Coracle.Kinds.Core.V1;
using Coracle.Node.Containerd;
using Coracle.Schema;
using Coracle.Tests.Running;

namespace Coracle.Tests;

/// <summary>What of a pod's specification only the kernel can show.</summary>
[Collection("cluster")]
[Trait("Category", "containerd")]
[Trait("Category", "root")]
public sealed class KernelTests(SharedCluster shared)
{
    private static string LastWords(Pod pod) => pod.Status.ContainerStatuses![0].State.Terminated!.Message.Trim();

    [Fact]
    public async Task A_container_is_held_to_its_limits()
    {
        var cancel = TestInstance.Limit();
        var web = Samples.Web();
        web.Resources = new()
        {
            Requests = new() { ["cpu"] = Quantity.Parse("100m"), ["memory"] = Quantity.Parse("32Mi") }, Limits = new() { ["cpu"] = Quantity.Parse("250m"), ["memory"] = Quantity.Parse("48Mi") },
        };
        var pod = await shared.Run(Samples.Pod("limited", web), Waiting.IsReady, cancel);
        var process = Containers.Of(new ContainerdLayout(shared.Cluster.DataDirectory).CgroupRoot)[Containers.IdOf(pod.Status.ContainerStatuses![0])][0];
        Assert.Equal("50331648", Containers.Limit(process, "memory", "memory.limit_in_bytes", "memory.max"));
        Assert.StartsWith("25000", Containers.Limit(process, "cpu", "cpu.cfs_quota_us", "cpu.max"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_that_takes_too_much_memory_is_told_to_have_been_killed_for_it()
    {
        var cancel = TestInstance.Limit();
        var greedy = Samples.Shell("greedy", "exec /bin/busybox tail /dev/zero");
        greedy.Resources = new() { Limits = new() { ["memory"] = Quantity.Parse("16Mi") } };
        var pod = await shared.RunToEnd(Samples.Pod("greedy", greedy), cancel);
        var ended = pod.Status.ContainerStatuses![0].State.Terminated!;
        Assert.Equal((137, "OOMKilled"), (ended.ExitCode, ended.Reason));
    }

    [Fact]
    public async Task A_container_runs_as_the_user_and_the_groups_that_it_is_to()
    {
        var cancel = TestInstance.Limit();
        var pod = Samples.Pod("user", Samples.Shell("user", "/bin/busybox id > /dev/termination-log; ls -ln / | /bin/busybox grep scratch >> /dev/termination-log; touch /scratch/file && ls -ln /scratch >> /dev/termination-log"));
        pod.Spec.SecurityContext = new() { RunAsUser = 1234, RunAsGroup = 2345, FsGroup = 3456, SupplementalGroups = [4567] };
        pod.Spec.Volumes = [new() { Name = "scratch", EmptyDir = new() }];
        pod.Spec.Containers![0].VolumeMounts = [new() { Name = "scratch", MountPath = "/scratch" }];
        var words = LastWords(await shared.RunToEnd(pod, cancel)).Split('\n');
        Assert.Equal("uid=1234 gid=2345 groups=2345,3456,4567", words[0]);
        Assert.Contains(" 3456 ", words[1], StringComparison.Ordinal);
        Assert.Contains("1234     3456", words[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_root_file_system_may_be_read_only_and_privileges_may_be_taken_away()
    {
        var cancel = TestInstance.Limit();
        var container = Samples.Shell("bound", "touch /x 2>/dev/termination-log; /bin/busybox grep -E 'NoNewPrivs|CapEff' /proc/self/status >> /dev/termination-log");
        container.SecurityContext = new() { ReadOnlyRootFilesystem = true, AllowPrivilegeEscalation = false, Capabilities = new() { Drop = ["ALL"], Add = ["NET_BIND_SERVICE"] } };
        var words = LastWords(await shared.RunToEnd(Samples.Pod("bound", container), cancel));
        Assert.Contains("Read-only file system", words, StringComparison.Ordinal);
        Assert.Contains("0000000000000400", words, StringComparison.Ordinal);
        Assert.Matches("NoNewPrivs:\\s+1", words);
    }

    [Fact]
    public async Task A_container_that_says_nothing_of_its_failure_is_quoted_from_its_log()
    {
        var cancel = TestInstance.Limit();
        var container = Samples.Shell("failing", "echo this is why; exit 7");
        container.TerminationMessagePolicy = TerminationMessagePolicy.FallbackToLogsOnError;
        var pod = await shared.RunToEnd(Samples.Pod("quoted", container), cancel);
        Assert.Equal((7, "Error", "this is why"), (pod.Status.ContainerStatuses![0].State.Terminated!.ExitCode, pod.Status.ContainerStatuses[0].State.Terminated!.Reason, LastWords(pod)));
    }

    [Fact]
    public async Task An_image_that_no_registry_has_is_waited_for()
    {
        var cancel = TestInstance.Limit();
        var container = Samples.Shell("absent", "exit 0");
        container.Image = "registry.invalid/absent:1";
        await shared.Run(Samples.Pod("absent", container), p => p.Status.ContainerStatuses?[0].State.Waiting?.Reason == "ErrImagePull", cancel);
        await shared.EventOf("absent", "Failed", "Failed to pull image \"registry.invalid/absent:1\": rpc error: code = ", cancel);
        await Waiting.Pod(shared.Client, "absent", p => p.Status.ContainerStatuses![0].State.Waiting?.Reason == "ImagePullBackOff", cancel);
        await shared.EventOf("absent", "BackOff", "Back-off pulling image \"registry.invalid/absent:1\"", cancel);
    }

    [Fact]
    public async Task A_command_that_is_not_there_is_told_of()
    {
        var cancel = TestInstance.Limit();
        var container = Samples.Web();
        container.Command = ["no-such-command"];
        const string text = "exec: \"no-such-command\": executable file not found in $PATH";
        var pod = await shared.Run(Samples.Pod("mistyped", container), p => p.Status.ContainerStatuses?[0].State.Waiting?.Reason is "RunContainerError", cancel);
        Assert.Contains(text, pod.Status.ContainerStatuses![0].State.Waiting!.Message, StringComparison.Ordinal);
        Assert.Equal((128, "StartError"), (pod.Status.ContainerStatuses[0].LastState.Terminated!.ExitCode, pod.Status.ContainerStatuses[0].LastState.Terminated!.Reason));
        await shared.EventOf("mistyped", "Failed", "Error: failed to create containerd task: ", cancel);
        await Waiting.Pod(shared.Client, "mistyped", p => p.Status.ContainerStatuses![0].State.Waiting?.Reason == "CrashLoopBackOff", cancel);
    }

    [Fact]
    public async Task A_secret_that_is_not_there_keeps_its_pod_from_starting_until_it_is()
    {
        var cancel = TestInstance.Limit();
        var pod = Samples.Pod("secretive", Samples.Shell("secretive", "cat /secret/word > /dev/termination-log"));
        pod.Spec.RestartPolicy = RestartPolicy.Never;
        pod.Spec.Volumes = [new() { Name = "secret", Secret = new() { SecretName = "late" } }];
        pod.Spec.Containers![0].VolumeMounts = [new() { Name = "secret", MountPath = "/secret" }];
        await shared.Run(pod, p => p.Status.ContainerStatuses?[0].State.Waiting?.Reason == "ContainerCreating", cancel);
        await shared.EventOf("secretive", "FailedMount", "MountVolume.SetUp failed for volume \"secret\" : secret \"late\" not found", cancel);
        await shared.Client.CreateAsync(new Secret { Metadata = new() { Name = "late", Namespace = "default" }, Data = new() { ["word"] = "sesame"u8.ToArray() } }, cancel);
        var after = await Waiting.Pod(shared.Client, "secretive", p => p.Status.Phase == PodPhase.Succeeded, cancel);
        Assert.Equal("sesame", LastWords(after));
    }
}
