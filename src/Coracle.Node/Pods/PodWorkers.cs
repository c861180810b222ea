using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent;
using Coracle.Node.Cri;
using Coracle.Sdk;

namespace Coracle.Node.Pods;

/// <summary>One worker for each pod that runs or ran here; each works on its pod alone, one step at a time.</summary>
public sealed class PodWorkers
{
    private readonly NodeOptions _options;
    private readonly PodContext _context;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PodWorker> _byUid = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _podOfContainer = new(StringComparer.Ordinal);
    private readonly HashSet<Task> _running = [];
    private CancellationToken _cancel;
    private bool _started;

    internal PodWorkers(NodeOptions options, Informer<Pod> pods)
    {
        _options = options;
        _context = new PodContext(options, pods);
    }

    /// <summary>A pod of this node was added, changed or deleted.</summary>
    /// <param name="gone">The API has it no more.</param>
    internal void Changed(Pod pod, bool gone)
    {
        PodWorker? worker;
        lock (_lock)
        {
            if (!_byUid.TryGetValue(pod.Metadata.Uid, out worker))
            {
                // Nothing ran and nothing will: the API forgets it without us.
                _byUid[pod.Metadata.Uid] = worker = new PodWorker(_context, pod);
                if (_started) Launch(worker);
            }
        }
        worker.Update(pod, gone);
    }

    /// <summary>Takes up what ran before this process did: pods of which the API knows go on, the rest is stopped.</summary>
    internal async Task AdoptAsync(CancellationToken cancel)
    {
        var sandboxes = await _options.Runtime.ListPodSandboxes(null, cancel);
        foreach (var sandbox in sandboxes.GroupBy(s => s.Metadata.Uid).Select(g => g.First()))
        {
            lock (_lock)
            {
                if (_byUid.ContainsKey(sandbox.Metadata.Uid)) continue;
                var gone = new Pod
                {
                    Metadata = new() { Name = sandbox.Metadata.Name, Namespace = sandbox.Metadata.Namespace, Uid = sandbox.Metadata.Uid },
                };
                _byUid[sandbox.Metadata.Uid] = new PodWorker(_context, gone) { IsOrphan = true };
            }
        }
    }

    internal async Task RunAsync(CancellationToken cancel)
    {
        lock (_lock)
        {
            _cancel = cancel;
            _started = true;
            foreach (var worker in _byUid.Values) Launch(worker);
        }
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _options.Clock, cancel);
        }
        catch (OperationCanceledException)
        {
        }
        Task[] left;
        lock (_lock) left = [.. _running];
        await Waits.All(left);
    }

    private void Launch(PodWorker worker)
    {
        var task = worker.RunAsync(_cancel);
        _running.Add(task);
        _ = Forget(worker, task);
    }

    private async Task Forget(PodWorker worker, Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException)
        {
        }
        lock (_lock)
        {
            _running.Remove(task);
            _byUid.Remove(worker.Uid);
            foreach (var id in _podOfContainer.Where(p => p.Value == worker.Uid).Select(p => p.Key).ToList()) _podOfContainer.Remove(id);
        }
    }

    internal void PokeAll()
    {
        lock (_lock)
            foreach (var worker in _byUid.Values) worker.Poke();
    }

    internal async Task RuntimeChanged(ContainerChange change, CancellationToken cancel)
    {
        string? uid;
        lock (_lock) uid = _podOfContainer.GetValueOrDefault(change.Id);
        if (uid is null && change.Kind is ContainerChangeKind.Started or ContainerChangeKind.Stopped or ContainerChangeKind.OutOfMemory)
        {
            uid = await OwnerOf(change.Id, cancel);
            if (uid is null) return;
            lock (_lock) _podOfContainer[change.Id] = uid;
        }
        if (uid is null) return;
        lock (_lock)
            if (_byUid.TryGetValue(uid, out var worker)) worker.Poke();
    }

    private async Task<string?> OwnerOf(string id, CancellationToken cancel)
    {
        try
        {
            if (await _options.Runtime.ContainerStatus(id, false, cancel) is { } container) return container.Status.Labels.GetValueOrDefault(RuntimeLabels.PodUid);
            return (await _options.Runtime.PodSandboxStatus(id, false, cancel))?.Status.Metadata.Uid;
        }
        catch (GrpcException)
        {
            return null;
        }
    }

    /// <summary>The runtime's id of a container, running or (if asked) the one before; null when there is none.</summary>
    internal PodWorker? Find(string uid)
    {
        lock (_lock) return _byUid.GetValueOrDefault(uid);
    }
}

/// <summary>The labels by which the runtime's containers are found again; the same as upstream's.</summary>
internal static class RuntimeLabels
{
    public const string PodName = "io.kubernetes.pod.name";
    public const string PodNamespace = "io.kubernetes.pod.namespace";
    public const string PodUid = "io.kubernetes.pod.uid";
    public const string ContainerName = "io.kubernetes.container.name";

    /// <summary>An annotation: a hash of the container's specification, to see that it changed.</summary>
    public const string Hash = "io.kubernetes.container.hash";

    /// <summary>An annotation: how many seconds to wait before it is started again once it has ended.</summary>
    public const string RestartPause = "coracle.dev/restart-pause-seconds";
}
