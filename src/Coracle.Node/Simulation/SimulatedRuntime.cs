using System.Threading.Channels;
using Coracle.Node.Cri;
using Coracle.Node.Cri.V1;
using Coracle.Node.Pods;
using Coracle.Node.Streaming;

namespace Coracle.Node.Simulation;

/// <summary>
/// A container runtime that runs nothing: sandboxes get addresses, containers start at once and go on until they are stopped, or do what a script says.
/// What it is for: tests of everything above it, and clusters of thousands of nodes on one machine.
/// </summary>
/// <param name="clock">Time of starts and ends.</param>
/// <param name="addresses">Gives the address of the next sandbox.</param>
/// <param name="script">What becomes of containers.</param>
public sealed class SimulatedRuntime(TimeProvider clock, Func<string> addresses, ContainerScript script) : IContainerRuntime
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Box> _boxes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Item> _items = new(StringComparer.Ordinal);

    // Agents ask for one pod at a time: with many pods on many nodes it matters that the others are not looked at.
    private readonly Dictionary<string, Belongings> _byPod = new(StringComparer.Ordinal);
    private readonly List<Channel<ContainerChange>> _listeners = [];
    private long _ids;

    /// <summary>What one pod has.</summary>
    private sealed class Belongings
    {
        public readonly List<Box> Boxes = [];
        public readonly List<Item> Items = [];
    }

    private sealed class Box
    {
        public required PodSandbox Sandbox;
        public required string Address;
    }

    private sealed class Item
    {
        public required ContainerStatus Status;
        public required Container Listed;
        public required SimulatedContainer Seen;
        public ContainerFate Fate;
        public ITimer? Ending;
    }

    /// <summary>A runtime of its own in which the same sandboxes and containers are as they are here; what was to end by itself ends as many seconds from <paramref name="time"/>'s now.</summary>
    public SimulatedRuntime Fork(TimeProvider time, Func<string> newAddresses, ContainerScript newScript)
    {
        var fork = new SimulatedRuntime(time, newAddresses, newScript);
        lock (_lock)
        {
            fork._ids = _ids;
            foreach (var (id, box) in _boxes) fork.Of(box.Sandbox.Labels).Boxes.Add(fork._boxes[id] = new Box { Sandbox = box.Sandbox.Clone(), Address = box.Address });
            foreach (var (id, item) in _items)
            {
                var copy = fork._items[id] = new Item { Status = item.Status.Clone(), Listed = item.Listed.Clone(), Seen = item.Seen, Fate = item.Fate };
                fork.Of(copy.Listed.Labels).Items.Add(copy);
                if (item.Ending is not null && copy.Status.State == CriContainerState.ContainerRunning)
                    fork.EndLater(copy, TimeSpan.FromTicks(Math.Max(0, copy.Status.StartedAt / 100 + item.Fate.EndsAfter!.Value.Ticks - fork.Now / 100)));
            }
        }
        return fork;
    }

    private string NewId() => (++_ids).ToString("x64", System.Globalization.CultureInfo.InvariantCulture);

    private static string PodOf(IDictionary<string, string> labels) => labels.TryGetValue(RuntimeLabels.PodUid, out var uid) ? uid : "";

    private Belongings Of(IDictionary<string, string> labels)
    {
        ref var of = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_byPod, PodOf(labels), out _);
        return of ??= new();
    }

    private long Now => (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    public Task<VersionResponse> Version(CancellationToken cancel) =>
        Task.FromResult(new VersionResponse { Version = "0.1.0", RuntimeName = "simulated", RuntimeVersion = "1.0", RuntimeApiVersion = "v1" });

    public Task<StatusResponse> Status(bool verbose, CancellationToken cancel)
    {
        var status = new RuntimeStatus();
        status.Conditions.Add(new RuntimeCondition { Type = "RuntimeReady", Status = true });
        status.Conditions.Add(new RuntimeCondition { Type = "NetworkReady", Status = true });
        return Task.FromResult(new StatusResponse { Status = status });
    }

    public Task<string> RunPodSandbox(PodSandboxConfig config, string runtimeHandler, CancellationToken cancel)
    {
        lock (_lock)
        {
            var id = NewId();
            var sandbox = new PodSandbox { Id = id, Metadata = config.Metadata.Clone(), State = PodSandboxState.SandboxReady, CreatedAt = Now };
            sandbox.Labels.Add(config.Labels);
            sandbox.Annotations.Add(config.Annotations);
            var box = new Box { Sandbox = sandbox, Address = config.Linux?.SecurityContext?.NamespaceOptions?.Network == NamespaceMode.Node ? "" : addresses() };
            _boxes[id] = box;
            Of(sandbox.Labels).Boxes.Add(box);
            return Task.FromResult(id);
        }
    }

    public Task StopPodSandbox(string sandboxId, CancellationToken cancel)
    {
        List<string> ended = [];
        lock (_lock)
        {
            if (!_boxes.TryGetValue(sandboxId, out var box)) return Task.CompletedTask;
            box.Sandbox.State = PodSandboxState.SandboxNotready;
            foreach (var item in Of(box.Sandbox.Labels).Items.Where(i => i.Listed.PodSandboxId == sandboxId))
                if (Finish(item, 137)) ended.Add(item.Status.Id);
        }
        foreach (var id in ended) Tell(ContainerChangeKind.Stopped, id);
        return Task.CompletedTask;
    }

    public Task RemovePodSandbox(string sandboxId, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (!_boxes.Remove(sandboxId, out var box)) return Task.CompletedTask;
            var pod = Of(box.Sandbox.Labels);
            pod.Boxes.Remove(box);
            foreach (var item in pod.Items.Where(i => i.Listed.PodSandboxId == sandboxId).ToList()) Forget(item);
            if (pod.Boxes.Count == 0) _byPod.Remove(PodOf(box.Sandbox.Labels));
        }
        return Task.CompletedTask;
    }

    private void Forget(Item item)
    {
        item.Ending?.Dispose();
        _items.Remove(item.Status.Id);
        Of(item.Listed.Labels).Items.Remove(item);
    }

    public Task<PodSandboxStatusResponse?> PodSandboxStatus(string sandboxId, bool verbose, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (!_boxes.TryGetValue(sandboxId, out var box)) return Task.FromResult<PodSandboxStatusResponse?>(null);
            var status = new PodSandboxStatus
            {
                Id = sandboxId, Metadata = box.Sandbox.Metadata.Clone(), State = box.Sandbox.State, CreatedAt = box.Sandbox.CreatedAt,
                Network = new PodSandboxNetworkStatus { Ip = box.Address },
            };
            status.Labels.Add(box.Sandbox.Labels);
            return Task.FromResult<PodSandboxStatusResponse?>(new PodSandboxStatusResponse { Status = status });
        }
    }

    public Task<IReadOnlyList<PodSandbox>> ListPodSandboxes(PodSandboxFilter? filter, CancellationToken cancel)
    {
        lock (_lock)
            return Task.FromResult<IReadOnlyList<PodSandbox>>([.. Boxes(filter?.LabelSelector).Select(b => b.Sandbox).Where(s => filter is null || Matches(s.Labels, filter.LabelSelector)).Select(s => s.Clone())]);
    }

    private IEnumerable<Box> Boxes(IDictionary<string, string>? selector) =>
        selector is null || !selector.TryGetValue(RuntimeLabels.PodUid, out var uid) ? _boxes.Values : _byPod.GetValueOrDefault(uid)?.Boxes ?? [];

    private IEnumerable<Item> Items(IDictionary<string, string>? selector) =>
        selector is null || !selector.TryGetValue(RuntimeLabels.PodUid, out var uid) ? _items.Values : _byPod.GetValueOrDefault(uid)?.Items ?? [];

    private static bool Matches(IDictionary<string, string> labels, IDictionary<string, string> selector)
    {
        foreach (var (key, value) in selector)
            if (!labels.TryGetValue(key, out var found) || found != value) return false;
        return true;
    }

    public Task<string> CreateContainer(string sandboxId, ContainerConfig config, PodSandboxConfig sandboxConfig, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (!_boxes.TryGetValue(sandboxId, out var box)) throw new GrpcException(GrpcStatusCode.NotFound, $"sandbox {sandboxId} not found");
            var id = NewId();
            var status = new ContainerStatus
            {
                Id = id, Metadata = config.Metadata.Clone(), State = CriContainerState.ContainerCreated, CreatedAt = Now, Image = config.Image.Clone(), ImageRef = config.Image.Image,
                LogPath = config.LogPath.Length > 0 && Path.IsPathRooted(sandboxConfig.LogDirectory) ? Path.Combine(sandboxConfig.LogDirectory, config.LogPath) : "",
            };
            status.Labels.Add(config.Labels);
            status.Annotations.Add(config.Annotations);
            var listed = new Container { Id = id, PodSandboxId = sandboxId, Metadata = config.Metadata.Clone(), State = CriContainerState.ContainerCreated, CreatedAt = status.CreatedAt };
            listed.Labels.Add(config.Labels);
            Of(listed.Labels).Items.Add(_items[id] = new Item { Status = status, Listed = listed, Seen = Seen(box.Sandbox, config) });
            return Task.FromResult(id);
        }
    }

    private static SimulatedContainer Seen(PodSandbox sandbox, ContainerConfig config) => new()
    {
        Namespace = sandbox.Metadata.Namespace, Pod = sandbox.Metadata.Name, Name = config.Metadata.Name, Image = config.Image.UserSpecifiedImage.Length > 0 ? config.Image.UserSpecifiedImage : config.Image.Image,
        Restarts = (int)config.Metadata.Attempt, Command = [.. config.Command, .. config.Args], Environment = Environment(config), Annotations = sandbox.Annotations.ToDictionary(StringComparer.Ordinal),
    };

    // What is said last counts.
    private static Dictionary<string, string> Environment(ContainerConfig config)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in config.Envs) all[variable.Key] = variable.Value.ToStringUtf8();
        return all;
    }

    public Task StartContainer(string containerId, CancellationToken cancel)
    {
        lock (_lock)
        {
            var item = _items.GetValueOrDefault(containerId) ?? throw new GrpcException(GrpcStatusCode.NotFound, $"container {containerId} not found");
            item.Status.State = item.Listed.State = CriContainerState.ContainerRunning;
            item.Status.StartedAt = Now;
            item.Fate = script.Fate(item.Seen);
            if (item.Fate.EndsAfter is { } after) EndLater(item, after);
        }
        Tell(ContainerChangeKind.Started, containerId);
        return Task.CompletedTask;
    }

    private void EndLater(Item item, TimeSpan after)
    {
        var id = item.Status.Id;
        item.Ending = clock.CreateTimer(_ => EndByItself(id), null, after, Timeout.InfiniteTimeSpan);
    }

    private void EndByItself(string id)
    {
        lock (_lock)
        {
            if (!_items.TryGetValue(id, out var item)) return;
            if (!Finish(item, item.Fate.ExitCode)) return;
        }
        Tell(ContainerChangeKind.Stopped, id);
    }

    /// <summary>A container ends, as its process might do at any time.</summary>
    public void Exit(string containerId, int code, string reason = "")
    {
        lock (_lock)
            if (!_items.TryGetValue(containerId, out var item) || !Finish(item, code, reason)) return;
        Tell(ContainerChangeKind.Stopped, containerId);
    }

    /// <summary>The running container of this name in a pod ends; false when there is none.</summary>
    public bool End(string podUid, string container, int code)
    {
        string? id;
        lock (_lock) id = _byPod.GetValueOrDefault(podUid)?.Items.Find(i => i.Status.Metadata.Name == container && i.Status.State == CriContainerState.ContainerRunning)?.Status.Id;
        if (id is not null) Exit(id, code);
        return id is not null;
    }

    private bool Finish(Item item, int code, string reason = "")
    {
        if (item.Status.State != CriContainerState.ContainerRunning) return false;
        item.Ending?.Dispose();
        item.Status.State = item.Listed.State = CriContainerState.ContainerExited;
        (item.Status.ExitCode, item.Status.Reason, item.Status.FinishedAt) = (code, reason.Length > 0 ? reason : code == 0 ? "Completed" : "Error", Now);
        return true;
    }

    public async Task StopContainer(string containerId, TimeSpan grace, CancellationToken cancel)
    {
        if (FateOf(containerId) is not { } fate) return;
        var needs = fate.StopsAfter < grace ? fate.StopsAfter : grace;
        if (needs > TimeSpan.Zero) await Task.Delay(needs, clock, cancel);
        Exit(containerId, fate.StopsAfter > grace ? 137 : fate.StoppedWith);
    }

    private ContainerFate? FateOf(string containerId)
    {
        lock (_lock) return _items.GetValueOrDefault(containerId)?.Fate;
    }

    /// <summary>What a probe of a container finds; null when it is well.</summary>
    public string? Probe(string containerId, Coracle.Kinds.Core.V1.Probe probe)
    {
        lock (_lock) return _items.TryGetValue(containerId, out var item) ? script.Probes?.Invoke(item.Seen, probe) : null;
    }

    public Task RemoveContainer(string containerId, CancellationToken cancel)
    {
        lock (_lock)
            if (_items.TryGetValue(containerId, out var item)) Forget(item);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Container>> ListContainers(ContainerFilter? filter, CancellationToken cancel)
    {
        lock (_lock)
            return Task.FromResult<IReadOnlyList<Container>>([.. Items(filter?.LabelSelector).Select(i => i.Listed).Where(c => filter is null || Matches(c.Labels, filter.LabelSelector)).Select(c => c.Clone())]);
    }

    public Task<ContainerStatusResponse?> ContainerStatus(string containerId, bool verbose, CancellationToken cancel)
    {
        lock (_lock)
            return Task.FromResult(_items.TryGetValue(containerId, out var item) ? new ContainerStatusResponse { Status = item.Status.Clone() } : null);
    }

    public Task UpdateContainerResources(UpdateContainerResourcesRequest request, CancellationToken cancel) => Task.CompletedTask;
    public Task ReopenContainerLog(string containerId, CancellationToken cancel) => Task.CompletedTask;

    public Task<ExecSyncResponse> ExecSync(string containerId, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancel) => Task.FromResult(new ExecSyncResponse());

    public Task<RemoteCommandSession> Exec(ExecRequest request, CancellationToken cancel) => throw NotHere("exec");
    public Task<RemoteCommandSession> Attach(AttachRequest request, CancellationToken cancel) => throw NotHere("attach");
    public Task<PortForwardStreams> PortForward(string sandboxId, int port, CancellationToken cancel) => throw NotHere("port-forward");

    private static GrpcException NotHere(string what) => new(GrpcStatusCode.Unimplemented, $"{what} is not possible on a simulated node: nothing runs there");

    public Task<ContainerStats?> ContainerStats(string containerId, CancellationToken cancel) => Task.FromResult<ContainerStats?>(null);
    public Task<IReadOnlyList<ContainerStats>> ListContainerStats(ContainerStatsFilter? filter, CancellationToken cancel) => Task.FromResult<IReadOnlyList<ContainerStats>>([]);
    public Task<IReadOnlyList<PodSandboxStats>> ListPodSandboxStats(PodSandboxStatsFilter? filter, CancellationToken cancel) => Task.FromResult<IReadOnlyList<PodSandboxStats>>([]);

    public async IAsyncEnumerable<ContainerChange> Changes([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var channel = Channel.CreateUnbounded<ContainerChange>();
        lock (_lock) _listeners.Add(channel);
        yield return new ContainerChange(ContainerChangeKind.Resync, "", clock.GetUtcNow());
        while (!cancel.IsCancellationRequested)
        {
            ContainerChange change;
            try
            {
                change = await channel.Reader.ReadAsync(cancel);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            yield return change;
        }
        lock (_lock) _listeners.Remove(channel);
    }

    private void Tell(ContainerChangeKind kind, string id)
    {
        lock (_lock)
            foreach (var listener in _listeners) listener.Writer.TryWrite(new ContainerChange(kind, id, clock.GetUtcNow()));
    }

    public Task<string> PullImage(ImageSpec image, AuthConfig? credentials, PodSandboxConfig? sandboxConfig, CancellationToken cancel) => script.HasImage(image.Image)
        ? Task.FromResult(image.Image)
        : throw new GrpcException(GrpcStatusCode.NotFound, $"failed to pull and unpack image \"{image.Image}\": failed to resolve reference \"{image.Image}\": {image.Image}: not found");

    public Task<IReadOnlyList<Image>> ListImages(CancellationToken cancel) => Task.FromResult<IReadOnlyList<Image>>([]);
    public Task<Image?> ImageStatus(ImageSpec image, CancellationToken cancel) => Task.FromResult(script.HasImage(image.Image) ? new Image { Id = image.Image, Spec = image.Clone() } : null);
    public Task RemoveImage(ImageSpec image, CancellationToken cancel) => Task.CompletedTask;
    public Task<ImageFsInfoResponse> ImageFsInfo(CancellationToken cancel) => Task.FromResult(new ImageFsInfoResponse());
}
