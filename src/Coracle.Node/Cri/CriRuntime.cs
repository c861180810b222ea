using Coracle.Node.Cri.V1;
using Google.Protobuf;

namespace Coracle.Node.Cri;

/// <summary>A CRI v1 runtime on a unix socket: containerd 1.6 or later, or any other.</summary>
public sealed partial class CriRuntime : IContainerRuntime
{
    private const string RuntimeService = "/runtime.v1.RuntimeService/";
    private readonly GrpcChannel _channel;
    private readonly CriRuntimeOptions _options;

    /// <param name="channel">Stays the caller's to dispose.</param>
    public CriRuntime(GrpcChannel channel, CriRuntimeOptions options) => (_channel, _options) = (channel, options);

    private Task<T> Call<T>(string method, IMessage request, MessageParser<T> answer, CancellationToken cancel, TimeSpan? deadline = null)
        where T : class, IMessage<T> =>
        _channel.Unary(new GrpcCall(RuntimeService + method, deadline ?? _options.CallTimeout), request, answer, cancel);

    /// <summary>For calls whose answer "there is no such thing" is a value to the caller.</summary>
    private static async Task<T?> OrNull<T>(Task<T> call) where T : class
    {
        try
        {
            return await call;
        }
        catch (GrpcException e) when (e.Code == GrpcStatusCode.NotFound)
        {
            return null;
        }
    }

    public Task<VersionResponse> Version(CancellationToken cancel) =>
        Call("Version", new VersionRequest { Version = "v1" }, VersionResponse.Parser, cancel);

    public Task<StatusResponse> Status(bool verbose, CancellationToken cancel) =>
        Call("Status", new StatusRequest { Verbose = verbose }, StatusResponse.Parser, cancel);

    // ---- pod sandboxes

    public async Task<string> RunPodSandbox(PodSandboxConfig config, string runtimeHandler, CancellationToken cancel)
    {
        var request = new RunPodSandboxRequest { Config = config, RuntimeHandler = runtimeHandler };
        return (await Call("RunPodSandbox", request, RunPodSandboxResponse.Parser, cancel, _options.CallTimeout * 2)).PodSandboxId;
    }

    public Task StopPodSandbox(string sandboxId, CancellationToken cancel) => OrNull(Call("StopPodSandbox",
        new StopPodSandboxRequest { PodSandboxId = sandboxId }, StopPodSandboxResponse.Parser, cancel, _options.CallTimeout * 2));

    public Task RemovePodSandbox(string sandboxId, CancellationToken cancel) => OrNull(Call("RemovePodSandbox",
        new RemovePodSandboxRequest { PodSandboxId = sandboxId }, RemovePodSandboxResponse.Parser, cancel));

    public Task<PodSandboxStatusResponse?> PodSandboxStatus(string sandboxId, bool verbose, CancellationToken cancel) => OrNull(Call(
        "PodSandboxStatus", new PodSandboxStatusRequest { PodSandboxId = sandboxId, Verbose = verbose }, PodSandboxStatusResponse.Parser, cancel));

    public async Task<IReadOnlyList<PodSandbox>> ListPodSandboxes(PodSandboxFilter? filter, CancellationToken cancel) =>
        (await Call("ListPodSandbox", new ListPodSandboxRequest { Filter = filter }, ListPodSandboxResponse.Parser, cancel)).Items;

    // ---- containers

    public async Task<string> CreateContainer(string sandboxId, ContainerConfig config, PodSandboxConfig sandboxConfig, CancellationToken cancel)
    {
        var request = new CreateContainerRequest { PodSandboxId = sandboxId, Config = config, SandboxConfig = sandboxConfig };
        return (await Call("CreateContainer", request, CreateContainerResponse.Parser, cancel)).ContainerId;
    }

    public Task StartContainer(string containerId, CancellationToken cancel) =>
        Call("StartContainer", new StartContainerRequest { ContainerId = containerId }, StartContainerResponse.Parser, cancel);

    public Task StopContainer(string containerId, TimeSpan grace, CancellationToken cancel) => OrNull(Call("StopContainer",
        new StopContainerRequest { ContainerId = containerId, Timeout = Seconds(grace) }, StopContainerResponse.Parser, cancel,
        _options.CallTimeout + grace));

    public Task RemoveContainer(string containerId, CancellationToken cancel) => OrNull(Call("RemoveContainer",
        new RemoveContainerRequest { ContainerId = containerId }, RemoveContainerResponse.Parser, cancel));

    public async Task<IReadOnlyList<Container>> ListContainers(ContainerFilter? filter, CancellationToken cancel) =>
        (await Call("ListContainers", new ListContainersRequest { Filter = filter }, ListContainersResponse.Parser, cancel)).Containers;

    public Task<ContainerStatusResponse?> ContainerStatus(string containerId, bool verbose, CancellationToken cancel) => OrNull(Call(
        "ContainerStatus", new ContainerStatusRequest { ContainerId = containerId, Verbose = verbose }, ContainerStatusResponse.Parser, cancel));

    public Task UpdateContainerResources(UpdateContainerResourcesRequest request, CancellationToken cancel) =>
        Call("UpdateContainerResources", request, UpdateContainerResourcesResponse.Parser, cancel);

    public Task ReopenContainerLog(string containerId, CancellationToken cancel) => Call("ReopenContainerLog",
        new ReopenContainerLogRequest { ContainerId = containerId }, ReopenContainerLogResponse.Parser, cancel);

    // ---- statistics

    public async Task<ContainerStats?> ContainerStats(string containerId, CancellationToken cancel) => (await OrNull(Call(
        "ContainerStats", new ContainerStatsRequest { ContainerId = containerId }, ContainerStatsResponse.Parser, cancel)))?.Stats;

    public async Task<IReadOnlyList<ContainerStats>> ListContainerStats(ContainerStatsFilter? filter, CancellationToken cancel) => (await Call(
        "ListContainerStats", new ListContainerStatsRequest { Filter = filter }, ListContainerStatsResponse.Parser, cancel)).Stats;

    public async Task<IReadOnlyList<PodSandboxStats>> ListPodSandboxStats(PodSandboxStatsFilter? filter, CancellationToken cancel) => (await Call(
        "ListPodSandboxStats", new ListPodSandboxStatsRequest { Filter = filter }, ListPodSandboxStatsResponse.Parser, cancel)).Stats;

    /// <summary>Whole seconds, rounded up: a second too many is better than a kill at once.</summary>
    private static long Seconds(TimeSpan span) => (long)Math.Ceiling(Math.Max(0, span.TotalSeconds));
}
