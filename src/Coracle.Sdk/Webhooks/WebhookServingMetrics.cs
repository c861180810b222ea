using System.Globalization;

namespace Coracle.Sdk;

/// <summary>What is told of webhooks, under controller-runtime's names.</summary>
internal sealed class WebhookServingMetrics(MetricRegistry registry)
{
    private static readonly double[] Buckets = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000];

    private readonly MetricFamily latency = registry.Histogram("controller_runtime_webhook_latency_seconds", "Histogram of the latency of processing admission requests", Buckets, "webhook");
    private readonly MetricFamily total = registry.Counter("controller_runtime_webhook_requests_total", "Total number of admission requests by HTTP status code.", "webhook", "code");
    private readonly MetricFamily inFlight = registry.Gauge("controller_runtime_webhook_requests_in_flight", "Current number of admission requests being served.", "webhook");

    public Metric Panics { get; } = registry.Counter("controller_runtime_webhook_panics_total", "Total number of webhook panics").With();
    public Metric ConversionPanics { get; } = registry.Counter("controller_runtime_conversion_webhook_panics_total", "Total number of conversion webhook panics").With();

    public Call Begin(string path, TimeProvider time) => new(this, path, time);

    internal sealed class Call : IDisposable
    {
        private readonly WebhookServingMetrics metrics;
        private readonly string path;
        private readonly TimeProvider time;
        private readonly long began;

        public Call(WebhookServingMetrics metrics, string path, TimeProvider time)
        {
            (this.metrics, this.path, this.time, began) = (metrics, path, time, time.GetTimestamp());
            metrics.inFlight.With(path).Add();
        }

        public int Code { private get; set; }

        public void Dispose()
        {
            metrics.inFlight.With(path).Add(-1);
            if (Code == 0) return;
            metrics.total.With(path, Code.ToString(CultureInfo.InvariantCulture)).Add();
            metrics.latency.With(path).Observe(time.GetElapsedTime(began).TotalSeconds);
        }
    }
}
