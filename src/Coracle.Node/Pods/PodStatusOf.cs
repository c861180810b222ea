using Coracle.Kinds.Core.V1;
using Coracle.Node.Cri.V1;
using Container = Coracle.Kinds.Core.V1.Container;
using PodIP = Coracle.Kinds.Core.V1.PodIP;
using ContainerState = Coracle.Kinds.Core.V1.ContainerState;
using ContainerStatus = Coracle.Kinds.Core.V1.ContainerStatus;
using CriContainerStatus = Coracle.Node.Cri.V1.ContainerStatus;

namespace Coracle.Node.Pods;

/// <summary>What the worker knows besides the runtime: why containers wait, what probes say, what containers left as their last words.</summary>
internal sealed record PodKnowledge
{
    public required IReadOnlyDictionary<string, (string Reason, string Message)> Waiting { get; init; }
    public required Func<string, (bool Started, bool Ready)> Probed { get; init; }
    public required Func<CriContainerStatus, string> LastWords { get; init; }

    /// <summary>Whether a container that has ended is to be started again.</summary>
    public required Func<Container, CriContainerStatus, bool, bool> StartsAgain { get; init; }

    /// <summary>What the pod was given of the node.</summary>
    public required PodAllotment Allotment { get; init; }

    /// <summary>Set when the node ended the pod itself: DeadlineExceeded, Evicted.</summary>
    public (string Reason, string Message)? Ended { get; init; }

    /// <summary>The pod is being deleted and its containers are gone.</summary>
    public bool Terminated { get; init; }
}

/// <summary>A pod's status from what the runtime has of it. Pure (upstream: pkg/kubelet/kubelet_pods.go and status/generate.go).</summary>
internal static class PodStatusOf
{
    public static PodStatus Make(Pod pod, RunningPod running, PodKnowledge knowledge, string hostAddress, DateTimeOffset now)
    {
        var spec = pod.Spec;
        var init = (spec.InitContainers ?? []).Select(c => One(c, Before(pod.Status.InitContainerStatuses, c), running, knowledge, isInit: true, hasInit: true)).ToList();
        var main = (spec.Containers ?? []).Select(c => One(c, Before(pod.Status.ContainerStatuses, c), running, knowledge, isInit: false, hasInit: spec.InitContainers is { Count: > 0 })).ToList();
        var status = pod.Status.DeepCopy();
        status.InitContainerStatuses = init.Count > 0 ? init : null;
        status.ContainerStatuses = main;
        status.EphemeralContainerStatuses = spec.EphemeralContainers is { Count: > 0 } ephemeral ? [.. ephemeral.Select(c => Visitor(c, pod, running, knowledge))] : null;
        if (knowledge.Allotment.GivenAsWhole(pod) is { } given) (status.AllocatedResources, status.Resources) = (given.DeepCopy().Requests, given.DeepCopy());
        status.ObservedGeneration = pod.Metadata.Generation;
        status.HostIP = hostAddress;
        status.HostIPs = [new() { Ip = hostAddress }];
        status.StartTime ??= now;
        Addresses(status, spec, running, hostAddress);
        status.Phase = pod.Status.Phase is PodPhase.Failed or PodPhase.Succeeded ? pod.Status.Phase : Phase(spec, init, main, knowledge);
        if (knowledge.Ended is { } ended) (status.Phase, status.Reason, status.Message) = (PodPhase.Failed, ended.Reason, ended.Message);
        Conditions(status, pod, running, init, main, knowledge.Allotment, now);
        return status;
    }

    private static void Addresses(PodStatus status, PodSpec spec, RunningPod running, string hostAddress)
    {
        var addresses = spec.HostNetwork ? [hostAddress] : running.Addresses;
        if (addresses.Count == 0) return;
        status.PodIP = addresses[0];
        status.PodIPs = [.. addresses.Select(a => new PodIP { Ip = a })];
    }

    // Of those who only look in nobody asks whether they are ready.
    private static ContainerStatus Visitor(EphemeralContainer ephemeral, Pod pod, RunningPod running, PodKnowledge knowledge)
    {
        var container = Ephemeral.AsContainer(ephemeral);
        var status = One(container, Before(pod.Status.EphemeralContainerStatuses, container), running, knowledge, isInit: false, hasInit: pod.Spec.InitContainers is { Count: > 0 });
        (status.Ready, status.Started) = (false, null);
        return status;
    }

