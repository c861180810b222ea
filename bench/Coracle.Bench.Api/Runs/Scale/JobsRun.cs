using System.Diagnostics;
using System.Globalization;
using System.Text;
using Coracle.Bench.Http;

namespace Coracle.Bench.Runs.Scale;

/// <summary>Jobs of one pod each that ends at once; the time is until every job has run and been collected. A job's own time is from its request to its end.</summary>
internal static class JobsRun
{
    public static async Task<Measurement> Measure(Target target, CancellationToken cancel)
    {
        var count = target.Options.Scale.Jobs;
        var ns = await target.Namespaces.AddAsync("jobs", cancel);
        var path = $"/apis/batch/v1/namespaces/{ns}/jobs";
        var (sent, times) = (new long[count], new Histogram());
        await using var watch = await EventLines.OpenAsync(target, $"{path}?watch=true", cancel);
        var stopped = new Stopped(target);
        var collected = Collected(target, watch, sent, times, stopped.Began, cancel);
        await Filling.CreateAsync(target, count, i => target.Requests.WithBody("POST", path, Job(i)), sent, cancel);
        target.Options.Progress($"jobs: all created after {Seconds(stopped.Began)} s");
        await collected;
        var measured = stopped.Now(new Measurement { Run = "jobs", Workers = count, WorkersAre = "run and collected", Unit = "jobs", Count = count }, times);
        await target.Namespaces.LeaveAsync(ns, cancel);
        return measured;
    }

    private static Task Collected(Target target, HttpConnection watch, long[] sent, Histogram times, long began, CancellationToken cancel)
    {
        var gone = new bool[sent.Length];
        var marker = Encoding.UTF8.GetBytes("\"name\":\"p-");
        var deleted = Encoding.UTF8.GetBytes("{\"type\":\"DELETED\"");
        return EventLines.UntilAsync(watch, line =>
        {
            var at = line.Span.IndexOf(marker);
            if (!line.Span.StartsWith(deleted) || at < 0 || !System.Buffers.Text.Utf8Parser.TryParse(line.Span[(at + marker.Length)..], out int index, out _) || gone[index]) return false;
            gone[index] = true;
            times.Record(Stopwatch.GetTimestamp() - Volatile.Read(ref sent[index]));
            if (times.Count % 5000 == 0) target.Options.Progress($"jobs: {times.Count} collected after {Seconds(began)} s");
            return times.Count == sent.Length;
        }, cancel);
    }

    private static string Seconds(long since) => Stopwatch.GetElapsedTime(since).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static byte[] Job(int index) => Encoding.UTF8.GetBytes(
        $$"""
        {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"{{Target.PodName(index)}}"},"spec":{"ttlSecondsAfterFinished":0,"template":{"metadata":{"annotations":{"coracle.dev/simulate-exit-after-seconds":"0"} },"spec":{"restartPolicy":"Never","containers":[{"name":"main","image":"registry.k8s.io/pause:3.10"}] } } } }
        """);
}
