namespace Coracle.Sdk;

/// <summary>What a controller tells, under controller-runtime's names.</summary>
internal sealed class ControllerMetrics(MetricRegistry registry, string controller)
{
    private static readonly double[] Buckets =
    [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5,
        6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
    ];

    private readonly MetricFamily total = registry.Counter("controller_runtime_reconcile_total", "Total number of reconciliations per controller", "controller", "result");

    public Metric Errors { get; } = registry.Counter("controller_runtime_reconcile_errors_total", "Total number of reconciliation errors per controller", "controller").With(controller);
    public Metric TerminalErrors { get; } = registry.Counter("controller_runtime_terminal_reconcile_errors_total", "Total number of terminal reconciliation errors per controller", "controller").With(controller);
    public Metric Panics { get; } = registry.Counter("controller_runtime_reconcile_panics_total", "Total number of reconciliation panics per controller", "controller").With(controller);
    public Metric Timeouts { get; } = registry.Counter("controller_runtime_reconcile_timeouts_total", "Total number of reconciliation timeouts per controller", "controller").With(controller);
    public Metric Seconds { get; } = registry.Histogram("controller_runtime_reconcile_time_seconds", "Length of time per reconciliation per controller", Buckets, "controller").With(controller);
    public Metric MaxWorkers { get; } = registry.Gauge("controller_runtime_max_concurrent_reconciles", "Maximum number of concurrent reconciles per controller", "controller").With(controller);
    public Metric ActiveWorkers { get; } = registry.Gauge("controller_runtime_active_workers", "Number of currently used workers per controller", "controller").With(controller);
    public Metric StaleReads { get; } = registry.Counter("coracle_sdk_stale_reads_total", "Keys reconciled again before the caches showed their last writes", "controller").With(controller);

    public void Ended(string result) => total.With(controller, result).Add();
}
