using Coracle.Node.Cri;
using Coracle.Node.Cri.V1;
using Coracle.Node.Simulation;
using Coracle.Node.Streaming;

namespace Coracle.Node.Agent.Tests.Support;

/// <summary>A simulated runtime that does what a test says, and writes down what was asked of it.</summary>
internal sealed class ScriptedRuntime(TimeProvider clock, SimulatedRuntime inner) : IContainerRuntime
{
    private readonly DateTimeOffset _began = clock.GetUtcNow();
    private readonly Dictionary<string, string> _names = [];
    private readonly HashSet<string> _pulled = [];

    /// <summary>"12.5 start web", in the order in which it was asked; seconds since the beginning.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>The configurations of containers that were made, oldest first.</summary>
    public List<ContainerConfig> Made { get; } = [];

    public List<PodSandboxConfig> Sandboxes { get; } = [];

    /// <summary>How long a container takes to end when it is asked to; more than its grace means that it is killed.</summary>
    public Dictionary<string, TimeSpan> StopTakes { get; } = [];

    /// <summary>What commands in containers answer, by "container: command": an exit code and its output.</summary>
    public Func<string, string, (int Code, string Output)> OnExec { get; set; } = static (_, _) => (0, "");

    public Dictionary<string, TimeSpan> ExecTakes { get; } = [];

    /// <summary>Images that are not there before they are pulled.</summary>
    public HashSet<string> Absent { get; } = [];

    /// <summary>Why a pull fails; null when it does not.</summary>
    public Func<string, GrpcException?> OnPull { get; set; } = static _ => null;

    public TimeSpan PullTakes { get; set; }

    public Func<string, GrpcException?> OnCreate { get; set; } = static _ => null;
    public Func<string, GrpcException?> OnStart { get; set; } = static _ => null;
    public Func<string, GrpcException?> OnUpdate { get; set; } = static _ => null;

    /// <summary>Bytes of memory that every container is said to use.</summary>
    public ulong? MemoryUsed { get; set; }
    public Func<GrpcException?> OnReopen { get; set; } = static () => null;
    public Func<GrpcException?> OnSandbox { get; set; } = static () => null;

    /// <summary>What the runtime says of itself; null when all is well.</summary>
    public string? Unwell { get; set; }

    private void Note(string what) => Calls.Add(FormattableString.Invariant($"{(clock.GetUtcNow() - _began).TotalSeconds:0.#} {what}"));

    /// <summary>What was asked, without the times.</summary>
    public IReadOnlyList<string> Words => [.. Calls.Select(c => c[(c.IndexOf(' ', StringComparison.Ordinal) + 1)..])];

    /// <summary>The seconds at which something was asked.</summary>
    public IReadOnlyList<double> Times(string what) =>
        [.. Calls.Where(c => c[(c.IndexOf(' ', StringComparison.Ordinal) + 1)..] == what).Select(c => double.Parse(c.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture))];

    private string Name(string id) => _names.GetValueOrDefault(id, id);

    public string IdOf(string container) => _names.Last(n => n.Value == container).Key;

    /// <summary>The newest container of this name ends.</summary>
    public void Exit(string container, int code, string reason = "") => inner.Exit(IdOf(container), code, reason);

    public Task<VersionResponse> Version(CancellationToken cancel) => inner.Version(cancel);

    public async Task<StatusResponse> Status(bool verbose, CancellationToken cancel)
    {
        var status = await inner.Status(verbose, cancel);
        if (Unwell is { } why) (status.Status.Conditions[1].Status, status.Status.Conditions[1].Reason, status.Status.Conditions[1].Message) = (false, "NetworkPluginNotReady", why);
        return status;
    }

    public Task<string> RunPodSandbox(PodSandboxConfig config, string runtimeHandler, CancellationToken cancel)
    {
        if (OnSandbox() is { } failure) throw failure;
        Note("sandbox");
        Sandboxes.Add(config);
        return inner.RunPodSandbox(config, runtimeHandler, cancel);
    }

    public Task StopPodSandbox(string sandboxId, CancellationToken cancel)
    {
        Note("stop sandbox");
        return inner.StopPodSandbox(sandboxId, cancel);
    }

    public Task RemovePodSandbox(string sandboxId, CancellationToken cancel) => inner.RemovePodSandbox(sandboxId, cancel);
    public Task<PodSandboxStatusResponse?> PodSandboxStatus(string sandboxId, bool verbose, CancellationToken cancel) => inner.PodSandboxStatus(sandboxId, verbose, cancel);
    public Task<IReadOnlyList<PodSandbox>> ListPodSandboxes(PodSandboxFilter? filter, CancellationToken cancel) => inner.ListPodSandboxes(filter, cancel);

    public async Task<string> CreateContainer(string sandboxId, ContainerConfig config, PodSandboxConfig sandboxConfig, CancellationToken cancel)
    {
        if (OnCreate(config.Metadata.Name) is { } failure) throw failure;
        Made.Add(config);
        var id = await inner.CreateContainer(sandboxId, config, sandboxConfig, cancel);
        _names[id] = config.Metadata.Name;
        return id;
    }

