using Coracle.Kinds.Core.V1;
using Coracle.Node.Cri;
using Coracle.Node.Cri.V1;
using Coracle.Node.Probes;
using Coracle.Node.Volumes;
using Coracle.Sdk;
using Container = Coracle.Kinds.Core.V1.Container;
using CriContainerStatus = Coracle.Node.Cri.V1.ContainerStatus;

namespace Coracle.Node.Pods;

internal sealed partial class PodWorker
{
    private readonly Dictionary<string, ContainerProbes> _probes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _lastWords = new(StringComparer.Ordinal);

    private static TimeSpan Grace(Pod pod) =>
        TimeSpan.FromSeconds(pod.Metadata.DeletionGracePeriodSeconds ?? pod.Spec.TerminationGracePeriodSeconds ?? 30);

    /// <summary>
    /// Ends a pod that is being deleted: 1. containers, gracefully, 2. a last status, 3. all that it had on the node, 4. the object itself.
    /// </summary>
    private async Task<TimeSpan?> Terminate(Pod pod, RunningPod running, CancellationToken cancel)
    {
        StopProbes();
        await End(pod, running, Grace(pod), cancel);                                                            // 1
        running = await Look(cancel);
        await Publish(pod, running, cancel, terminated: true);                                                  // 2
        await CleanUp(pod, cancel);                                                                             // 3
        await _context.Options.Client.DeleteAsync<Pod>(Key.Of(pod), Deletion.Now with { Uid = Uid }, cancel);   // 4
        return _context.Pods.Get(Key.Of(pod)) is { Metadata.Finalizers: { Count: > 0 } } ? VolumeRefresh : null;
    }

    /// <summary>Stops all containers at the same time, sidecars after them in reverse order with what is left of the time, then the sandbox.</summary>
    private async Task End(Pod pod, RunningPod running, TimeSpan grace, CancellationToken cancel)
    {
        if (!running.SandboxReady && !running.Running.Any()) return;
        var until = _context.Clock.GetUtcNow() + grace;
        var byName = AllContainers(pod).ToDictionary(c => c.Name);
        var sidecars = (pod.Spec.InitContainers ?? []).Where(IsSidecar).Select(c => c.Name).ToList();
        await Waits.All([.. running.Running.Where(c => !sidecars.Contains(c.Metadata.Name)).Select(c => Stop(pod, byName.GetValueOrDefault(c.Metadata.Name), c, grace, "", cancel))]);
        foreach (var name in Enumerable.Reverse(sidecars))
        {
            var left = until - _context.Clock.GetUtcNow();
            foreach (var sidecar in running.Running.Where(c => c.Metadata.Name == name)) await Stop(pod, byName[name], sidecar, left > TimeSpan.Zero ? left : TimeSpan.Zero, "", cancel);
        }
        foreach (var sandbox in running.OldSandboxes.Append(running.Sandbox).OfType<PodSandbox>()) await _context.Runtime.StopPodSandbox(sandbox.Id, cancel);
    }

    /// <param name="why">What the event says; empty says that it is stopped.</param>
    private async Task Stop(Pod pod, Container? container, CriContainerStatus running, TimeSpan grace, string why, CancellationToken cancel)
    {
        // Of a pod that nobody knows any more there is nothing to tell.
        var events = container is null ? null : _context.EventsOf(pod, container);
        events?.Normal("Killing", why.Length > 0 ? why : $"Stopping container {running.Metadata.Name}");
        var left = grace;
        if (container?.Lifecycle?.PreStop is { } hook && grace > TimeSpan.Zero)
        {
            var started = _context.Clock.GetTimestamp();
            var outcome = await Hook(hook, container, running.Id, pod.Status.PodIP, grace, cancel);
            if (!outcome.Ok) events?.Warning("FailedPreStopHook", "PreStopHook failed");
            left -= _context.Clock.GetElapsedTime(started);
        }
        // At least two seconds to react, however long the hook took (upstream: minimumGracePeriodInSeconds).
        var least = TimeSpan.FromSeconds(grace == TimeSpan.Zero ? 0 : 2);
        await StopUnlessShortened(pod, running.Id, left < least ? least : left, cancel);
    }

    // While a container takes its time, a second deletion may ask for less.
    private async Task StopUnlessShortened(Pod pod, string id, TimeSpan grace, CancellationToken cancel)
    {
        var stopping = _context.Runtime.StopContainer(id, grace, cancel);
        var began = pod.Metadata.DeletionGracePeriodSeconds;
        while (!await stopping.Within(TimeSpan.FromMilliseconds(500), _context.Clock))
        {
            var now = _context.Pods.Get(Key.Of(pod));
            var asked = now is null || now.Metadata.Uid != Uid ? 0 : now.Metadata.DeletionGracePeriodSeconds;
            if (asked is null || asked >= (began ?? long.MaxValue)) continue;
            began = asked;
            await _context.Runtime.StopContainer(id, TimeSpan.FromSeconds(asked.Value), cancel);
        }
    }

