namespace Coracle.Sdk;

/// <summary>What a queue tells, under client-go's names.</summary>
internal sealed class QueueMetrics(MetricRegistry registry, string name)
{
    // client-go's: ten powers of ten from 10 ns.
    private static readonly double[] Buckets = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000];

    public Metric Depth { get; } = registry.Gauge("workqueue_depth", "Current depth of workqueue by workqueue", "name").With(name);
    public Metric Adds { get; } = registry.Counter("workqueue_adds_total", "Total number of adds handled by workqueue", "name").With(name);
    public Metric Retries { get; } = registry.Counter("workqueue_retries_total", "Total number of retries handled by workqueue", "name").With(name);
    private readonly Metric latency = registry.Histogram("workqueue_queue_duration_seconds", "How long in seconds an item stays in workqueue before being requested", Buckets, "name").With(name);
    private readonly Metric work = registry.Histogram("workqueue_work_duration_seconds", "How long in seconds processing an item from workqueue takes.", Buckets, "name").With(name);

    public void Taken(TimeSpan waited, int depth)
    {
        latency.Observe(waited.TotalSeconds);
        Depth.Set(depth);
    }

    public void Worked(TimeSpan worked, int left) => work.Observe(worked.TotalSeconds);
}
