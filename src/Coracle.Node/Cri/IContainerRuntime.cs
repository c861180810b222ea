using Coracle.Node.Cri.V1;
using Coracle.Node.Streaming;

namespace Coracle.Node.Cri;

/// <summary>
/// The container-runtime seam of the node: the CRI v1, the size of what a node agent needs. Implemented by
/// <see cref="CriRuntime"/> (containerd and any other CRI runtime) and by the simulated nodes.
/// All calls throw <see cref="GrpcException"/> when the runtime refuses (NotFound, AlreadyExists, InvalidArgument...), cannot be
/// reached (Unavailable; containerd says Unknown while it starts) or does not answer in time (DeadlineExceeded), and <see cref="OperationCanceledException"/> when
/// <c>cancel</c> was cancelled. Stop and remove calls are idempotent: they succeed when the thing is already so, or gone.
/// Times in messages are nanoseconds since 1970. Messages given in are not changed, messages handed out belong to the caller.
/// </summary>
public interface IContainerRuntime
{
    // ---- the runtime itself

    Task<VersionResponse> Version(CancellationToken cancel);

    /// <summary>Conditions RuntimeReady and NetworkReady, runtime handlers and features.</summary>
    Task<StatusResponse> Status(bool verbose, CancellationToken cancel);

    // ---- pod sandboxes

    /// <summary>Makes and starts a sandbox with its network.</summary>
    /// <param name="config">Its log_directory must exist.</param>
    /// <param name="runtimeHandler">Empty is the default one.</param>
    /// <returns>The sandbox's id.</returns>
    Task<string> RunPodSandbox(PodSandboxConfig config, string runtimeHandler, CancellationToken cancel);

    /// <summary>Kills what runs in the sandbox and gives its network back; idempotent, and to be called before a remove.</summary>
    Task StopPodSandbox(string sandboxId, CancellationToken cancel);

    /// <summary>Removes the sandbox and all its containers, by force when they run; idempotent.</summary>
    Task RemovePodSandbox(string sandboxId, CancellationToken cancel);

    /// <summary>Null when there is no such sandbox.</summary>
    Task<PodSandboxStatusResponse?> PodSandboxStatus(string sandboxId, bool verbose, CancellationToken cancel);

    /// <param name="filter">Null lists all.</param>
    Task<IReadOnlyList<PodSandbox>> ListPodSandboxes(PodSandboxFilter? filter, CancellationToken cancel);

    // ---- containers

    /// <summary>Makes a container, not yet started, in a ready sandbox, from an image that is already there.</summary>
    /// <param name="sandboxConfig">What the sandbox was run with.</param>
    /// <returns>The container's id.</returns>
    Task<string> CreateContainer(string sandboxId, ContainerConfig config, PodSandboxConfig sandboxConfig, CancellationToken cancel);

    Task StartContainer(string containerId, CancellationToken cancel);

    /// <summary>Sends the stop signal, and SIGKILL after <paramref name="grace"/> (at once with zero); returns when it has ended. Idempotent.</summary>
    Task StopContainer(string containerId, TimeSpan grace, CancellationToken cancel);

    /// <summary>Removes a container, by force when it runs; idempotent.</summary>
    Task RemoveContainer(string containerId, CancellationToken cancel);

    /// <param name="filter">Null lists all.</param>
    Task<IReadOnlyList<Container>> ListContainers(ContainerFilter? filter, CancellationToken cancel);

    /// <summary>Null when there is no such container.</summary>
    Task<ContainerStatusResponse?> ContainerStatus(string containerId, bool verbose, CancellationToken cancel);

    Task UpdateContainerResources(UpdateContainerResourcesRequest request, CancellationToken cancel);

    /// <summary>Makes the runtime write to a new log file, after the old one was renamed.</summary>
    Task ReopenContainerLog(string containerId, CancellationToken cancel);

    // ---- running things inside

    /// <summary>Runs a command to its end, for probes and hooks.</summary>
    /// <param name="timeout">The command is killed after it, and the call fails with DeadlineExceeded. Zero is without end.</param>
    Task<ExecSyncResponse> ExecSync(string containerId, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancel);

    /// <summary>Starts a command. The session's outcome comes on its Error stream; disposing it breaks the streams off.</summary>
    Task<RemoteCommandSession> Exec(ExecRequest request, CancellationToken cancel);

    /// <summary>Joins the streams of a container's first process. Its Error stream ends with a success when the process has.</summary>
    Task<RemoteCommandSession> Attach(AttachRequest request, CancellationToken cancel);

    /// <summary>Opens one connection to a port on the loopback address of the sandbox.</summary>
    Task<PortForwardStreams> PortForward(string sandboxId, int port, CancellationToken cancel);

    // ---- statistics and changes

    /// <summary>Null when there is no such container.</summary>
    Task<ContainerStats?> ContainerStats(string containerId, CancellationToken cancel);

    /// <param name="filter">Null lists all.</param>
    Task<IReadOnlyList<ContainerStats>> ListContainerStats(ContainerStatsFilter? filter, CancellationToken cancel);

    /// <param name="filter">Null lists all.</param>
    Task<IReadOnlyList<PodSandboxStats>> ListPodSandboxStats(PodSandboxStatsFilter? filter, CancellationToken cancel);

    /// <summary>
    /// What changes, as it does. Goes on until <paramref name="cancel"/>: a runtime that goes away and comes back shows as
    /// another <see cref="ContainerChangeKind.Resync"/>. Completes without an exception when cancelled.
    /// </summary>
    IAsyncEnumerable<ContainerChange> Changes(CancellationToken cancel);

    // ---- images

    /// <returns>The image's reference, for <see cref="ContainerConfig.Image"/>.</returns>
    Task<string> PullImage(ImageSpec image, AuthConfig? credentials, PodSandboxConfig? sandboxConfig, CancellationToken cancel);

    Task<IReadOnlyList<Image>> ListImages(CancellationToken cancel);

    /// <summary>Null when the image is not there.</summary>
    Task<Image?> ImageStatus(ImageSpec image, CancellationToken cancel);

    /// <summary>Removes the image with all its names; idempotent.</summary>
    Task RemoveImage(ImageSpec image, CancellationToken cancel);

    Task<ImageFsInfoResponse> ImageFsInfo(CancellationToken cancel);
}
