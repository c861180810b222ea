using System.IO.Pipelines;
using Coracle.Kinds.Core.V1;
using Coracle.Node.Cri;
using Coracle.Node.Cri.V1;
using Coracle.Node.Pods;
using Coracle.Node.Streaming;
using Coracle.Sdk;
using CriContainerStatus = Coracle.Node.Cri.V1.ContainerStatus;

namespace Coracle.Node.Agent;

/// <summary>Why a node cannot do what was asked of a container, with the HTTP status that upstream answers.</summary>
public sealed class NodeApiException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}

/// <summary>What the API server asks of a node about its containers: logs, exec, attach and port-forward.</summary>
public sealed class NodeApi
{
    private readonly NodeOptions _options;
    private readonly Informer<Pod> _pods;

    internal NodeApi(NodeOptions options, Informer<Pod> pods)
    {
        (_options, _pods) = (options, pods);
        Endpoints = new NodeEndpoints(options, pods, this);
    }

    /// <summary>What the node answers to requests of its own server.</summary>
    public NodeEndpoints Endpoints { get; }

    /// <summary>Where a volume of this node lives that outlives pods; made and removed with the volume.</summary>
    public string VolumeDirectory(string volume) => Volumes.LocalDirectories.PathOf(_options, volume);
    public void MakeVolume(string volume) => Volumes.LocalDirectories.Make(_options, volume);
    public void RemoveVolume(string volume) => Volumes.LocalDirectories.Remove(_options, volume);

    /// <summary>The log of a container. Reading ends when the container has, or at once unless it is to be followed.</summary>
    /// <param name="previous">Of the attempt before the current one.</param>
    /// <exception cref="NodeApiException">There is no such container, or no log yet.</exception>
    public async Task<Stream> Logs(Key key, string container, bool previous, LogOptions log, CancellationToken cancel)
    {
        var (pod, running) = await Look(key, cancel);
        var latest = running.Latest(container);
        var wanted = previous ? running.Previous(container) : latest ?? running.Previous(container);
        if (wanted is null)
            throw new NodeApiException(400, previous
                ? $"previous terminated container \"{container}\" in pod \"{pod.Metadata.Name}\" not found"
                : $"container \"{container}\" in pod \"{pod.Metadata.Name}\" is waiting to start: {WaitingReason(pod, container)}");
        if (wanted.LogPath.Length == 0) return Stream.Null; // a simulated container says nothing
        if (!File.Exists(wanted.LogPath)) throw new NodeApiException(400, $"container \"{container}\" in pod \"{pod.Metadata.Name}\" has no log yet");
        var pipe = new Pipe();
        _ = Copy(wanted, log, pipe.Writer, cancel);
        return pipe.Reader.AsStream();
    }

    private async Task Copy(CriContainerStatus container, LogOptions log, PipeWriter writer, CancellationToken cancel)
    {
        Exception? failure = null;
        try
        {
            await LogReader.Copy(container.LogPath, log, writer.AsStream(leaveOpen: true), async stop =>
                (await _options.Runtime.ContainerStatus(container.Id, false, stop))?.Status.State == CriContainerState.ContainerRunning, _options.Clock, cancel);
        }
        catch (Exception e) when (e is IOException or GrpcException or OperationCanceledException or InvalidOperationException)
        {
            failure = e is OperationCanceledException ? null : e;
        }
        await writer.CompleteAsync(failure);
    }

    private static string WaitingReason(Pod pod, string container) =>
        (pod.Status.ContainerStatuses ?? []).Concat(pod.Status.InitContainerStatuses ?? []).Concat(pod.Status.EphemeralContainerStatuses ?? []).FirstOrDefault(s => s.Name == container)?.State.Waiting?.Reason is { Length: > 0 } reason
            ? reason : "ContainerCreating";

    /// <summary>Starts a command in a running container.</summary>
    public async Task<RemoteCommandSession> Exec(Key key, string container, IEnumerable<string> command, bool stdin, bool stdout, bool stderr, bool tty, CancellationToken cancel)
    {
        var id = await RunningContainer(key, container, cancel);
        var request = new ExecRequest { ContainerId = id, Stdin = stdin, Stdout = stdout, Stderr = stderr && !tty, Tty = tty };
        request.Cmd.Add(command);
        return await _options.Runtime.Exec(request, cancel);
    }

    /// <summary>Joins a running container's first process.</summary>
    public async Task<RemoteCommandSession> Attach(Key key, string container, bool stdin, bool stdout, bool stderr, bool tty, CancellationToken cancel)
    {
        var id = await RunningContainer(key, container, cancel);
        return await _options.Runtime.Attach(new AttachRequest { ContainerId = id, Stdin = stdin, Stdout = stdout, Stderr = stderr && !tty, Tty = tty }, cancel);
    }

    /// <summary>One connection to a port of the pod.</summary>
    public async Task<PortForwardStreams> PortForward(Key key, int port, CancellationToken cancel)
    {
        var (pod, running) = await Look(key, cancel);
        if (!running.SandboxReady) throw new NodeApiException(400, $"unable to forward port because pod is not running. Current status={pod.Status.Phase}");
        return await _options.Runtime.PortForward(running.Sandbox!.Id, port, cancel);
    }

    private async Task<string> RunningContainer(Key key, string container, CancellationToken cancel)
    {
        var (_, running) = await Look(key, cancel);
        var latest = running.Latest(container);
        if (latest?.State == CriContainerState.ContainerRunning) return latest.Id;
        throw new NodeApiException(400, $"unable to upgrade connection: container not found (\"{container}\")");
    }

    private async Task<(Pod Pod, RunningPod Running)> Look(Key key, CancellationToken cancel)
    {
        var pod = _pods.Get(key) ?? throw new NodeApiException(404, $"pods \"{key.Name}\" not found");
        try
        {
            return (pod, await RunningPod.Look(_options.Runtime, pod.Metadata.Uid, null, cancel));
        }
        catch (GrpcException e)
        {
            throw new NodeApiException(500, e.RpcText);
        }
    }
}
