using Coracle.Kinds.Core.V1;
using Coracle.Node.Cri;
using Coracle.Node.Cri.V1;
using Coracle.Node.Volumes;
using Container = Coracle.Kinds.Core.V1.Container;
using PodIP = Coracle.Kinds.Core.V1.PodIP;
using CriContainerStatus = Coracle.Node.Cri.V1.ContainerStatus;

namespace Coracle.Node.Pods;

internal sealed partial class PodWorker
{
    private Dictionary<string, string>? _volumes;
    private DateTimeOffset _volumesFresh;

    /// <summary>The sandbox and what must be there before containers. False: something is missing, and the status says what.</summary>
    private async Task<bool> EnsureSandbox(Pod pod, RunningPod running, CancellationToken cancel)
    {
        if (running.SandboxReady) return await EnsureVolumes(pod, cancel);
        // A pod whose containers have all ended for good needs no new sandbox to say so.
        if (running.Sandbox is not null && pod.Spec.RestartPolicy == RestartPolicy.Never && running.Containers.Any()) return true;
        if (!await EnsureVolumes(pod, cancel)) return false;
        await _context.Starts.WaitAsync(cancel);
        try
        {
            foreach (var old in running.OldSandboxes.Append(running.Sandbox).OfType<PodSandbox>()) await _context.Runtime.StopPodSandbox(old.Id, cancel);
            var attempt = running.Sandbox is { } last ? last.Metadata.Attempt + 1 : 0;
            var config = RuntimeConfigs.Sandbox(_context.Options, pod, attempt);
            if (_context.Options.DataDirectory.Length > 0) Directory.CreateDirectory(config.LogDirectory);
            await _context.Runtime.RunPodSandbox(config, "", cancel);
            if (running.Sandbox is not null) _context.Events.Normal(pod, "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
            return true;
        }
        catch (GrpcException e)
        {
            _context.Events.Warning(pod, "FailedCreatePodSandBox", $"Failed to create pod sandbox: {e.RpcText}");
            return false;
        }
        finally
        {
            _context.Starts.Release();
        }
    }

    private async Task<bool> EnsureVolumes(Pod pod, CancellationToken cancel)
    {
        var now = _context.Clock.GetUtcNow();
        if (_volumes is not null && now < _volumesFresh + VolumeRefresh) return true;
        if (_context.Options.DataDirectory.Length == 0)
        {
            _volumes = [];
            _volumesFresh = now;
            return true;
        }
        try
        {
            _volumes = await _context.Volumes.SetUp(pod, pod.Status, cancel);
            _volumesFresh = now;
            return true;
        }
        catch (VolumeException e)
        {
            _context.Events.Warning(pod, "FailedMount", e.Message);
            // What is mounted stays as it is when its source has gone away meanwhile.
            _volumesFresh = now;
            return _volumes is not null;
        }
    }

    /// <summary>
    /// Starts what is next: init containers one after the other (those that are to go on running beside the others do), then all containers. Returns how
    /// long until something is due: a container's back-off, or nothing in particular.
    /// </summary>
    private async Task<TimeSpan?> Containers(Pod pod, RunningPod running, CancellationToken cancel)
    {
        TimeSpan? soonest = null;
        void Due(TimeSpan? time) => soonest = time is { } t && (soonest is null || t < soonest) ? t : soonest;
        foreach (var container in pod.Spec.InitContainers ?? [])
        {
            var (done, due) = await Initialise(pod, running, container, cancel);
            Due(due);
            if (!done) return soonest;
        }
        var starting = new List<Task<TimeSpan?>>();
        foreach (var container in pod.Spec.Containers ?? []) starting.Add(Keep(pod, running, container, pod.Spec.RestartPolicy, cancel));
        foreach (var due in await Task.WhenAll(starting)) Due(due);
        return soonest;
    }

    private async Task<(bool Done, TimeSpan? Due)> Initialise(Pod pod, RunningPod running, Container container, CancellationToken cancel)
    {
        var latest = running.Latest(container.Name);
        if (container.RestartPolicy == ContainerRestartPolicy.Always)
        {
            var due = await Keep(pod, running, container, RestartPolicy.Always, cancel);
            return (latest is not null && Probed(container.Name).Started || (pod.Spec.Containers ?? []).Exists(c => running.Latest(c.Name) is not null), due);
        }
        if (latest is { State: CriContainerState.ContainerExited, ExitCode: 0 }) return (true, null);
        // Once the main containers run, what an init container once did is history, even if the runtime has forgotten it.
        if ((pod.Spec.Containers ?? []).Exists(c => running.Latest(c.Name) is not null)) return (true, null);
        var policy = pod.Spec.RestartPolicy == RestartPolicy.Always ? RestartPolicy.OnFailure : pod.Spec.RestartPolicy;
        return (false, await Keep(pod, running, container, policy, cancel));
    }

    /// <summary>Starts a container that has not run, or that has ended and is to run again; kills one that its probes gave up on.</summary>
    private async Task<TimeSpan?> Keep(Pod pod, RunningPod running, Container container, string restartPolicy, CancellationToken cancel)
    {
        var latest = running.Latest(container.Name);
        if (latest is { State: CriContainerState.ContainerRunning })
        {
            Clear(container.Name);
            EnsureProbes(pod, container, latest, running.Addresses.FirstOrDefault() ?? _context.Options.InternalAddress);
            if (ProbeFailure(container.Name) is not { } failure) return null;
            var why = $"Container {container.Name} failed {failure.Probe.ToLowerInvariant()} probe, will be restarted";
            await Stop(pod, container, latest, failure.Grace ?? Grace(pod), cancel, why);
            return TimeSpan.Zero;
        }
        DropProbes(container.Name);
        if (latest is { State: CriContainerState.ContainerExited })
        {
            var again = restartPolicy == RestartPolicy.Always || restartPolicy == RestartPolicy.OnFailure && latest.ExitCode != 0;
            if (!again)
            {
                Clear(container.Name);
                return null;
            }
            if (Wait(pod, container, latest) is { } left) return left;
        }
        if (!running.SandboxReady) return TimeSpan.FromSeconds(1);
        return await Start(pod, running, container, latest, cancel);
    }

    private TimeSpan? Wait(Pod pod, Container container, CriContainerStatus latest)
    {
        var now = _context.Clock.GetUtcNow();
        var left = _backoff.Left(container.Name, Time(latest.FinishedAt), now);
        if (left <= TimeSpan.Zero) return null;
        var who = $"{pod.Metadata.Name}_{pod.Metadata.Namespace}({Uid})";
        var pause = GoDuration.Format(_backoff.Pause(container.Name));
        Explain(container.Name, "CrashLoopBackOff", $"back-off {pause} restarting failed container={container.Name} pod={who}");
        _context.Events.Warning(pod, container, "BackOff", $"Back-off restarting failed container {container.Name} in pod {who}");
        return left;
    }

    private static DateTimeOffset Time(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);

    private void Explain(string container, string reason, string message)
    {
        lock (_waiting) _waiting[container] = (reason, message);
    }

    private void Clear(string container)
    {
        lock (_waiting) _waiting.Remove(container);
    }

    private async Task<TimeSpan?> Start(Pod pod, RunningPod running, Container container, CriContainerStatus? latest, CancellationToken cancel)
    {
        var attempt = latest is null ? 0 : latest.Metadata.Attempt + 1;
        string? id = null;
        await _context.Starts.WaitAsync(cancel);
        try
        {
            var image = await _context.Images.Ensure(pod, container, _context.Events, cancel);
            var status = WithAddresses(pod.Status, running);
            var environment = await ContainerEnvironment.Make(_context.Options, pod, container, status, cancel);
            var mounts = _context.Options.DataDirectory.Length == 0 ? []
                : ContainerMounts.Make(_context.Options, _context.Volumes, pod, container, _volumes ?? [], environment, running.Addresses, attempt);
            var config = RuntimeConfigs.Container(_context.Options, pod, container, attempt, image, environment, mounts);
            CheckUser(pod, container);
            var sandbox = RuntimeConfigs.Sandbox(_context.Options, pod, running.Sandbox!.Metadata.Attempt);
            if (latest is not null) _backoff.Restarted(container.Name, Time(latest.StartedAt), Time(latest.FinishedAt), _context.Clock.GetUtcNow());
            if (_context.Options.DataDirectory.Length > 0) Directory.CreateDirectory(Path.Combine(sandbox.LogDirectory, container.Name));
            id = await _context.Runtime.CreateContainer(running.Sandbox.Id, config, sandbox, cancel);
            _context.Events.Normal(pod, container, "Created", "Container created");
            await _context.Runtime.StartContainer(id, cancel);
            _context.Events.Normal(pod, container, "Started", "Container started");
            Clear(container.Name);
            await ForgetOld(running, container.Name, cancel);
            await AfterStart(pod, container, id, running.Addresses.FirstOrDefault() ?? "", cancel);
            return null;
        }
        catch (StartException e)
        {
            Explain(container.Name, e.Reason, e.Message);
            _context.Events.Warning(pod, container, "Failed", $"Error: {(e.Reason == "CreateContainerConfigError" ? e.Message : e.Reason)}");
            return e.Reason == "CreateContainerConfigError" ? TimeSpan.FromSeconds(5) : TimeSpan.FromSeconds(10);
        }
        catch (GrpcException e)
        {
            Explain(container.Name, id is null ? "CreateContainerError" : "RunContainerError", e.Message);
            _context.Events.Warning(pod, container, "Failed", $"Error: {e.Message}");
            return TimeSpan.FromSeconds(2);
        }
        finally
        {
            _context.Starts.Release();
        }
    }

    private static PodStatus WithAddresses(PodStatus status, RunningPod running)
    {
        if (running.Addresses.Count == 0) return status;
        var copy = status.DeepCopy();
        copy.PodIP = running.Addresses[0];
        copy.PodIPs = [.. running.Addresses.Select(a => new PodIP { Ip = a })];
        return copy;
    }

    private static void CheckUser(Pod pod, Container container)
    {
        var nonRoot = container.SecurityContext?.RunAsNonRoot ?? pod.Spec.SecurityContext?.RunAsNonRoot;
        if (nonRoot != true) return;
        var user = container.SecurityContext?.RunAsUser ?? pod.Spec.SecurityContext?.RunAsUser;
        if (user is null or 0)
            throw new StartException("CreateContainerConfigError", user == 0
                ? $"container's runAsUser breaks non-root policy (pod: \"{pod.Metadata.Name}_{pod.Metadata.Namespace}({pod.Metadata.Uid})\", container: {container.Name})"
                : $"container has runAsNonRoot and image will run as root (pod: \"{pod.Metadata.Name}_{pod.Metadata.Namespace}({pod.Metadata.Uid})\", container: {container.Name})");
    }

    // The newest attempt and the one before are kept: kubectl logs --previous reads it.
    private async Task ForgetOld(RunningPod running, string name, CancellationToken cancel)
    {
        foreach (var old in running.Containers.Where(c => c.Metadata.Name == name).Skip(1))
        {
            await _context.Runtime.RemoveContainer(old.Id, cancel);
            _known.Remove(old.Id);
            if (old.LogPath.Length > 0) File.Delete(old.LogPath);
        }
    }

    private async Task AfterStart(Pod pod, Container container, string id, string address, CancellationToken cancel)
    {
        if (container.Lifecycle?.PostStart is not { } hook) return;
        var outcome = await Hook(hook, container, id, address, Grace(pod), cancel);
        if (outcome.Ok) return;
        _context.Events.Warning(pod, container, "FailedPostStartHook", $"PostStartHook failed: {outcome.Output}");
        await _context.Runtime.StopContainer(id, Grace(pod), cancel);
    }
}
