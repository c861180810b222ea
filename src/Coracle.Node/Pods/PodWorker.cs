using Coracle.Kinds.Core.V1;
using Coracle.Node.Cri;
using Coracle.Node.Volumes;
using Coracle.Sdk;
using CriContainerStatus = Coracle.Node.Cri.V1.ContainerStatus;

namespace Coracle.Node.Pods;

/// <summary>
/// Brings one pod to what the API wants of it, step by step: look at what runs, do what is next, say how it is. A step may take as long as stopping takes;
/// what changed meanwhile is seen by the next.
/// </summary>
internal sealed partial class PodWorker
{
    private static readonly TimeSpan VolumeRefresh = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AfterError = TimeSpan.FromSeconds(1);

    private readonly PodContext _context;
    private readonly Dictionary<string, CriContainerStatus> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Reason, string Message)> _waiting = new(StringComparer.Ordinal);
    private readonly RestartBackoff _backoff = new();
    private readonly Lock _lock = new();
    private readonly Signal _signal = new();
    private Pod _pod;
    private (string Reason, string Message)? _ended;

    public PodWorker(PodContext context, Pod pod) => (_context, _pod) = (context, pod);

    public string Uid => _pod.Metadata.Uid;

    /// <summary>The runtime has it, the API does not: it is to be ended and removed.</summary>
    public bool IsOrphan { get; init; }

    public void Update(Pod pod)
    {
        lock (_lock) _pod = pod;
        Poke();
    }

    /// <summary>Something may have changed: take another step.</summary>
    public void Poke() => _signal.Set();

    public async Task RunAsync(CancellationToken cancel)
    {
        var pause = AfterError;
        while (true)
        {
            TimeSpan? again;
            try
            {
                again = await Step(cancel);
                if (again is null) return;
                pause = AfterError;
            }
            catch (Exception e) when (e is GrpcException or IOException or ApiException or UnauthorizedAccessException)
            {
                _context.Log($"pod {_pod.Metadata.Namespace}/{_pod.Metadata.Name}: {e.Message}", e);
                again = pause;
                pause = pause * 2 > TimeSpan.FromSeconds(30) ? TimeSpan.FromSeconds(30) : pause * 2;
            }
            await _signal.WaitAsync(again.Value, _context.Clock, cancel);
        }
    }

    /// <summary>One step. Null: there is nothing left to do, ever. Otherwise how long to wait at most before the next.</summary>
    private async Task<TimeSpan?> Step(CancellationToken cancel)
    {
        var pod = _pod;
        var running = await RunningPod.Look(_context.Runtime, Uid, _known, cancel);
        var current = _context.Pods.Get(Key.Of(pod));
        if (IsOrphan || current is null || current.Metadata.Uid != Uid)
        {
            await End(pod, running, TimeSpan.FromSeconds(Math.Min(pod.Metadata.DeletionGracePeriodSeconds ?? 1, 30)), cancel);
            await CleanUp(pod, cancel);
            return null;
        }
        if (current.Metadata.DeletionTimestamp is not null) return await Terminate(current, running, cancel);
        if (IsOver(current)) return await Rest(current, running, cancel);
        return await Run(current, running, cancel);
    }

    private static bool IsOver(Pod pod) => pod.Status.Phase is PodPhase.Succeeded or PodPhase.Failed;

    /// <summary>A pod that has come to its end keeps its containers for their logs, and nothing else.</summary>
    private async Task<TimeSpan?> Rest(Pod pod, RunningPod running, CancellationToken cancel)
    {
        StopProbes();
        await End(pod, running, Grace(pod), cancel);
        return VolumeRefresh * 60;
    }

    private async Task<TimeSpan?> Run(Pod pod, RunningPod running, CancellationToken cancel)
    {
        if (await PastDeadline(pod, running, cancel)) return TimeSpan.Zero;
        TimeSpan? next = null;
        var ready = running.SandboxReady;
        if (!await EnsureSandbox(pod, running, cancel)) next = TimeSpan.FromSeconds(5);
        else
        {
            if (!ready) running = await RunningPod.Look(_context.Runtime, Uid, _known, cancel);
            next = await Containers(pod, running, cancel);
            running = await RunningPod.Look(_context.Runtime, Uid, _known, cancel);
        }
        var status = await Publish(pod, running, cancel);
        if (status.Phase is PodPhase.Succeeded or PodPhase.Failed) return TimeSpan.FromMilliseconds(50);
        var deadline = Deadline(pod) - _context.Clock.GetUtcNow();
        var wait = next ?? VolumeRefresh;
        return deadline is { } left && left < wait ? (left > TimeSpan.Zero ? left : TimeSpan.Zero) : wait;
    }

    private static DateTimeOffset? Deadline(Pod pod) =>
        pod.Spec.ActiveDeadlineSeconds is { } seconds && pod.Status.StartTime is { } start ? start.AddSeconds(seconds) : null;

    private async Task<bool> PastDeadline(Pod pod, RunningPod running, CancellationToken cancel)
    {
        if (Deadline(pod) is not { } deadline || deadline > _context.Clock.GetUtcNow()) return false;
        _ended = ("DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
        _context.Events.Normal(pod, "DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
        await End(pod, running, Grace(pod), cancel);
        await Publish(pod, await RunningPod.Look(_context.Runtime, Uid, _known, cancel), cancel);
        return true;
    }

    private async Task<PodStatus> Publish(Pod pod, RunningPod running, CancellationToken cancel, bool terminated = false)
    {
        var knowledge = new PodKnowledge
        {
            Waiting = _waiting, Probed = Probed, LastWords = c => LastWords(pod, c), Ended = _ended, Terminated = terminated,
        };
        for (var attempt = 0; ; attempt++)
        {
            var status = PodStatusOf.Make(pod, running, knowledge, _context.Options.InternalAddress, _context.Clock.GetUtcNow());
            if (status.ContentEquals(pod.Status)) return status;
            var changed = pod.DeepCopy();
            changed.Status = status;
            var updated = await _context.Options.Client.TryUpdateStatusAsync(changed, cancel);
            if (updated.Ok || updated.IsNotFound) return status;
            if (!updated.IsConflict || attempt == 5) throw new ApiException(updated.Failure);
            if (await _context.Options.Client.TryGetAsync<Pod>(Key.Of(pod), cancel) is not { } latest || latest.Metadata.Uid != Uid) return status;
            pod = latest;
        }
    }
}
