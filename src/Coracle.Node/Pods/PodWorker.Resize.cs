using Coracle.Kinds.Core.V1;
using Coracle.Node.Cri;
using Coracle.Node.Cri.V1;
using Coracle.Sdk;
using Container = Coracle.Kinds.Core.V1.Container;
using CriContainerStatus = Coracle.Node.Cri.V1.ContainerStatus;

namespace Coracle.Node.Pods;

// Resources of a pod that change while it runs (upstream: pkg/kubelet/allocation and kuberuntime, doPodResizeAction).
internal sealed partial class PodWorker
{
    private readonly PodAllotment _allotment = new();

    // Containers that were stopped only to start again with other resources.
    private readonly HashSet<string> _restarting = new(StringComparer.Ordinal);

    /// <summary>Gives the pod what it asks for, if the node has it, and otherwise says why not. Returns the pod as it was written last.</summary>
    private async Task<Pod> Allot(Pod pod, RunningPod running, CancellationToken cancel)
    {
        _allotment.TakeUp(pod);
        if (!_allotment.IsWanting(pod)) _allotment.Pending = null;
        else if (_context.Allotments.Ask(pod, _context.Clock.GetUtcNow(), Poke) is { } refused) Defer(pod, refused.Reason, refused.Message);
        else
        {
            _allotment.Give(pod);
            (_allotment.Pending, _allotment.InProgress) = (null, new("", "", pod.Metadata.Generation));
            _context.Events.Normal(pod, "ResizeStarted", ResizeMessages.Of("Pod resize started", pod, pod.Metadata.Generation));
            pod = await Publish(pod, running, cancel);
        }
        _context.Allotments.Note(_allotment.Applied(pod));
        return pod;
    }

    private void Defer(Pod pod, string reason, string message)
    {
        var note = new ResizeNote(reason, message, pod.Metadata.Generation);
        if (_allotment.Pending == note) return;
        _allotment.Pending = note;
        _context.Events.Warning(pod, reason == PodResizeStatus.Infeasible ? "ResizeInfeasible" : "ResizeDeferred", ResizeMessages.Of($"Pod resize {reason}", pod, note.Generation, message));
    }

    /// <summary>
    /// Brings the containers to what the pod was given: 1. those that must, start again, 2. the pod's own bounds grow before, 3. the containers' change,
    /// 4. and the pod's shrink after. True: a container was stopped.
    /// </summary>
    private async Task<bool> Resize(Pod allotted, RunningPod running, CancellationToken cancel)
    {
        var changes = new List<(Container Container, CriContainerStatus Latest)>();
        var stops = new List<Task>();
        foreach (var container in (allotted.Spec.InitContainers ?? []).Concat(allotted.Spec.Containers ?? []))
        {
            if (running.Latest(container.Name) is not { State: CriContainerState.ContainerRunning } latest) continue;
            if (!PodAllotment.Differ(_allotment.Of(container, latest), container.Resources)) continue;
            if (!NeedsRestart(container, _allotment.Of(container, latest))) changes.Add((container, latest));
            else if (_restarting.Add(latest.Id)) stops.Add(Stop(allotted, container, latest, Grace(allotted), $"Container {container.Name} resize requires restart", cancel));   // 1
        }
        try
        {
            if (changes.Count > 0) await Change(allotted, changes, cancel);                                   // 2, 3, 4
            if (changes.Count == 0 && stops.Count == 0) Done(allotted, running);
            else if (_allotment.InProgress is { Reason.Length: > 0 } failed) _allotment.InProgress = failed with { Reason = "", Message = "" };
        }
        catch (Exception e) when (e is GrpcException or IOException or UnauthorizedAccessException)
        {
            Failed(allotted, e is GrpcException rpc ? rpc.RpcText : e.Message);
        }
        await Waits.All(stops);
        return stops.Count > 0;
    }

    private static bool NeedsRestart(Container container, Coracle.Kinds.Core.V1.ResourceRequirements actual) =>
        container.ResizePolicy?.Exists(p => p.RestartPolicy == ResourceResizeRestartPolicy.RestartContainer && PodAllotment.Differ(actual, container.Resources, p.ResourceName)) == true;

    private async Task Change(Pod allotted, List<(Container Container, CriContainerStatus Latest)> changes, CancellationToken cancel)
    {
        foreach (var (container, latest) in changes) await CheckMemory(container, latest, cancel);
        _context.Options.CgroupParent?.Invoke(_allotment.Widest(allotted));
        foreach (var (container, latest) in changes)
        {
            await _context.Runtime.UpdateContainerResources(new UpdateContainerResourcesRequest { ContainerId = latest.Id, Linux = RuntimeConfigs.Resources(_context.Options, allotted, container) }, cancel);
            _allotment.Has(container.Name, latest.Id, container.Resources);
        }
        _context.Options.CgroupParent?.Invoke(allotted);
        Poke();
    }

    // Less memory than is in use would end the container, or be refused by the kernel.
    private async Task CheckMemory(Container container, CriContainerStatus latest, CancellationToken cancel)
    {
        if (container.Resources.Limits is not { } limits || !limits.TryGetValue("memory", out var limit)) return;
        if (_allotment.Of(container, latest).Limits is { } had && had.TryGetValue("memory", out var before) && before <= limit) return;
        var used = (long)((await _context.Runtime.ContainerStats(latest.Id, cancel))?.Memory?.WorkingSetBytes?.Value ?? 0);
        if (used > limit.Value) throw new IOException($"cannot decrease memory limits: attempting to set container \"{container.Name}\" memory limit ({limit.Value}) below current usage ({used})");
    }

    private void Failed(Pod allotted, string why)
    {
        var generation = _allotment.InProgress?.Generation ?? allotted.Metadata.Generation;
        var note = new ResizeNote("Error", why, generation);
        if (_allotment.InProgress != note) _context.Events.Warning(allotted, "ResizeError", ResizeMessages.Of("Pod resize error", allotted, generation, why));
        _allotment.InProgress = note;
    }

    // Containers that have yet to start again get what they are to have when they do.
    private void Done(Pod allotted, RunningPod running)
    {
        if (_allotment.InProgress is not { } note || _restarting.Overlaps(running.Containers.Where(c => running.Latest(c.Metadata.Name)?.Id == c.Id).Select(c => c.Id))) return;
        _allotment.InProgress = null;
        _context.Events.Normal(allotted, "ResizeCompleted", ResizeMessages.Of("Pod resize completed", allotted, note.Generation));
    }
}
