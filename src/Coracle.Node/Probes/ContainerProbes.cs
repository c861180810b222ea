using Coracle.Kinds.Core.V1;
using Coracle.Node.Pods;

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
    private readonly string _address;
    private readonly Action _changed;
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _started;
    private volatile bool _ready;
    private volatile string? _failed;

    public ContainerProbes(PodContext context, Pod pod, Container container, string containerId, string address, Action changed)
    {
        (_context, _pod, _container, _containerId, _address, _changed) = (context, pod, container, containerId, address, changed);
        _started = container.StartupProbe is null;
        _ready = container.ReadinessProbe is null;
        if (!context.Options.ProbesReachPods)
        {
            (_started, _ready) = (true, true);
            return;
        }
        if (container.StartupProbe is { } startup) _ = Run(startup, "Startup", succeeded => _started |= succeeded, kills: true, until: () => _started);
        if (container.ReadinessProbe is { } readiness) _ = Run(readiness, "Readiness", ok => _ready = ok, kills: false);
        if (container.LivenessProbe is { } liveness) _ = Run(liveness, "Liveness", static _ => { }, kills: true);
    }

    public string ContainerId => _containerId;
    public bool Started => _started;
    public bool Ready => _started && _ready;

    /// <summary>"Liveness" or "Startup" once that probe has failed for good: the container is to be killed.</summary>
    public string? Failed => _failed;

    /// <summary>The grace period that the failed probe asks for instead of the pod's.</summary>
    public long? FailedGraceSeconds => _failed switch
    {
        "Liveness" => _container.LivenessProbe?.TerminationGracePeriodSeconds,
        "Startup" => _container.StartupProbe?.TerminationGracePeriodSeconds,
        _ => null,
    };

    private async Task Run(Probe probe, string kind, Action<bool> found, bool kills, Func<bool>? until = null)
    {
        try
        {
            var period = TimeSpan.FromSeconds(Math.Max(1, probe.PeriodSeconds));
            if (probe.InitialDelaySeconds > 0) await Task.Delay(TimeSpan.FromSeconds(probe.InitialDelaySeconds), _context.Clock, _stop.Token);
            var (successes, failures) = (0, 0);
            bool? last = null;
            while (!_stop.IsCancellationRequested && until?.Invoke() != true)
            {
                if (kind == "Startup" || _started)
                {
                    var outcome = await _context.ProbeClient.Try(_context.Runtime, _containerId, _container, probe, _address, _stop.Token);
                    (successes, failures) = outcome.Ok ? (successes + 1, 0) : (0, failures + 1);
                    if (!outcome.Ok) _context.Events.Warning(_pod, _container, "Unhealthy", $"{kind} probe failed: {outcome.Output}");
                    bool? verdict = successes >= Math.Max(1, probe.SuccessThreshold) ? true : failures >= Math.Max(1, probe.FailureThreshold) ? false : null;
                    if (verdict is { } decided && decided != last)
                    {
                        last = decided;
                        found(decided);
                        if (!decided && kills) _failed = kind;
                        _changed();
                    }
                }
                await Task.Delay(_started || kind == "Startup" ? period : TimeSpan.FromMilliseconds(Math.Min(period.TotalMilliseconds, 500)), _context.Clock, _stop.Token);
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

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }
}
