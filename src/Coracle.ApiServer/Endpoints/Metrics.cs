using System.Globalization;
using System.Text;
using Coracle.ApiServer.Access;

namespace Coracle.ApiServer;

/// <summary>Counts and durations of requests, under the names and labels that upstream's dashboards ask for (apiserver, pkg/endpoints/metrics), in the Prometheus text format.</summary>
internal sealed class Metrics
{
    private static readonly double[] BucketsSeconds = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];

    private readonly Lock _lock = new();
    private readonly Dictionary<Labels, Series> _series = [];
    private readonly Dictionary<Labels, int> _watches = [];
    private readonly Dictionary<(Labels Labels, string Component, int Code), long> _terminations = [];

    private int _openWatches;
    private int _reading;
    private int _writing;

    private readonly record struct Labels(string Verb, string Group, string Version, string Resource, string Subresource, string Scope, bool DryRun)
    {
        /// <summary>What is not served is counted under no name: clients could make up any number of those.</summary>
        public static Labels Of(string method, RequestInfo? served, string query, bool isApply)
        {
            var plain = method is "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS" ? method == "HEAD" ? "GET" : method : "other";
            if (served is not { IsResourceRequest: true } info) return new(plain, "", "", "", "", "", false);
            return new(Verbs(info, plain, isApply), info.ApiGroup, info.ApiVersion, info.Resource, info.Subresource, ScopeOf(info), query.Contains("dryRun=All", StringComparison.Ordinal));
        }

        private static string Verbs(RequestInfo info, string plain, bool isApply) => info.Verb switch
        {
            _ when info.Subresource is "exec" or "attach" or "portforward" or "proxy" or "log" => "CONNECT",
            "get" => "GET",
            "list" => "LIST",
            "watch" => "WATCH",
            "create" => "POST",
            "update" => "PUT",
            "patch" => isApply ? "APPLY" : "PATCH",
            "delete" => "DELETE",
            "deletecollection" => "DELETECOLLECTION",
            _ => plain,
        };

        private static string ScopeOf(RequestInfo info) => info.Name.Length > 0 || info.Verb == "create" ? "resource" : info.Namespace.Length > 0 ? "namespace" : "cluster";

        public string Text => $"group=\"{Group}\",resource=\"{Resource}\",scope=\"{Scope}\",subresource=\"{Subresource}\",verb=\"{Verb}\",version=\"{Version}\"";
        public string WithDryRun => $"dry_run=\"{(DryRun ? "All" : "")}\",{Text}";
    }

    private sealed class Series
    {
        public readonly SortedDictionary<int, long> ByCode = [];
        public readonly long[] Buckets = new long[BucketsSeconds.Length];
        public long Timed;
        public double SumSeconds;
    }

    public int OpenWatches => Volatile.Read(ref _openWatches);

    /// <summary>Counts a watch as open until what is returned is called.</summary>
    public Action WatchOpened(RequestInfo info)
    {
        var labels = Labels.Of("GET", info, "", false);
        Interlocked.Increment(ref _openWatches);
        lock (_lock) _watches[labels] = _watches.GetValueOrDefault(labels) + 1;
        return () =>
        {
            Interlocked.Decrement(ref _openWatches);
            lock (_lock) _watches[labels]--;
        };
    }

    /// <summary>A request that does not last has come in.</summary>
    public void Entered(bool writes) => Interlocked.Increment(ref writes ? ref _writing : ref _reading);

    public void Left(bool writes) => Interlocked.Decrement(ref writes ? ref _writing : ref _reading);

    /// <summary>Counts an answer.</summary>
    /// <param name="served">What was asked, if that is served.</param>
    /// <param name="terminatedBy">Which part gave the request up before it was answered; empty for none.</param>
    public void Count(ApiRequest request, RequestInfo? served, int status, TimeSpan elapsed, string terminatedBy)
    {
        var isApply = served is { Verb: "patch" } && request.Header("Content-Type")?.StartsWith("application/apply-patch", StringComparison.Ordinal) == true;
        var labels = Labels.Of(request.Method, status == 404 && served is { IsResourceRequest: true, Subresource.Length: > 0 } ? null : served, request.Query, isApply);
        lock (_lock)
        {
            if (!_series.TryGetValue(labels, out var series)) _series[labels] = series = new Series();
            series.ByCode[status] = series.ByCode.GetValueOrDefault(status) + 1;
            if (terminatedBy.Length > 0)
            {
                var key = (labels, terminatedBy, status);
                _terminations[key] = _terminations.GetValueOrDefault(key) + 1;
            }
            if (served is { IsLongRunning: true }) return;
            series.Timed++;
            series.SumSeconds += elapsed.TotalSeconds;
            for (var i = 0; i < BucketsSeconds.Length; i++)
                if (elapsed.TotalSeconds <= BucketsSeconds[i]) series.Buckets[i]++;
        }
    }

    public string Render()
    {
        var text = new StringBuilder(16 * 1024);
        Head(text, "apiserver_current_inflight_requests", "gauge", "Requests that are being worked on, those that last apart.");
        text.Append(CultureInfo.InvariantCulture, $"apiserver_current_inflight_requests{{request_kind=\"mutating\"}} {Volatile.Read(ref _writing)}\n");
        text.Append(CultureInfo.InvariantCulture, $"apiserver_current_inflight_requests{{request_kind=\"readOnly\"}} {Volatile.Read(ref _reading)}\n");
        lock (_lock)
        {
            var all = _series.OrderBy(s => s.Key.WithDryRun, StringComparer.Ordinal).ToList();
            Head(text, "apiserver_request_total", "counter", "Requests answered, by verb, resource and response code.");
            foreach (var (labels, series) in all)
                foreach (var (code, count) in series.ByCode)
                    text.Append(CultureInfo.InvariantCulture, $"apiserver_request_total{{code=\"{code}\",component=\"apiserver\",{labels.WithDryRun}}} {count}\n");
            Head(text, "apiserver_request_duration_seconds", "histogram", "Time to answer, long-running requests left out.");
            foreach (var (labels, series) in all.Where(s => s.Value.Timed > 0)) Histogram(text, "apiserver_request_duration_seconds", labels.WithDryRun, series, 0);
            Head(text, "apiserver_request_sli_duration_seconds", "histogram", "The same without a dry run's label, as objectives are measured by.");
            foreach (var (labels, series) in all.Where(s => s.Value.Timed > 0 && !s.Key.DryRun)) Histogram(text, "apiserver_request_sli_duration_seconds", labels.Text, series, 0.05);
            Head(text, "apiserver_request_terminations_total", "counter", "Requests that were given up or sent away before they were answered.");
            foreach (var ((labels, component, code), count) in _terminations)
                text.Append(CultureInfo.InvariantCulture, $"apiserver_request_terminations_total{{code=\"{code}\",component=\"{component}\",{labels.Text}}} {count}\n");
            Head(text, "apiserver_longrunning_requests", "gauge", "Watches that are open.");
            foreach (var (labels, open) in _watches.OrderBy(w => w.Key.Text, StringComparer.Ordinal))
                text.Append(CultureInfo.InvariantCulture, $"apiserver_longrunning_requests{{component=\"apiserver\",{labels.Text}}} {open}\n");
        }
        return text.ToString();
    }

    private static void Head(StringBuilder text, string name, string type, string help) => text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");

    private static void Histogram(StringBuilder text, string name, string labels, Series series, double from)
    {
        for (var i = 0; i < BucketsSeconds.Length; i++)
            if (BucketsSeconds[i] >= from) text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{component=\"apiserver\",{labels},le=\"{BucketsSeconds[i]}\"}} {series.Buckets[i]}\n");
        text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{component=\"apiserver\",{labels},le=\"+Inf\"}} {series.Timed}\n");
        text.Append(CultureInfo.InvariantCulture, $"{name}_sum{{component=\"apiserver\",{labels}}} {series.SumSeconds}\n");
        text.Append(CultureInfo.InvariantCulture, $"{name}_count{{component=\"apiserver\",{labels}}} {series.Timed}\n");
    }
}