    private static ContainerStatus One(Container container, ContainerStatus? before, RunningPod running, PodKnowledge knowledge, bool isInit, bool hasInit)
    {
        var latest = running.Latest(container.Name);
        var status = new ContainerStatus { Name = container.Name, Image = latest?.Image?.Image is { Length: > 0 } name ? name : container.Image, RestartCount = (int)(latest?.Metadata.Attempt ?? 0) };
        Resources(status, container, latest, knowledge);
        if (running.Previous(container.Name) is { } previous) status.LastState = State(previous, knowledge);
        if (latest is null && before is { ContainerID.Length: > 0 }) return Lost(before, knowledge);
        if (latest is null)
        {
            var (reason, message) = knowledge.Waiting.GetValueOrDefault(container.Name, (hasInit ? "PodInitializing" : "ContainerCreating", ""));
            status.State.Waiting = new() { Reason = reason, Message = message };
            status.Started = false;
            return status;
        }
        status.ContainerID = $"containerd://{latest.Id}";
        status.ImageID = latest.ImageRef;
        status.State = State(latest, knowledge);
        if (latest.State == CriContainerState.ContainerRunning)
        {
            var sidecar = isInit && container.RestartPolicy == ContainerRestartPolicy.Always;
            var (started, ready) = knowledge.Probed(container.Name);
            status.Started = (!isInit || sidecar) && started;
            status.Ready = (!isInit || sidecar) && started && ready;
            return status;
        }
        status.Started = false;
        status.Ready = isInit && latest.State == CriContainerState.ContainerExited && latest.ExitCode == 0;
        if (latest.State == CriContainerState.ContainerExited && knowledge.StartsAgain(container, latest, isInit) && knowledge.Waiting.TryGetValue(container.Name, out var waiting))
        {
            // It ended and is to start again: what it ended with is the last state, and the reason for waiting is the state.
            status.LastState = status.State;
            status.State = new() { Waiting = new() { Reason = waiting.Reason, Message = waiting.Message } };
        }
        return status;
    }

    private static void Resources(ContainerStatus status, Container container, CriContainerStatus? latest, PodKnowledge knowledge)
    {
        status.AllocatedResources = knowledge.Allotment.Given(container).Requests is { Count: > 0 } requests ? new(requests, StringComparer.Ordinal) : null;
        var runs = latest is { State: CriContainerState.ContainerRunning };
        status.Resources = (runs ? knowledge.Allotment.Of(container, latest) : knowledge.Allotment.Given(container)).DeepCopy();
        status.Resources.Claims = null;
    }

    private static ContainerStatus? Before(List<ContainerStatus>? statuses, Container container) => statuses?.Find(s => s.Name == container.Name);

    // The runtime has forgotten a container of which we have told: what it ended with stays, and if we never knew, that is said.
    private static ContainerStatus Lost(ContainerStatus before, PodKnowledge knowledge)
    {
        var status = before.DeepCopy();
        (status.Started, status.Ready) = (false, before.Ready && before.State.Terminated is not null);
        if (before.State.Running is not { } ran) return status;
        var unknown = new ContainerStateTerminated
        {
            ExitCode = 137, Reason = "ContainerStatusUnknown", Message = "The container could not be located when the pod was terminated", StartedAt = ran.StartedAt, ContainerID = before.ContainerID,
        };
        if (knowledge.Terminated) status.State = new() { Terminated = unknown };
        else (status.State, status.LastState) = (new() { Waiting = new() { Reason = "ContainerCreating" } }, new() { Terminated = unknown });
        return status;
    }

    private static ContainerState State(CriContainerStatus container, PodKnowledge knowledge) => container.State switch
    {
        CriContainerState.ContainerRunning => new() { Running = new() { StartedAt = Time(container.StartedAt) } },
        CriContainerState.ContainerExited => new()
        {
            Terminated = new()
            {
                ExitCode = container.ExitCode, Reason = container.Reason.Length > 0 ? container.Reason : container.ExitCode == 0 ? "Completed" : "Error",
                Message = container.Message.Length > 0 ? container.Message : knowledge.LastWords(container),
                StartedAt = Time(container.StartedAt), FinishedAt = Time(container.FinishedAt), ContainerID = $"containerd://{container.Id}",
            },
        },
        _ => new() { Waiting = new() { Reason = "ContainerCreating" } },
    };

    private static DateTimeOffset Time(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);

