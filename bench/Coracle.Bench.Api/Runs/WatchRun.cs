using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Coracle.Bench.Http;

namespace Coracle.Bench.Runs;

/// <summary>
/// Many watchers of one namespace, each over a connection of its own, while pods in it change at a steady rate. The time of an event is from the moment
/// before its update was sent to the moment at which a watcher has read it.
/// </summary>
internal static class WatchRun
{
    private const int Updaters = 64;
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(30);

    /// <summary>1. Pods and watchers. 2. Updates at their times. 3. What is still on its way. 4. The sum.</summary>
    public static async Task<Measurement> Measure(Target target, CancellationToken cancel)
    {
        var ns = await CreateRun.Filled(target, cancel);                                                      // 1
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var watchers = await Start(target, ns, stop.Token);
        var cpu = target.Process.CpuSeconds();
        var started = Stopwatch.GetTimestamp();
        var updates = await Update(target, ns, started, cancel);                                              // 2
        var wanted = updates.Count * watchers.Count;
        while (watchers.Sum(w => w.Events) < wanted && Stopwatch.GetElapsedTime(started) < target.Options.Each + DrainMax) await Task.Delay(5, cancel);   // 3
        var elapsed = Stopwatch.GetElapsedTime(started);
        var after = target.Process.CpuSeconds();
        var resident = target.Process.ResidentMb();
        await stop.CancelAsync();
        var times = new Histogram();                                                                          // 4
        foreach (var watcher in watchers)
        {
            await watcher.Ended;
            times.Add(watcher.Times);
        }
        var missing = wanted - times.Count;
        return new Measurement
        {
            Run = "watch", Workers = watchers.Count, WorkersAre = $"watchers, {updates.Count / target.Options.Each.TotalSeconds:0} updates/s", Unit = "events", Count = times.Count,
            Bytes = watchers.Sum(w => w.Bytes), Errors = updates.Errors + Math.Max(0, missing),
            FirstError = updates.FirstError.Length > 0 ? updates.FirstError : missing > 0 ? $"{missing} events did not come within {DrainMax.TotalSeconds:0} s" : "",
            Elapsed = elapsed, P50 = Measurement.Ticks(times.Percentile(0.5)), P99 = Measurement.Ticks(times.Percentile(0.99)), Max = Measurement.Ticks(times.Max),
            ServerCpuSeconds = after - cpu, ServerResidentMb = resident,
        };
    }

    private static async Task<List<Watcher>> Start(Target target, string ns, CancellationToken cancel)
    {
        await using var first = await HttpConnection.OpenAsync(target.Endpoint, cancel);
        var list = await first.ReadAsync(target.Requests.Get($"{Target.Pods(ns)}?limit=1"), cancel);
        using var parsed = JsonDocument.Parse(list);
        var revision = parsed.RootElement.GetProperty("metadata").GetProperty("resourceVersion").GetString();
        var request = target.Requests.Get($"{Target.Pods(ns)}?watch=true&resourceVersion={revision}");
        var watchers = new List<Watcher>();
        for (var i = 0; i < target.Options.Watchers; i++) watchers.Add(await Watcher.StartAsync(target, request, cancel));
        return watchers;
    }

    private sealed record Updates(long Count, long Errors, string FirstError);

    private static async Task<Updates> Update(Target target, string ns, long started, CancellationToken cancel)
    {
        var workers = await Load.Open(target, Updaters, cancel);
        long next = -1;
        async Task Work(Worker worker)
        {
            while (true)
            {
                var i = Interlocked.Increment(ref next);
                var due = TimeSpan.FromSeconds((double)i / target.Options.UpdatesPerSecond);
                if (due >= target.Options.Each || Stopwatch.GetElapsedTime(started) >= target.Options.Each) return;
                var wait = due - Stopwatch.GetElapsedTime(started);
                if (wait > TimeSpan.Zero) await Task.Delay(wait, cancel);
                var path = $"{Target.Pods(ns)}/{Target.PodName(i % target.Options.Objects)}";
                await worker.Send(target.Requests.WithBody("PATCH", path, PodText.Stamp(Stopwatch.GetTimestamp()), "application/merge-patch+json"), cancel);
            }
        }
        await Task.WhenAll(workers.Select(w => Task.Run(() => Work(w), cancel)));
        foreach (var worker in workers) await worker.Connection.DisposeAsync();
        return new(workers.Sum(w => w.Times.Count), workers.Sum(w => w.Errors), workers.Select(w => w.FirstError).FirstOrDefault(e => e.Length > 0) ?? "");
    }

    private sealed class Watcher
    {
        private readonly LineScan _lines = new(PodText.StampMarker);
        private long _events;

        public Histogram Times { get; } = new();
        public long Events => Volatile.Read(ref _events);
        public long Bytes { get; private set; }
        public Task Ended { get; private set; } = Task.CompletedTask;

        public static async Task<Watcher> StartAsync(Target target, ReadOnlyMemory<byte> request, CancellationToken cancel)
        {
            var connection = await HttpConnection.OpenAsync(target.Endpoint, cancel);
            await connection.SendAsync(request, cancel);
            if (connection.Status != 200) throw new BenchException($"watch: the server answered with {connection.Status.ToString(CultureInfo.InvariantCulture)}");
            var watcher = new Watcher();
            watcher.Ended = watcher.Read(connection, cancel);
            return watcher;
        }

        private async Task Read(HttpConnection connection, CancellationToken cancel)
        {
            try
            {
                while (await connection.NextAsync(cancel) is { IsEmpty: false } piece)
                {
                    Bytes += piece.Length;
                    _lines.Take(piece.Span, (Times, Now: Stopwatch.GetTimestamp()), static (state, sent) => state.Times.Record(state.Now - sent));
                    Volatile.Write(ref _events, Times.Count);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // The end of the measurement, or of the server: what is missing is counted.
            }
            await connection.DisposeAsync();
        }
    }
}
