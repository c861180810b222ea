using Coracle.Kinds.Core.V1;
using Coracle.Node.Cri.V1;
using Container = Coracle.Kinds.Core.V1.Container;
using CriContainerStatus = Coracle.Node.Cri.V1.ContainerStatus;

namespace Coracle.Node.Pods;

// Containers that join a pod to look into it: started once, whatever the others do, and never again.
internal sealed partial class PodWorker
{
    /// <summary>All containers of a pod in the order in which they are started, ephemeral ones last.</summary>
    private static IEnumerable<Container> AllContainers(Pod pod) =>
        (pod.Spec.InitContainers ?? []).Concat(pod.Spec.Containers ?? []).Concat((pod.Spec.EphemeralContainers ?? []).Select(Ephemeral.AsContainer));

    private async Task<TimeSpan?> StartEphemeral(Pod pod, RunningPod running, CancellationToken cancel)
    {
        TimeSpan? soonest = null;
        foreach (var ephemeral in pod.Spec.EphemeralContainers ?? [])
        {
            if (running.Latest(ephemeral.Name) is not null || IsTold(pod, ephemeral.Name)) continue;
            if (await StartOnce(pod, running, Ephemeral.AsContainer(ephemeral), cancel) is { } due && (soonest is null || due < soonest)) soonest = due;
        }
        return soonest;
    }

    // The runtime may have forgotten one that has run.
    private static bool IsTold(Pod pod, string name) => pod.Status.EphemeralContainerStatuses?.Find(s => s.Name == name) is { ContainerID.Length: > 0 };

    private async Task<TimeSpan?> StartOnce(Pod pod, RunningPod running, Container container, CancellationToken cancel)
    {
        if (_retries.TryGetValue(container.Name, out var retry) && retry > _context.Clock.GetUtcNow()) return retry - _context.Clock.GetUtcNow();
        if (!running.SandboxReady) return TimeSpan.FromSeconds(1);
        return await Start(pod, running, container, null, cancel);
    }

    // It sees the processes of the container that it is meant for.
    private static void Target(Pod pod, RunningPod running, Container container, ContainerConfig config)
    {
        var target = pod.Spec.EphemeralContainers?.Find(c => c.Name == container.Name)?.TargetContainerName;
        if (target is not { Length: > 0 }) return;
        if (running.Latest(target) is not { } seen) throw new StartException("CreateContainerConfigError", $"unable to find target container {target}");
        var namespaces = config.Linux.SecurityContext.NamespaceOptions;
        (namespaces.Pid, namespaces.TargetId) = (NamespaceMode.Target, seen.Id);
    }
}

/// <summary>Ephemeral containers as what they are to a runtime: containers.</summary>
internal static class Ephemeral
{
    public static Container AsContainer(EphemeralContainer c) => new()
    {
        Name = c.Name, Image = c.Image, Command = c.Command, Args = c.Args, WorkingDir = c.WorkingDir, EnvFrom = c.EnvFrom, Env = c.Env, VolumeMounts = c.VolumeMounts,
        VolumeDevices = c.VolumeDevices, TerminationMessagePath = c.TerminationMessagePath, TerminationMessagePolicy = c.TerminationMessagePolicy,
        ImagePullPolicy = c.ImagePullPolicy, SecurityContext = c.SecurityContext, Stdin = c.Stdin, StdinOnce = c.StdinOnce, Tty = c.Tty, RestartPolicy = ContainerRestartPolicy.Never,
    };
}