    private static string Phase(PodSpec spec, List<ContainerStatus> init, List<ContainerStatus> main, PodKnowledge knowledge)
    {
        var byName = (spec.InitContainers ?? []).ToDictionary(c => c.Name);
        var pending = false;
        foreach (var status in init)
        {
            var sidecar = byName[status.Name].RestartPolicy == ContainerRestartPolicy.Always;
            if (sidecar)
            {
                pending |= status.Started != true && status.State.Terminated is null && status.LastState.Terminated is null;
                continue;
            }
            if (Ended(status) is not { } ended) pending = true;
            else if (ended.ExitCode != 0)
            {
                if (spec.RestartPolicy == RestartPolicy.Never) return PodPhase.Failed;
                pending = true;
            }
        }
        var running = main.Count(s => s.State.Running is not null);
        var stopped = main.Where(s => Ended(s) is not null).ToList();
        var waiting = main.Count - running - stopped.Count;
        if (knowledge.Terminated && running == 0) return stopped.Count == main.Count && stopped.TrueForAll(s => Ended(s)!.ExitCode == 0) ? PodPhase.Succeeded : PodPhase.Failed;
        if (pending || waiting > 0) return PodPhase.Pending;
        if (running > 0) return PodPhase.Running;
        if (spec.RestartPolicy == RestartPolicy.Always) return PodPhase.Running;
        if (stopped.TrueForAll(s => Ended(s)!.ExitCode == 0)) return PodPhase.Succeeded;
        return spec.RestartPolicy == RestartPolicy.Never ? PodPhase.Failed : PodPhase.Running;
    }

    // A container that waits to start again counts as ended with what it ended with last.
    private static ContainerStateTerminated? Ended(ContainerStatus status) =>
        status.State.Terminated ?? (status.State.Waiting is not null ? status.LastState.Terminated : null);

    private static readonly string[] Order = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];

    private static void Conditions(PodStatus status, Pod pod, RunningPod running, List<ContainerStatus> init, List<ContainerStatus> main, PodAllotment allotment, DateTimeOffset now)
    {
        var conditions = status.Conditions ??= [];
        void Set(string type, bool value, string reason = "", string message = "")
        {
            var text = value ? "True" : "False";
            var condition = conditions.Find(c => c.Type == type);
            if (condition is null) conditions.Add(condition = new PodCondition { Type = type });
            if (condition.Status != text) condition.LastTransitionTime = now;
            (condition.Status, condition.Reason, condition.Message, condition.ObservedGeneration) = (text, reason, message, pod.Metadata.Generation);
        }
        void Note(string type, ResizeNote? note)
        {
            if (note is null)
            {
                conditions.RemoveAll(c => c.Type == type);
                return;
            }
            Set(type, true, note.Reason, note.Message);
            conditions.Find(c => c.Type == type)!.ObservedGeneration = note.Generation;
        }
        Note(PodConditionType.PodResizePending, allotment.Pending);
        Note(PodConditionType.PodResizeInProgress, allotment.InProgress);
        Set("PodReadyToStartContainers", running.SandboxReady && (running.Addresses.Count > 0 || pod.Spec.HostNetwork));
        var completed = status.Phase is PodPhase.Succeeded;
        var sidecars = RuntimeConfigs.Sidecars(pod.Spec).Select(c => c.Name).ToList();
        var uninitialised = init.Where(s => sidecars.Contains(s.Name) ? s.Started != true : !s.Ready).Select(s => s.Name).ToList();
        if (completed) Set("Initialized", true, "PodCompleted");
        else if (uninitialised.Count > 0 && status.Phase is PodPhase.Pending or PodPhase.Failed) Set("Initialized", uninitialised.Count == 0, "ContainersNotInitialized", $"containers with incomplete status: [{string.Join(' ', uninitialised)}]");
        else Set("Initialized", true);
        var unready = init.Where(s => sidecars.Contains(s.Name)).Concat(main).Where(s => !s.Ready).Select(s => s.Name).ToList();
        var isReady = unready.Count == 0 && !completed && status.Phase != PodPhase.Failed;
        var (reason, message) = completed ? ("PodCompleted", "")
            : status.Phase == PodPhase.Failed ? ("PodFailed", "")
            : unready.Count > 0 ? ("ContainersNotReady", $"containers with unready status: [{string.Join(' ', unready)}]") : ("", "");
        var gates = (pod.Spec.ReadinessGates ?? []).Where(g => conditions.Find(c => c.Type == g.ConditionType)?.Status != "True").Select(g => g.ConditionType).ToList();
        if (isReady && gates.Count > 0)
            Set("Ready", false, "ReadinessGatesNotReady", string.Join(", ", gates.Select(g => conditions.Find(c => c.Type == g) is { } gate
                ? $"the status of pod readiness gate \"{g}\" is not \"True\", but {gate.Status}" : $"corresponding condition of pod readiness gate \"{g}\" does not exist.")));
        else Set("Ready", isReady, reason, message);
        Set("ContainersReady", isReady, reason, message);
        Set("PodScheduled", true);
        // Those of others first, then ours in the order in which upstream's node writes them.
        status.Conditions = [.. conditions.OrderBy(c => Array.IndexOf(Order, c.Type))];
    }
}