    public async Task StartContainer(string containerId, CancellationToken cancel)
    {
        Note($"start {Name(containerId)}");
        await inner.StartContainer(containerId, cancel);
        if (OnStart(Name(containerId)) is not { } failure) return;
        inner.Exit(containerId, 128, "StartError");
        throw failure;
    }

    public async Task StopContainer(string containerId, TimeSpan grace, CancellationToken cancel)
    {
        if ((await inner.ContainerStatus(containerId, false, cancel))?.Status.State != ContainerState.ContainerRunning) return;
        Note(FormattableString.Invariant($"stop {Name(containerId)} within {grace.TotalSeconds:0.#}"));
        var takes = StopTakes.GetValueOrDefault(Name(containerId));
        var until = clock.GetUtcNow() + (takes > grace ? grace : takes);
        while (clock.GetUtcNow() < until && (await inner.ContainerStatus(containerId, false, cancel))?.Status.State == ContainerState.ContainerRunning)
            await Task.Delay(TimeSpan.FromMilliseconds(100), clock, cancel);
        if (takes > grace) inner.Exit(containerId, 137);
        else await inner.StopContainer(containerId, grace, cancel);
    }

    public Task RemoveContainer(string containerId, CancellationToken cancel) => inner.RemoveContainer(containerId, cancel);
    public Task<IReadOnlyList<Container>> ListContainers(ContainerFilter? filter, CancellationToken cancel) => inner.ListContainers(filter, cancel);
    public Task<ContainerStatusResponse?> ContainerStatus(string containerId, bool verbose, CancellationToken cancel) => inner.ContainerStatus(containerId, verbose, cancel);
    public Task UpdateContainerResources(UpdateContainerResourcesRequest request, CancellationToken cancel)
    {
        Note($"update {Name(request.ContainerId)}: {request.Linux.CpuShares} {request.Linux.CpuQuota} {request.Linux.MemoryLimitInBytes}");
        return OnUpdate(Name(request.ContainerId)) is { } failure ? throw failure : inner.UpdateContainerResources(request, cancel);
    }

    public async Task ReopenContainerLog(string containerId, CancellationToken cancel)
    {
        Note($"reopen the log of {Name(containerId)}");
        if (OnReopen() is { } failure) throw failure;
        File.WriteAllText((await inner.ContainerStatus(containerId, false, cancel))!.Status.LogPath, "");
    }

    public async Task<ExecSyncResponse> ExecSync(string containerId, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancel)
    {
        var text = string.Join(' ', command);
        Note($"exec {Name(containerId)}: {text}");
        if (ExecTakes.TryGetValue(text, out var takes)) await Task.Delay(takes, clock, cancel);
        var (code, output) = OnExec(Name(containerId), text);
        return new ExecSyncResponse { ExitCode = code, Stdout = Google.Protobuf.ByteString.CopyFromUtf8(output) };
    }

    public Task<RemoteCommandSession> Exec(ExecRequest request, CancellationToken cancel) => inner.Exec(request, cancel);
    public Task<RemoteCommandSession> Attach(AttachRequest request, CancellationToken cancel) => inner.Attach(request, cancel);
    public Task<PortForwardStreams> PortForward(string sandboxId, int port, CancellationToken cancel) => inner.PortForward(sandboxId, port, cancel);
    public Task<ContainerStats?> ContainerStats(string containerId, CancellationToken cancel) =>
        MemoryUsed is { } used ? Task.FromResult<ContainerStats?>(new() { Memory = new() { WorkingSetBytes = new() { Value = used } } }) : inner.ContainerStats(containerId, cancel);
    public Task<IReadOnlyList<ContainerStats>> ListContainerStats(ContainerStatsFilter? filter, CancellationToken cancel) => inner.ListContainerStats(filter, cancel);
    public Task<IReadOnlyList<PodSandboxStats>> ListPodSandboxStats(PodSandboxStatsFilter? filter, CancellationToken cancel) => inner.ListPodSandboxStats(filter, cancel);
    public IAsyncEnumerable<ContainerChange> Changes(CancellationToken cancel) => inner.Changes(cancel);

    public async Task<string> PullImage(ImageSpec image, AuthConfig? credentials, PodSandboxConfig? sandboxConfig, CancellationToken cancel)
    {
        Note($"pull {image.Image}");
        if (PullTakes > TimeSpan.Zero) await Task.Delay(PullTakes, clock, cancel);
        if (OnPull(image.Image) is { } failure) throw failure;
        _pulled.Add(image.Image);
        return image.Image;
    }

    public Task<IReadOnlyList<Image>> ListImages(CancellationToken cancel) => inner.ListImages(cancel);

    public async Task<Image?> ImageStatus(ImageSpec image, CancellationToken cancel)
    {
        if (Absent.Contains(image.Image) && !_pulled.Contains(image.Image)) return null;
        var found = await inner.ImageStatus(image, cancel);
        if (found is not null) found.Size = 4711;
        return found;
    }

    public Task RemoveImage(ImageSpec image, CancellationToken cancel) => inner.RemoveImage(image, cancel);
    public Task<ImageFsInfoResponse> ImageFsInfo(CancellationToken cancel) => inner.ImageFsInfo(cancel);
}
