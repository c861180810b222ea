namespace Coracle.Sdk;

/// <summary>What a queue tells, under the names of client-go and controller-runtime.</summary>
internal sealed class QueueMetrics
{
    private readonly string name;
    private readonly MetricRegistry registry;

    public QueueMetrics(MetricRegistry registry, string name)
    {
        (this.registry, this.name) = (registry, name);
        Depth = Gauge("workqueue_depth", "Current depth of workqueue by workqueue");
        Adds = Counter("workqueue_adds_total", "Total number of adds handled by workqueue");
        Retries = Counter("workqueue_retries_total", "Total number of retries handled by workqueue");
        Unfinished = Gauge("workqueue_unfinished_work_seconds", "How many seconds of work has been done that is in progress and hasn't been observed by work_duration. Large values indicate stuck threads. One can deduce the number of stuck threads by observing the rate at which this increases.");
        Longest = Gauge("workqueue_longest_running_processor_seconds", "How many seconds has the longest running processor for workqueue been running.");
        latency = Histogram("workqueue_queue_duration_seconds", "How long in seconds an item stays in workqueue before being requested");
        work = Histogram("workqueue_work_duration_seconds", "How long in seconds processing an item from workqueue takes.");
    }

    // controller-runtime's labels: both say the controller's name.
    private Metric Gauge(string metric, string help) => registry.Gauge(metric, help, "name", "controller").With(name, name);
    private Metric Counter(string metric, string help) => registry.Counter(metric, help, "name", "controller").With(name, name);
    private Metric Histogram(string metric, string help) => registry.Histogram(metric, help, Buckets, "name", "controller").With(name, name);

    // client-go's: ten powers of ten from 10 ns.
    private static readonly double[] Buckets = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000];

    public Metric Depth { get; }
    public Metric Adds { get; }
    public Metric Retries { get; }
    public Metric Unfinished { get; }
    public Metric Longest { get; }
    private readonly Metric latency;
    private readonly Metric work;

    public void Taken(TimeSpan waited, int depth)
    {
        latency.Observe(waited.TotalSeconds);
        Depth.Set(depth);
    }

    public void Worked(TimeSpan worked) => work.Observe(worked.TotalSeconds);
}
