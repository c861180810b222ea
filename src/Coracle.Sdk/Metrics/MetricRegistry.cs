using System.Globalization;
using System.Text;

namespace Coracle.Sdk;

/// <summary>Counts, gauges and histograms, told in Prometheus' text format. Asking twice for a name gives the same family.</summary>
public sealed class MetricRegistry
{
    private readonly Lock gate = new();
    private readonly List<Action> collectors = [];
    private readonly SortedDictionary<string, MetricFamily> families = new(StringComparer.Ordinal);

    /// <summary>A number that only grows.</summary>
    public MetricFamily Counter(string name, string help, params string[] labels) => Family(name, help, "counter", labels, []);
    /// <summary>A number that goes up and down.</summary>
    public MetricFamily Gauge(string name, string help, params string[] labels) => Family(name, help, "gauge", labels, []);
    /// <summary>How many observations were not above each of the buckets' limits.</summary>
    public MetricFamily Histogram(string name, string help, double[] buckets, params string[] labels) => Family(name, help, "histogram", labels, buckets);

    private MetricFamily Family(string name, string help, string type, string[] labels, double[] buckets)
    {
        lock (gate)
        {
            if (families.TryGetValue(name, out var known)) return known;
            return families[name] = new(name, help, type, labels, buckets);
        }
    }

    /// <summary>Runs something each time before the metrics are told: for levels that are measured, not counted. Dispose what is returned to end it.</summary>
    public IDisposable OnCollect(Action measure)
    {
        lock (gate) collectors.Add(measure);
        return new Collector(this, measure);
    }

    private sealed class Collector(MetricRegistry registry, Action measure) : IDisposable
    {
        public void Dispose()
        {
            lock (registry.gate) registry.collectors.Remove(measure);
        }
    }

    /// <summary>All families, as served at /metrics.</summary>
    public string ToText()
    {
        Action[] measures;
        lock (gate) measures = [.. collectors];
        foreach (var measure in measures) measure();
        MetricFamily[] all;
        lock (gate) all = [.. families.Values];
        var text = new StringBuilder();
        foreach (var family in all) family.WriteTo(text);
        return text.ToString();
    }
}

/// <summary>The metrics of one name, apart by their labels.</summary>
public sealed class MetricFamily
{
    private readonly Lock gate = new();
    private readonly string name;
    private readonly string help;
    private readonly string type;
    private readonly string[] labels;
    private readonly double[] buckets;
    private readonly SortedDictionary<string, Metric> metrics = new(StringComparer.Ordinal);

    internal MetricFamily(string name, string help, string type, string[] labels, double[] buckets) =>
        (this.name, this.help, this.type, this.labels, this.buckets) = (name, help, type, labels, buckets);

    /// <summary>The metric with these values, one for each of the family's labels.</summary>
    public Metric With(params string[] values)
    {
        if (values.Length != labels.Length) throw new ArgumentException($"{name} has {labels.Length} labels", nameof(values));
        var text = string.Join(",", labels.Zip(values, (l, v) => $"{l}=\"{Escape(v)}\""));
        lock (gate)
        {
            if (metrics.TryGetValue(text, out var known)) return known;
            return metrics[text] = new(buckets);
        }
    }

    internal void WriteTo(StringBuilder text)
    {
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        KeyValuePair<string, Metric>[] all;
        lock (gate) all = [.. metrics];
        foreach (var (labelText, metric) in all)
        {
            if (type == "histogram") WriteHistogram(text, labelText, metric);
            else Line(text, name, labelText, metric.Value);
        }
    }

    private void WriteHistogram(StringBuilder text, string labelText, Metric metric)
    {
        var (counts, count, sum) = metric.Read();
        var separator = labelText.Length == 0 ? "" : ",";
        var below = 0L;
        for (var i = 0; i < buckets.Length; i++)
        {
            below += counts[i];
            Line(text, name + "_bucket", $"{labelText}{separator}le=\"{Number(buckets[i])}\"", below);
        }
        Line(text, name + "_bucket", $"{labelText}{separator}le=\"+Inf\"", count);
        Line(text, name + "_sum", labelText, sum);
        Line(text, name + "_count", labelText, count);
    }

    private static void Line(StringBuilder text, string name, string labelText, double value)
    {
        text.Append(name);
        if (labelText.Length > 0) text.Append('{').Append(labelText).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}

/// <summary>One number, or one distribution.</summary>
public sealed class Metric
{
    private readonly Lock gate = new();
    private readonly double[] buckets;
    private readonly long[] counts;
    private long count;
    private double value;

    internal Metric(double[] buckets) => (this.buckets, counts) = (buckets, new long[buckets.Length]);

    /// <summary>The count or level; of a histogram the sum of what was observed.</summary>
    public double Value
    {
        get { lock (gate) return value; }
    }

    /// <summary>Of a histogram: how much was observed.</summary>
    public long Count
    {
        get { lock (gate) return count; }
    }

    /// <summary>Adds to a counter or a gauge.</summary>
    public void Add(double amount = 1)
    {
        lock (gate) value += amount;
    }

    /// <summary>Sets a gauge.</summary>
    public void Set(double level)
    {
        lock (gate) value = level;
    }

    /// <summary>Adds to a histogram.</summary>
    public void Observe(double observed)
    {
        lock (gate)
        {
            var at = Array.BinarySearch(buckets, observed);
            if (at < 0) at = ~at;
            if (at < counts.Length) counts[at]++;
            count++;
            value += observed;
        }
    }

    internal (long[] Counts, long Count, double Sum) Read()
    {
        lock (gate) return ([.. counts], count, value);
    }
}
