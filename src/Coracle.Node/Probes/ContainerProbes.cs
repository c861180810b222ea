using Coracle.Kinds.Core.V1;
using Coracle.Node.Pods;
using Coracle.Sdk;
using CriContainerStatus = Coracle.Node.Cri.V1.ContainerStatus;

namespace Coracle.Node.Probes;

/// <summary>
/// The probes of one running container: startup first, then readiness and liveness, each on its own period. What they found so far is asked by the pod's
/// worker, which they wake when it changes.
/// </summary>
internal sealed class ContainerProbes : IDisposable
{
    private readonly PodContext _context;
    private readonly Pod _pod;
    private readonly Container _container;
    private readonly string _containerId;
    private readonly DateTimeOffset _startedAt;
    private readonly string _address;
    private readonly Action _changed;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _startup = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _ready;
    private volatile string? _failed;

    /// <param name="running">What its pod's status said of it before counts until a probe says otherwise: a restart of the agent makes nothing unready.</param>
    public ContainerProbes(PodContext context, Pod pod, Container container, CriContainerStatus running, string address, Action changed)
    {
        (_context, _pod, _container, _containerId, _address, _changed) = (context, pod, container, running.Id, address, changed);
        _startedAt = DateTimeOffset.UnixEpoch.AddTicks(running.StartedAt / 100);
        var before = (pod.Status.ContainerStatuses ?? []).Concat(pod.Status.InitContainerStatuses ?? []).FirstOrDefault(s => s.Name == container.Name && s.ContainerID.EndsWith(running.Id, StringComparison.Ordinal));
        if (container.StartupProbe is null || before?.Started == true || !context.Options.ProbesReachPods) _startup.TrySetResult();
        _ready = container.ReadinessProbe is null || before?.Ready == true || !context.Options.ProbesReachPods;
        if (!context.Options.ProbesReachPods) return;
        if (container.StartupProbe is { } startup && !Started) _ = Run(startup, "Startup", StartupFound);
        if (container.ReadinessProbe is { } readiness) _ = Run(readiness, "Readiness", ok => _ready = ok);
        if (container.LivenessProbe is { } liveness) _ = Run(liveness, "Liveness", ok => _failed = ok ? null : "Liveness");
    }

    private void StartupFound(bool ok)
    {
        if (ok) _startup.TrySetResult();
        else _failed = "Startup";
    }

    public string ContainerId => _containerId;
    public bool Started => _startup.Task.IsCompleted;
    public bool Ready => Started && _ready;

    /// <summary>"Liveness" or "Startup" once that probe has failed for good: the container is to be killed.</summary>
    public string? Failed => _failed;

    /// <summary>The grace period that the failed probe asks for instead of the pod's.</summary>
    public long? FailedGraceSeconds => _failed switch
    {
        "Liveness" => _container.LivenessProbe?.TerminationGracePeriodSeconds,
        "Startup" => _container.StartupProbe?.TerminationGracePeriodSeconds,
        _ => null,
    };

    /// <summary>1. The others wait for the startup probe. 2. The delay counts from the container's start. 3. Then one attempt a period, until the container is given up.</summary>
    private async Task Run(Probe probe, string kind, Action<bool> found)
    {
        try
        {
            if (kind != "Startup") await _startup.Task.Or(_stop.Token);                                                 // 1
            var delay = _startedAt.AddSeconds(probe.InitialDelaySeconds) - _context.Clock.GetUtcNow();
            if (delay > TimeSpan.Zero) await Task.Delay(delay, _context.Clock, _stop.Token);                            // 2
            var (successes, failures) = (0, 0);
            bool? last = null;
            while (_failed is null && !(kind == "Startup" && Started))                                                  // 3
            {
                var outcome = await Try(probe);
                (successes, failures) = outcome.Ok ? (successes + 1, 0) : (0, failures + 1);
                if (!outcome.Ok) _context.EventsOf(_pod, _container).Warning("Unhealthy", $"{kind} probe failed: {outcome.Output}");
                bool? verdict = successes >= Math.Max(1, probe.SuccessThreshold) ? true : failures >= Math.Max(1, probe.FailureThreshold) ? false : null;
                if (verdict is { } decided && decided != last)
                {
                    last = decided;
                    found(decided);
                    _changed();
                }
                await Task.Delay(TimeSpan.FromSeconds(Math.Max(1, probe.PeriodSeconds)), _context.Clock, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e)
        {
            _context.Log($"probe {kind} of {_pod.Metadata.Namespace}/{_pod.Metadata.Name}/{_container.Name} ended", e);
        }
    }

    private async ValueTask<ProbeOutcome> Try(Probe probe)
    {
        if (_context.Options.SimulatedProbe is not { } simulated) return await _context.ProbeClient.Try(_context.Runtime, _containerId, _container, probe, _address, _stop.Token);
        var fault = simulated(_containerId, probe);
        return new(fault is null, fault ?? "");
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }
}