    /// <param name="limit">Null: as long as it takes.</param>
    private async Task<ProbeOutcome> Hook(LifecycleHandler hook, Container container, string id, string address, TimeSpan? limit, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(limit ?? Timeout.InfiniteTimeSpan, _context.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            if (hook.Exec is { } exec) return await ProbeClient.Exec(_context.Runtime, id, exec.Command ?? [], limit ?? TimeSpan.Zero, both.Token);
            if (hook.HttpGet is { } get) return await _context.ProbeClient.Http(get, container, address, "kube-lifecycle/1.36", both.Token);
            if (hook.Sleep is { } sleep) await Task.Delay(TimeSpan.FromSeconds(sleep.Seconds), _context.Clock, both.Token);
            return new(true, "");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(false, "the hook did not end within the grace period");
        }
    }

    private async Task CleanUp(Pod pod, CancellationToken cancel)
    {
        StopProbes();
        _context.Allotments.Forget(Uid);
        var running = await Look(cancel);
        foreach (var sandbox in running.OldSandboxes.Append(running.Sandbox).OfType<PodSandbox>())
        {
            await _context.Runtime.StopPodSandbox(sandbox.Id, cancel);
            await _context.Runtime.RemovePodSandbox(sandbox.Id, cancel);
        }
        if (_context.Options.DataDirectory.Length > 0)
        {
            _context.Volumes.TearDown(Uid);
            var logs = RuntimeConfigs.LogDirectory(_context.Options, pod);
            if (Directory.Exists(logs)) Directory.Delete(logs, recursive: true);
        }
        if (_context.Options.RemoveCgroup is { } remove) await remove(pod, cancel);
    }

    private void EnsureProbes(Pod pod, Container container, CriContainerStatus running, string address)
    {
        lock (_probes)
        {
            if (_probes.TryGetValue(container.Name, out var probes))
            {
                if (probes.ContainerId == running.Id) return;
                probes.Dispose();
            }
            _probes[container.Name] = new ContainerProbes(_context, pod, container, running, address, Poke);
        }
    }

    private void DropProbes(string container)
    {
        lock (_probes)
            if (_probes.Remove(container, out var probes)) probes.Dispose();
    }

    private void StopProbes()
    {
        lock (_probes)
        {
            foreach (var probes in _probes.Values) probes.Dispose();
            _probes.Clear();
        }
    }

    private (string Probe, TimeSpan? Grace)? ProbeFailure(string container, string id)
    {
        lock (_probes)
        {
            if (!_probes.TryGetValue(container, out var probes) || probes.ContainerId != id || probes.Failed is not { } failed) return null;
            return (failed, probes.FailedGraceSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        }
    }

    private (bool Started, bool Ready) Probed(string container)
    {
        lock (_probes) return _probes.TryGetValue(container, out var probes) ? (probes.Started, probes.Ready) : NoProbes(container);
    }

    // Right after a container was started its probes are not there yet; without any it is ready at once.
    private (bool Started, bool Ready) NoProbes(string name)
    {
        var container = (_pod.Spec.Containers ?? []).Concat(_pod.Spec.InitContainers ?? []).FirstOrDefault(c => c.Name == name);
        return (container?.StartupProbe is null, container?.StartupProbe is null && container?.ReadinessProbe is null);
    }

    private string LastWords(Pod pod, CriContainerStatus ended)
    {
        const int bytesMax = 4096;
        if (_context.Options.DataDirectory.Length == 0) return "";
        lock (_lastWords)
        {
            if (_lastWords.TryGetValue(ended.Id, out var known)) return known;
            var path = ContainerMounts.TerminationLogPath(_context.Volumes, Uid, ended.Metadata.Name, ended.Metadata.Attempt);
            var container = AllContainers(pod).FirstOrDefault(c => c.Name == ended.Metadata.Name);
            var text = File.Exists(path) ? File.ReadAllText(path) : "";
            if (text.Length == 0 && ended.ExitCode != 0 && container?.TerminationMessagePolicy == TerminationMessagePolicy.FallbackToLogsOnError) text = LogTail(ended.LogPath);
            return _lastWords[ended.Id] = text.Length > bytesMax ? text[^bytesMax..] : text;
        }
    }

    private static string LogTail(string path)
    {
        const int linesMax = 80;
        if (path.Length == 0 || !File.Exists(path)) return "";
        var lines = File.ReadLines(path).TakeLast(linesMax).Select(line => line.Split(' ', 4) is { Length: 4 } parts ? parts[3] : "");
        var text = string.Join('\n', lines) + "\n";
        return text.Length > 2048 ? text[^2048..] : text;
    }
}
