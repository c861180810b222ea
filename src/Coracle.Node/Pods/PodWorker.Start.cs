using System.Globalization;
using Coracle.Kinds.Core.V1;
using Coracle.Node.Cri;
using Coracle.Node.Cri.V1;
using Coracle.Node.Volumes;
using Coracle.Sdk;
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
        if (running.Sandbox is not null && !NeedsSandbox(pod, running)) return true;
        if (!await EnsureVolumes(pod, cancel)) return false;
        if (running.Sandbox is not null) _context.Events.Normal(pod, "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
        await _context.Starts.EnterForSandbox(cancel);
        try
        {
            foreach (var old in running.OldSandboxes.Append(running.Sandbox).OfType<PodSandbox>()) await _context.Runtime.StopPodSandbox(old.Id, cancel);
            var attempt = running.Sandbox is { } last ? last.Metadata.Attempt + 1 : 0;
            var config = RuntimeConfigs.Sandbox(_context.Options, pod, attempt);
            if (_context.Options.DataDirectory.Length > 0) Directory.CreateDirectory(config.LogDirectory);
            await _context.Runtime.RunPodSandbox(config, "", cancel);
            return true;
        }
        catch (GrpcException e)
        {
            _context.Events.Warning(pod, "FailedCreatePodSandBox", $"Failed to create pod sandbox: {e.RpcText}");
            return false;
        }
        finally
        {
            _context.Starts.Leave();
        }
    }

    // A pod whose containers have all ended for good needs no new sandbox to say so.
    private static bool NeedsSandbox(Pod pod, RunningPod running) => (pod.Spec.RestartPolicy != RestartPolicy.Never || !running.Containers.Any())
        && (pod.Spec.Containers ?? []).Exists(c => running.Latest(c.Name) is not { State: CriContainerState.ContainerExited } ended || StartsAgain(pod, c, ended, isInit: false));

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
    /// 1. Ends what its probes gave up on, or what is to be another container by now, and lets resources change. 2. Starts what is next: init containers one after the other (those that
    /// are to go on running beside the others do), 3. then the containers in their order, each after the one before it has been started and its hook has run.
    /// Returns how long until something is due: a container's back-off, or nothing in particular.
    /// </summary>
    private async Task<TimeSpan?> Containers(Pod pod, RunningPod running, CancellationToken cancel)
    {
        if (await EndUnfit(pod, running, cancel)) running = await Look(cancel);                              // 1
        if (await Resize(pod, running, cancel)) running = await Look(cancel);
        TimeSpan? soonest = null;
        void Due(TimeSpan? time) => soonest = time is { } t && (soonest is null || t < soonest) ? t : soonest;
        Due(await StartEphemeral(pod, running, cancel));
        foreach (var container in pod.Spec.InitContainers ?? [])                                             // 2
        {
            var (done, due) = await Initialise(pod, running, container, cancel);
            Due(due);
            if (!done) return soonest;
        }
        foreach (var container in pod.Spec.Containers ?? []) Due(await Keep(pod, running, container, isInit: false, cancel));   // 3
        return soonest;
    }

    private async Task<(bool Done, TimeSpan? Due)> Initialise(Pod pod, RunningPod running, Container container, CancellationToken cancel)
    {
        var latest = running.Latest(container.Name);
        // Once the main containers run, what an init container once did is history, even if the runtime has forgotten it.
        var mainRuns = (pod.Spec.Containers ?? []).Exists(c => running.Latest(c.Name) is { } main && running.IsCurrent(main));
        if (IsSidecar(container))
        {
            var due = await Keep(pod, running, container, isInit: true, cancel);
            return (mainRuns || latest is { State: CriContainerState.ContainerRunning } && Probed(container.Name).Started, due);
        }
        if (mainRuns || latest is { State: CriContainerState.ContainerExited, ExitCode: 0 } && running.IsCurrent(latest)) return (true, null);
        return (false, await Keep(pod, running, container, isInit: true, cancel));
    }

    private static bool IsSidecar(Container container) => container.RestartPolicy == ContainerRestartPolicy.Always;

    /// <summary>Whether a container that has ended is to be started again; its own rules come before its pod's.</summary>
    private static bool StartsAgain(Pod pod, Container container, CriContainerStatus ended, bool isInit)
    {
        foreach (var rule in container.RestartPolicyRules ?? [])
        {
            if (rule.ExitCodes is not { } codes) continue;
            var listed = (codes.Values ?? []).Contains(ended.ExitCode);
            if (codes.Operator == "In" ? listed : !listed) return rule.Action == "Restart";
        }
        var policy = container.RestartPolicy is { Length: > 0 } own ? own : isInit && pod.Spec.RestartPolicy == RestartPolicy.Always ? RestartPolicy.OnFailure : pod.Spec.RestartPolicy;
        return policy == RestartPolicy.Always || policy == RestartPolicy.OnFailure && ended.ExitCode != 0;
    }

    private async Task<bool> EndUnfit(Pod pod, RunningPod running, CancellationToken cancel)
    {
        var stops = new List<Task>();
        foreach (var container in (pod.Spec.InitContainers ?? []).Concat(pod.Spec.Containers ?? []))
        {
            if (running.Latest(container.Name) is not { State: CriContainerState.ContainerRunning } latest) continue;
            if (latest.Annotations.TryGetValue(RuntimeLabels.Hash, out var hash) && hash != RuntimeConfigs.Hash(container))
                stops.Add(Stop(pod, container, latest, Grace(pod), $"Container {container.Name} definition changed, will be restarted", cancel));
            else if (ProbeFailure(container.Name, latest.Id) is { } failure)
            {
                var again = pod.Spec.RestartPolicy == RestartPolicy.Never && !IsSidecar(container) ? "" : ", will be restarted";
                stops.Add(Stop(pod, container, latest, failure.Grace ?? Grace(pod), $"Container {container.Name} failed {failure.Probe.ToLowerInvariant()} probe{again}", cancel));
            }
        }
        await Waits.All(stops);
        return stops.Count > 0;
    }

    /// <summary>Starts a container that has not run, or that has ended and is to run again, and probes the one that runs.</summary>
    private async Task<TimeSpan?> Keep(Pod pod, RunningPod running, Container container, bool isInit, CancellationToken cancel)
    {
        var latest = running.Latest(container.Name);
        if (latest is { State: CriContainerState.ContainerRunning })
        {
            Clear(container.Name);
            if (!isInit || IsSidecar(container)) EnsureProbes(pod, container, latest, running.Addresses.FirstOrDefault() ?? _context.Options.InternalAddress);
            return null;
        }
        DropProbes(container.Name);
        if (latest is { State: CriContainerState.ContainerExited })
        {
            // An init container whose sandbox is gone has prepared nothing for the new one.
            var restarts = _restarting.Contains(latest.Id);
            if (!restarts && !StartsAgain(pod, container, latest, isInit) && (!isInit || running.IsCurrent(latest)))
            {
                Clear(container.Name);
                return null;
            }
            if (!restarts && Wait(pod, container, latest) is { } left) return left;
        }
        if (_retries.TryGetValue(container.Name, out var retry) && retry > _context.Clock.GetUtcNow()) return retry - _context.Clock.GetUtcNow();
        if (!running.SandboxReady) return TimeSpan.FromSeconds(1);
        return await Start(pod, running, container, latest, cancel);
    }

    private TimeSpan? Wait(Pod pod, Container container, CriContainerStatus latest)
    {
        var left = RestartBackoff.Left(latest, _context.Clock.GetUtcNow());
        if (left <= TimeSpan.Zero) return null;
        var who = $"{pod.Metadata.Name}_{pod.Metadata.Namespace}({Uid})";
        Explain(container.Name, "CrashLoopBackOff", $"back-off {GoDuration.Format(RestartBackoff.Pause(latest))} restarting failed container={container.Name} pod={who}");
        _context.EventsOf(pod, container).Warning("BackOff", $"Back-off restarting failed container {container.Name} in pod {who}");
        return left;
    }

    private void Explain(string container, string reason, string message)
    {
        lock (_waiting) _waiting[container] = (reason, message);
    }

    private void Clear(string container)
    {
        lock (_waiting) _waiting.Remove(container);
    }

    /// <summary>1. The image. 2. What it is to be started with. 3. The container itself. 4. Its hook, before which it does not count as started.</summary>
    private async Task<TimeSpan?> Start(Pod pod, RunningPod running, Container container, CriContainerStatus? latest, CancellationToken cancel)
    {
        var events = _context.EventsOf(pod, container);
        try
        {
            var image = await _context.Images.Ensure(pod, container, events, cancel);                        // 1
            var (config, sandbox) = await Configure(pod, running, container, latest, image, cancel);          // 2
            var id = await Make(running.Sandbox!.Id, config, sandbox, events, cancel);                        // 3
            _allotment.Has(container.Name, id, container.Resources);
            if (latest is not null) _restarting.Remove(latest.Id);
            Clear(container.Name);
            _retries.TryRemove(container.Name, out _);
            await ForgetOld(running, container.Name, cancel);
            await AfterStart(pod, container, id, running.Addresses.FirstOrDefault() ?? "", cancel);           // 4
            return null;
        }
        catch (StartException e)
        {
            Explain(container.Name, e.Reason, e.Message);
            if (e.Event.Length > 0) events.Warning("Failed", e.Event);
            _retries[container.Name] = _context.Clock.GetUtcNow() + RetryPause;
            return RetryPause;
        }
    }

    private async Task<(ContainerConfig Config, PodSandboxConfig Sandbox)> Configure(
        Pod pod, RunningPod running, Container container, CriContainerStatus? latest, string image, CancellationToken cancel)
    {
        try
        {
            CheckUser(pod, container);
            var attempt = latest is null ? 0 : latest.Metadata.Attempt + 1;
            var environment = await ContainerEnvironment.Make(_context.Options, pod, container, WithAddresses(pod.Status, running), cancel);
            var mounts = _context.Options.DataDirectory.Length == 0 ? []
                : ContainerMounts.Make(_context.Options, _context.Volumes, pod, container, _volumes ?? [], environment, running.Addresses, attempt);
            var config = RuntimeConfigs.Container(_context.Options, pod, container, attempt, image, environment, mounts);
            Target(pod, running, container, config);
            config.Annotations[RuntimeLabels.RestartPause] = ((int)RestartBackoff.Next(latest).TotalSeconds).ToString(CultureInfo.InvariantCulture);
            var sandbox = RuntimeConfigs.Sandbox(_context.Options, pod, running.Sandbox!.Metadata.Attempt);
            if (_context.Options.DataDirectory.Length > 0) Directory.CreateDirectory(Path.Combine(sandbox.LogDirectory, container.Name));
            return (config, sandbox);
        }
        catch (IOException e)
        {
            throw new StartException("CreateContainerConfigError", e.Message);
        }
    }

    private async Task<string> Make(string sandboxId, ContainerConfig config, PodSandboxConfig sandbox, ContainerEvents events, CancellationToken cancel)
    {
        await _context.Starts.EnterForContainer(cancel);
        try
        {
            var id = await Try("CreateContainerError", () => _context.Runtime.CreateContainer(sandboxId, config, sandbox, cancel));
            events.Normal("Created", "Container created");
            await Try("RunContainerError", async () =>
            {
                await _context.Runtime.StartContainer(id, cancel);
                return id;
            });
            events.Normal("Started", "Container started");
            return id;
        }
        finally
        {
            _context.Starts.Leave();
        }
    }

    private static async Task<string> Try(string reason, Func<Task<string>> call)
    {
        try
        {
            return await call();
        }
        catch (GrpcException e)
        {
            throw new StartException(reason, e.Message);
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
        // The new one is not among these yet.
        foreach (var old in running.Containers.Where(c => c.Metadata.Name == name).Skip(1))
        {
            await _context.Runtime.RemoveContainer(old.Id, cancel);
            _known.Remove(old.Id);
            if (old.LogPath.Length == 0 || !Directory.Exists(Path.GetDirectoryName(old.LogPath))) continue;
            foreach (var log in Directory.EnumerateFiles(Path.GetDirectoryName(old.LogPath)!, Path.GetFileName(old.LogPath) + "*")) File.Delete(log);
        }
    }

    private async Task AfterStart(Pod pod, Container container, string id, string address, CancellationToken cancel)
    {
        if (container.Lifecycle?.PostStart is not { } hook) return;
        var outcome = await Hook(hook, container, id, address, null, cancel);
        if (outcome.Ok) return;
        var events = _context.EventsOf(pod, container);
        events.Warning("FailedPostStartHook", "PostStartHook failed");
        events.Normal("Killing", "FailedPostStartHook");
        await _context.Runtime.StopContainer(id, Grace(pod), cancel);
        throw new StartException("PostStartHookError", outcome.Output) { Event = "" };
    }
}
