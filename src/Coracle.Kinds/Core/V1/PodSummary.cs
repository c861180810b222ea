using Coracle.Kinds.Meta.V1;

namespace Coracle.Kinds.Core.V1;

/// <summary>What a table says of a pod: one word for its state, how many containers are ready, and how often they restarted (upstream: printPod).</summary>
internal sealed class PodSummary
{
    private readonly Pod pod;
    private readonly HashSet<string> sidecars;

    // Once a pod is initialized, restarts of init containers count no more, but for those that keep running.
    private (int Count, DateTimeOffset? Last) sidecarRestarts;

    internal PodSummary(Pod pod)
    {
        this.pod = pod;
        sidecars = [.. (pod.Spec.InitContainers ?? []).Where(c => c.RestartPolicy == ContainerRestartPolicy.Always).Select(c => c.Name)];
        Total = (pod.Spec.Containers?.Count ?? 0) + (pod.Spec.InitContainers ?? []).Count(c => sidecars.Contains(c.Name));
        Status = Phase();
        var initializing = ReadInitContainers();
        if (!initializing || Has(PodConditionType.Initialized)) ReadContainers();
        if (pod.Metadata.DeletionTimestamp is not null) Status = Deleting();
    }

    /// <summary>"Running", "CrashLoopBackOff", "Init:0/1", "Terminating"...</summary>
    internal string Status { get; private set; }
    internal int Ready { get; private set; }
    internal int Total { get; }
    internal int Restarts { get; private set; }

    /// <summary>When a container last ended before it was restarted.</summary>
    internal DateTimeOffset? LastRestart { get; private set; }

    private string Phase()
    {
        const string gated = "SchedulingGated";
        if ((pod.Status.Conditions ?? []).Any(c => c is { Type: PodConditionType.PodScheduled, Reason: gated })) return gated;
        return pod.Status.Reason.Length > 0 ? pod.Status.Reason : pod.Status.Phase;
    }

    /// <summary>Follows the init containers to the one that holds the pod up. True when there is one.</summary>
    private bool ReadInitContainers()
    {
        var index = 0;
        foreach (var container in pod.Status.InitContainerStatuses ?? [])
        {
            var sidecar = sidecars.Contains(container.Name);
            Count(container);
            if (sidecar)
                sidecarRestarts = (sidecarRestarts.Count + container.RestartCount, Later(sidecarRestarts.Last, container.LastState.Terminated?.FinishedAt));
            if (!IsPast(container, sidecar))
            {
                Status = "Init:" + (Ended(container) ?? Waiting(container) ?? $"{index}/{pod.Spec.InitContainers?.Count ?? 0}");
                return true;
            }
            index++;
        }
        return false;
    }

    private bool IsPast(ContainerStatus container, bool sidecar)
    {
        if (container.State.Terminated is { ExitCode: 0 }) return true;
        if (!sidecar || container.Started != true) return false;
        if (container.Ready) Ready++;
        return true;
    }

    private void ReadContainers()
    {
        (Restarts, LastRestart) = sidecarRestarts;
        var running = false;
        foreach (var container in Enumerable.Reverse(pod.Status.ContainerStatuses ?? []))
        {
            Count(container);
            if (container.State.Waiting is { Reason.Length: > 0 } waiting) Status = waiting.Reason;
            else if (Ended(container) is { } ended) Status = ended;
            else if (container is { Ready: true, State.Running: not null })
            {
                running = true;
                Ready++;
            }
        }
        if (running && Status == "Completed") Status = Has(PodConditionType.Ready) ? "Running" : "NotReady";
    }

    private string Deleting()
    {
        if (pod.Status.Reason == "NodeLost") return "Unknown";
        return pod.Status.Phase is PodPhase.Succeeded or PodPhase.Failed ? Status : "Terminating";
    }

    private void Count(ContainerStatus container)
    {
        Restarts += container.RestartCount;
        LastRestart = Later(LastRestart, container.LastState.Terminated?.FinishedAt);
    }

    private static string? Ended(ContainerStatus container) => container.State.Terminated switch
    {
        null => null,
        { Reason.Length: > 0 } ended => ended.Reason,
        { Signal: not 0 } ended => $"Signal:{ended.Signal}",
        var ended => $"ExitCode:{ended.ExitCode}",
    };

    private static string? Waiting(ContainerStatus container) =>
        container.State.Waiting is { Reason: { Length: > 0 } reason } && reason != "PodInitializing" ? reason : null;

    private bool Has(string condition) => (pod.Status.Conditions ?? []).Any(c => c.Type == condition && c.Status == ConditionStatus.True);

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other ?? one : one;
}
