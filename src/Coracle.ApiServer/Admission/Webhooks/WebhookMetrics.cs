using System.Globalization;
using System.Text;

namespace Coracle.ApiServer;

/// <summary>What became of calls of webhooks, under upstream's names (apiserver, admission/metrics).</summary>
internal sealed class WebhookMetrics
{
    private const string Prefix = "apiserver_admission_webhook_";

    private static readonly double[] BucketsSeconds = [0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 25];

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Duration> _durations = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _requests = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _rejections = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _failOpen = new(StringComparer.Ordinal);

    private sealed class Duration
    {
        public readonly long[] Buckets = new long[BucketsSeconds.Length];
        public long Count;
        public double SumSeconds;
    }

    /// <summary>One call.</summary>
    /// <param name="hook">The webhook.</param>
    /// <param name="type">"admit" or "validating".</param>
    /// <param name="operation">"CREATE" and so on.</param>
    /// <param name="code">The HTTP status that the request got for it: 200 unless it was refused.</param>
    /// <param name="refused">The request was refused, by the webhook's answer or for want of one.</param>
    /// <param name="elapsed">How long it took.</param>
    public void Called(string hook, string type, string operation, int code, bool refused, TimeSpan elapsed)
    {
        var labels = $"name=\"{hook}\",operation=\"{operation}\",rejected=\"{(refused ? "true" : "false")}\",type=\"{type}\"";
        lock (_lock)
        {
            if (!_durations.TryGetValue(labels, out var duration)) _durations[labels] = duration = new();
            duration.Count++;
            duration.SumSeconds += elapsed.TotalSeconds;
            for (var i = 0; i < BucketsSeconds.Length; i++)
                if (elapsed.TotalSeconds <= BucketsSeconds[i]) duration.Buckets[i]++;
            Count(_requests, string.Create(CultureInfo.InvariantCulture, $"code=\"{Math.Min(code, 600)}\",{labels}"));
        }
    }

    /// <summary>A request was refused, by the webhook with a status or because it could not be asked.</summary>
    public void Rejected(string hook, string type, string operation, string error, int code)
    {
        lock (_lock) Count(_rejections, string.Create(CultureInfo.InvariantCulture, $"error_type=\"{error}\",name=\"{hook}\",operation=\"{operation}\",rejection_code=\"{Math.Min(code, 600)}\",type=\"{type}\""));
    }

    /// <summary>It could not be asked, and the request went on.</summary>
    public void FailedOpen(string hook, string type)
    {
        lock (_lock) Count(_failOpen, $"name=\"{hook}\",type=\"{type}\"");
    }

    private static void Count(SortedDictionary<string, long> counts, string labels) => counts[labels] = counts.GetValueOrDefault(labels) + 1;

    public void Render(StringBuilder text)
    {
        lock (_lock)
        {
            if (_durations.Count > 0) text.Append("# TYPE ").Append(Prefix).Append("admission_duration_seconds histogram\n");
            foreach (var (labels, duration) in _durations) Histogram(text, labels, duration);
            Counter(text, "fail_open_count", _failOpen);
            Counter(text, "rejection_count", _rejections);
            Counter(text, "request_total", _requests);
        }
    }

    private static void Counter(StringBuilder text, string name, SortedDictionary<string, long> counts)
    {
        if (counts.Count > 0) text.Append("# TYPE ").Append(Prefix).Append(name).Append(" counter\n");
        foreach (var (labels, count) in counts) text.Append(CultureInfo.InvariantCulture, $"{Prefix}{name}{{{labels}}} {count}\n");
    }

    private static void Histogram(StringBuilder text, string labels, Duration duration)
    {
        const string name = Prefix + "admission_duration_seconds";
        for (var i = 0; i < BucketsSeconds.Length; i++) text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels},le=\"{BucketsSeconds[i]}\"}} {duration.Buckets[i]}\n");
        text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels},le=\"+Inf\"}} {duration.Count}\n{name}_sum{{{labels}}} {duration.SumSeconds}\n{name}_count{{{labels}}} {duration.Count}\n");
    }
}
