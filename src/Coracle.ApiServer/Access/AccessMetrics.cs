using System.Globalization;
using System.Text;

namespace Coracle.ApiServer.Access;

/// <summary>What is counted of credentials, decisions and configurations, under upstream's names, in the Prometheus text format.</summary>
public sealed class AccessMetrics(TimeProvider clock)
{
    private static readonly double[] BucketsSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, SortedDictionary<string, double>> _values = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (long[] Buckets, long Count, double Sum)> _durations = new(StringComparer.Ordinal);

    /// <summary>A configuration file was read again. <paramref name="which"/>: "authentication", "authorization" or "encryption".</summary>
    public void Reloaded(string which, bool succeeded)
    {
        var (prefix, status) = ($"apiserver_{which}_config_controller", succeeded ? "success" : "failure");
        Add($"{prefix}_automatic_reloads_total", $"status=\"{status}\"");
        Set($"{prefix}_automatic_reload_last_timestamp_seconds", $"status=\"{status}\"", clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
    }

    internal void WebhookAsked(string name, string result, TimeSpan elapsed)
    {
        Add("apiserver_authorization_webhook_evaluations_total", $"name=\"{name}\",result=\"{result}\"");
        lock (_lock)
        {
            var labels = $"name=\"{name}\",result=\"{result}\"";
            var (buckets, count, sum) = _durations.TryGetValue(labels, out var known) ? known : (new long[BucketsSeconds.Length], 0, 0);
            for (var i = 0; i < BucketsSeconds.Length; i++)
                if (elapsed.TotalSeconds <= BucketsSeconds[i]) buckets[i]++;
            _durations[labels] = (buckets, count + 1, sum + elapsed.TotalSeconds);
        }
    }

    internal void WebhookFailedOpen(string name, string result) => Add("apiserver_authorization_webhook_evaluations_fail_open_total", $"name=\"{name}\",result=\"{result}\"");

    public void KeysFetched(string issuer, bool came)
    {
        var hash = "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(issuer)));
        Set("apiserver_authentication_jwt_authenticator_jwks_fetch_last_timestamp_seconds", $"jwt_issuer_hash=\"{hash}\",result=\"{(came ? "success" : "failure")}\"",
            clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
    }

    private void Add(string name, string labels)
    {
        lock (_lock)
        {
            var series = Series(name);
            series[labels] = series.GetValueOrDefault(labels) + 1;
        }
    }

    private void Set(string name, string labels, double value)
    {
        lock (_lock) Series(name)[labels] = value;
    }

    private SortedDictionary<string, double> Series(string name) => _values.TryGetValue(name, out var known) ? known : _values[name] = new(StringComparer.Ordinal);

    /// <param name="authorizers">Those who are asked at this moment.</param>
    public string Render(IReadOnlyList<NamedAuthorizer> authorizers)
    {
        var text = new StringBuilder("# TYPE apiserver_authorization_decisions_total counter\n");
        foreach (var one in authorizers)
        {
            var (allowed, denied) = one.Decisions;
            var who = $"name=\"{one.Name}\",type=\"{one.Type}\"";
            text.Append(CultureInfo.InvariantCulture, $"apiserver_authorization_decisions_total{{decision=\"allowed\",{who}}} {allowed}\n");
            text.Append(CultureInfo.InvariantCulture, $"apiserver_authorization_decisions_total{{decision=\"denied\",{who}}} {denied}\n");
        }
        lock (_lock)
        {
            foreach (var (name, series) in _values)
            {
                text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {(name.EndsWith("_total", StringComparison.Ordinal) ? "counter" : "gauge")}\n");
                foreach (var (labels, value) in series) text.Append(CultureInfo.InvariantCulture, $"{name}{{{labels}}} {value}\n");
            }
            if (_durations.Count == 0) return text.ToString();
            const string duration = "apiserver_authorization_webhook_duration_seconds";
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {duration} histogram\n");
            foreach (var (labels, (buckets, count, sum)) in _durations)
            {
                for (var i = 0; i < buckets.Length; i++) text.Append(CultureInfo.InvariantCulture, $"{duration}_bucket{{{labels},le=\"{BucketsSeconds[i]}\"}} {buckets[i]}\n");
                text.Append(CultureInfo.InvariantCulture, $"{duration}_bucket{{{labels},le=\"+Inf\"}} {count}\n{duration}_sum{{{labels}}} {sum}\n{duration}_count{{{labels}}} {count}\n");
            }
        }
        return text.ToString();
    }
}
