using System.Collections.Concurrent;
using System.Globalization;
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
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AfterError = TimeSpan.FromSeconds(1);

    private readonly PodContext _context;
    private readonly Dictionary<string, CriContainerStatus> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Reason, string Message)> _waiting = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly Signal _signal = new();
    // When to try again to start what could not be started.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _retries = new(StringComparer.Ordinal);
    private Pod _pod;
    private Pod? _written;
    private CancellationTokenSource? _starting;
    private (string Reason, string Message)? _ended;

    public PodWorker(PodContext context, Pod pod) => (_context, _pod) = (context, pod);

    public string Uid => _pod.Metadata.Uid;

    /// <summary>The runtime has it, the API does not: it is to be ended and removed.</summary>
    public bool IsOrphan { get; init; }

    /// <param name="gone">The API has it no more.</param>
    public void Update(Pod pod, bool gone)
    {
        lock (_lock)
        {
            if (pod.Metadata.Generation != _pod.Metadata.Generation) _retries.Clear();
            _pod = pod;
            // Whatever is being pulled, hooked or waited for: it is not to start any more.
            if (gone || pod.Metadata.DeletionTimestamp is not null) _starting?.Cancel();
        }
        // Our own words come back to us; they are no news.
        if (gone || pod.Metadata.ResourceVersion != _written?.Metadata.ResourceVersion) Poke();
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
        var running = await Look(cancel);
        var current = _context.Pods.Get(Key.Of(pod));
        if (IsOrphan || current is null || current.Metadata.Uid != Uid)
        {
            await End(pod, running, TimeSpan.FromSeconds(Math.Min(pod.Metadata.DeletionGracePeriodSeconds ?? 1, 30)), cancel);
            await CleanUp(pod, cancel);
            return null;
        }
        current = Newer(current, _written);
        if (current.Metadata.DeletionTimestamp is not null) return await Terminate(current, running, cancel);
        if (IsOver(current)) return await Rest(current, running, cancel);
        using var starting = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        lock (_lock) _starting = starting;
        try
        {
            return await Run(current, running, starting.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        finally
        {
            lock (_lock) _starting = null;
        }
    }

    // What we wrote last comes back to us a little later: until then it is what counts.
    private static Pod Newer(Pod seen, Pod? written) => written is not null && written.Metadata.Uid == seen.Metadata.Uid && Revision(written) > Revision(seen) ? written : seen;

    private static long Revision(Pod pod) => long.TryParse(pod.Metadata.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : 0;

    private static bool IsOver(Pod pod) => pod.Status.Phase is PodPhase.Succeeded or PodPhase.Failed;

    /// <summary>A pod that has come to its end keeps its containers for their logs, and nothing else.</summary>
    private async Task<TimeSpan?> Rest(Pod pod, RunningPod running, CancellationToken cancel)
    {
        StopProbes();
        await End(pod, running, Grace(pod), cancel);
        _context.Allotments.Forget(Uid);
        return VolumeRefresh * 60;
    }

    /// <summary>1. Its time may be up. 2. That it is here, and what it may have. 3. Sandbox and volumes. 4. Containers. 5. How it is; 6. and when it is over, what still runs beside the others ends before that is said.</summary>
    private async Task<TimeSpan?> Run(Pod pod, RunningPod running, CancellationToken cancel)
    {
        if (await PastDeadline(pod, running, cancel) is { } late) return AfterTheEnd(late);         // 1
        if (pod.Status.StartTime is null) pod = await Publish(pod, running, cancel);                // 2
        pod = await Allot(pod, running, cancel);
        var allotted = _allotment.Applied(pod);
        TimeSpan? next;
        var ready = running.SandboxReady;
        if (!await EnsureSandbox(allotted, running, cancel)) next = TimeSpan.FromSeconds(5);        // 3
        else
        {
            if (!ready) running = await Look(cancel);
            next = await Containers(allotted, running, cancel);                                    // 4
            running = await Look(cancel);
        }
        if (_allotment.InProgress is { Reason.Length: > 0 } && (next is null || next > RetryPause)) next = RetryPause;
        var status = StatusOf(pod, running, terminated: false);
        if (status.Phase is PodPhase.Succeeded or PodPhase.Failed)
        {
            StopProbes();
            await End(pod, running, Grace(pod), cancel);                                            // 6
            running = await Look(cancel);
        }
        pod = await Publish(pod, running, cancel);                                                  // 5
        if (IsOver(pod)) return AfterTheEnd(pod);
        var deadline = Deadline(pod) - _context.Clock.GetUtcNow();
        var wait = next ?? VolumeRefresh;
        return deadline is { } left && left < wait ? (left > TimeSpan.Zero ? left : TimeSpan.Zero) : wait;
    }

    private Task<RunningPod> Look(CancellationToken cancel) => RunningPod.Look(_context.Runtime, Uid, _known, cancel);

    private static DateTimeOffset? Deadline(Pod pod) =>
        pod.Spec.ActiveDeadlineSeconds is { } seconds && pod.Status.StartTime is { } start ? start.AddSeconds(seconds) : null;

    // On at once where the server has it. Where it does not, the pod is gone, and the cache is about to show that: to try again before would be to try for ever.
    private TimeSpan AfterTheEnd(Pod told) => ReferenceEquals(told, _written) ? TimeSpan.Zero : AfterError;

    private async Task<Pod?> PastDeadline(Pod pod, RunningPod running, CancellationToken cancel)
    {
        if (Deadline(pod) is not { } deadline || deadline > _context.Clock.GetUtcNow()) return null;
        _ended = ("DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
        _context.Events.Normal(pod, "DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
        await End(pod, running, Grace(pod), cancel);
        return await Publish(pod, await Look(cancel), cancel);
    }

    private PodStatus StatusOf(Pod pod, RunningPod running, bool terminated)
    {
        var knowledge = new PodKnowledge
        {
            Waiting = _waiting, Probed = Probed, LastWords = c => LastWords(pod, c), StartsAgain = (c, ended, isInit) => _restarting.Contains(ended.Id) || StartsAgain(pod, c, ended, isInit), Ended = _ended, Terminated = terminated,
            Allotment = _allotment,
        };
        return PodStatusOf.Make(pod, running, knowledge, _context.Options.InternalAddress, _context.Clock.GetUtcNow());
    }

    /// <summary>Writes how the pod is, if that is news. Returns the pod as it is then.</summary>
    private async Task<Pod> Publish(Pod pod, RunningPod running, CancellationToken cancel, bool terminated = false)
    {
        for (var attempt = 0; ; attempt++)
        {
            var status = StatusOf(pod, running, terminated);
            // The end may be told already, by an agent that had no answer before its own end: that counts, whatever the cache still shows.
            if (status.ContentEquals(pod.Status)) return IsOver(pod) ? _written = pod : pod;
            var changed = pod.DeepCopy();
            changed.Status = status;
            var updated = await _context.Options.Client.TryUpdateStatusAsync(changed, cancel);
            if (updated.Ok) return _written = updated.Value;
            if (updated.IsNotFound) return changed;
            if (!updated.IsConflict || attempt == 5) throw new ApiException(updated.Failure);
            if (await _context.Options.Client.TryGetAsync<Pod>(Key.Of(pod), cancel) is not { } latest || latest.Metadata.Uid != Uid) return changed;
            pod = latest;
        }
    }
}
