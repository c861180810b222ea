using System.Diagnostics;
using System.Globalization;
using System.Text;
using Coracle.Bench.Http;

namespace Coracle.Bench.Runs.Scale;

/// <summary>Pods are created as fast as the server takes them; the rate is until the last has its node, a pod's time from its request to the event that shows its node.</summary>
internal static class ScheduleRun
{
    private const string Affinity =
        """
        "affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"topology.kubernetes.io/zone","labelSelector":{"matchLabels":{"app":"bench"} } }] } },
        """;

    public static async Task<Measurement> Measure(Target target, bool withAffinity, CancellationToken cancel)
    {
        var name = withAffinity ? "affinity" : "schedule";
        await NodesRun.EnsureAsync(target, cancel);
        var ns = await target.Namespaces.AddAsync(name, cancel);
        var count = target.Options.Scale.Scheduled;
        var (sent, times) = (new long[count], new Histogram());
        await using var watch = await EventLines.OpenAsync(target, $"{Target.Pods(ns)}?watch=true&fieldSelector=spec.nodeName%21%3D", cancel);
        var stopped = new Stopped(target);
        var bound = Bound(watch, sent, times, cancel);
        await Filling.CreateAsync(target, count, i => target.Requests.WithBody("POST", Target.Pods(ns), Pod(i, withAffinity)), sent, cancel);
        target.Options.Progress($"{name}: all created after {Stopwatch.GetElapsedTime(stopped.Began).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s");
        await bound;
        var measured = stopped.Now(new Measurement { Run = name, Workers = count, WorkersAre = $"pods", Unit = "pods", Count = count }, times);
        await target.Namespaces.LeaveAsync(ns, cancel);
        return measured;
    }

    private static Task Bound(HttpConnection watch, long[] sent, Histogram times, CancellationToken cancel)
    {
        var seen = new bool[sent.Length];
        var marker = Encoding.UTF8.GetBytes("\"name\":\"p-");
        return EventLines.UntilAsync(watch, line =>
        {
            var at = line.Span.IndexOf(marker);
            if (at < 0 || !System.Buffers.Text.Utf8Parser.TryParse(line.Span[(at + marker.Length)..], out int index, out _) || seen[index]) return false;
            seen[index] = true;
            times.Record(Stopwatch.GetTimestamp() - Volatile.Read(ref sent[index]));
            return times.Count == sent.Length;
        }, cancel);
    }

    private static byte[] Pod(int index, bool withAffinity) => Encoding.UTF8.GetBytes(
        $$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{Target.PodName(index)}}","labels":{"app":"bench"} },"spec":{{{(withAffinity ? Affinity : "")}}"containers":[{"name":"main","image":"registry.k8s.io/pause:3.10","resources":{"requests":{"cpu":"100m","memory":"500Mi"} } }] } }
        """);
}
