using System.Globalization;
using System.Text;
using Coracle.ApiServer.Access;

namespace Coracle.ApiServer;

/// <summary>Counts and durations of requests, under upstream's names, in the Prometheus text format.</summary>
internal sealed class Metrics
{
    private static readonly double[] BucketsSeconds = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 5, 10, 30, 60];

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);

    private int _watches;

    public int OpenWatches => Volatile.Read(ref _watches);
    public void WatchOpened() => Interlocked.Increment(ref _watches);
    public void WatchClosed() => Interlocked.Decrement(ref _watches);

    private sealed class Series
    {
        public readonly SortedDictionary<int, long> ByCode = [];
        public readonly long[] Buckets = new long[BucketsSeconds.Length];
        public long Count;
        public double SumSeconds;
    }

    /// <summary>Counts an answer. What is not served is counted under no name: clients could make up any number of those.</summary>
    public void Count(string method, RequestInfo? served, int status, TimeSpan elapsed)
    {
        var info = served is { IsResourceRequest: true } && status != 404 ? served : null;
        var verb = info?.Verb.ToUpperInvariant() ?? (method is "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS" ? method : "other");
        var labels = info is null
            ? $"group=\"\",resource=\"\",subresource=\"\",verb=\"{verb}\",version=\"\""
            : $"group=\"{info.ApiGroup}\",resource=\"{info.Resource}\",subresource=\"{info.Subresource}\",verb=\"{verb}\",version=\"{info.ApiVersion}\"";
        lock (_lock)
        {
            if (!_series.TryGetValue(labels, out var series)) _series[labels] = series = new Series();
            series.ByCode[status] = series.ByCode.GetValueOrDefault(status) + 1;
            series.Count++;
            if (served is { IsLongRunning: true }) return;
            series.SumSeconds += elapsed.TotalSeconds;
            for (var i = 0; i < BucketsSeconds.Length; i++)
                if (elapsed.TotalSeconds <= BucketsSeconds[i]) series.Buckets[i]++;
        }
    }

    public string Render()
    {
        var text = new StringBuilder(8192);
        lock (_lock)
        {
            text.Append("# HELP apiserver_request_total Requests answered, by verb, resource and response code.\n# TYPE apiserver_request_total counter\n");
            foreach (var (labels, series) in _series)
                foreach (var (code, count) in series.ByCode)
                    text.Append(CultureInfo.InvariantCulture, $"apiserver_request_total{{code=\"{code}\",component=\"apiserver\",{labels}}} {count}\n");
            text.Append("# HELP apiserver_request_duration_seconds Time to answer, long-running requests left out.\n# TYPE apiserver_request_duration_seconds histogram\n");
            foreach (var (labels, series) in _series) Histogram(text, labels, series);
        }
        text.Append("# HELP apiserver_longrunning_requests Watches that are open.\n# TYPE apiserver_longrunning_requests gauge\n");
        text.Append(CultureInfo.InvariantCulture, $"apiserver_longrunning_requests{{component=\"apiserver\",verb=\"WATCH\"}} {OpenWatches}\n");
        return text.ToString();
    }

    private static void Histogram(StringBuilder text, string labels, Series series)
    {
        for (var i = 0; i < BucketsSeconds.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $"apiserver_request_duration_seconds_bucket{{component=\"apiserver\",{labels},le=\"{BucketsSeconds[i]}\"}} {series.Buckets[i]}\n");
        text.Append(CultureInfo.InvariantCulture, $"apiserver_request_duration_seconds_bucket{{component=\"apiserver\",{labels},le=\"+Inf\"}} {series.Count}\n");
        text.Append(CultureInfo.InvariantCulture, $"apiserver_request_duration_seconds_sum{{component=\"apiserver\",{labels}}} {series.SumSeconds}\n");
        text.Append(CultureInfo.InvariantCulture, $"apiserver_request_duration_seconds_count{{component=\"apiserver\",{labels}}} {series.Count}\n");
    }
}
