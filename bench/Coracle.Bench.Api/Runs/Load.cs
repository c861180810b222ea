using System.Diagnostics;
using Coracle.Bench.Http;
using Coracle.Sdk;

namespace Coracle.Bench.Runs;

/// <summary>One of several that send requests at the same time, each over a connection of its own.</summary>
internal sealed class Worker(HttpConnection connection, int index)
{
    public HttpConnection Connection => connection;
    public int Index => index;
    public Random Random { get; } = new(index);
    public Histogram Times { get; } = new();
    public long Bytes { get; private set; }
    public long Errors { get; private set; }
    public string FirstError { get; private set; } = "";

    /// <summary>Sends a request and records how long its answer took; the body is dropped, but that of a refusal says why.</summary>
    public async ValueTask Send(ReadOnlyMemory<byte> request, CancellationToken cancel)
    {
        var sent = Stopwatch.GetTimestamp();
        await connection.SendAsync(request, cancel);
        long length = 0;
        while (await connection.NextAsync(cancel) is { IsEmpty: false } piece)
        {
            if (length == 0 && connection.Status >= 300 && FirstError.Length == 0) FirstError = ApiStatus.Parse(connection.Status, piece.Span).Message;
            length += piece.Length;
        }
        if (connection.Status >= 300)
        {
            Errors++;
            return;
        }
        Bytes += length;
        Times.Record(Stopwatch.GetTimestamp() - sent);
    }
}

/// <summary>Closed-loop load: so many workers, each sending its next request when the last one is answered.</summary>
internal static class Load
{
    /// <summary>Until <paramref name="most"/> requests have been sent, or the time of one measurement is over.</summary>
    public static async Task<Measurement> MeasureAsync(Target target, Measurement about, long most, Func<Worker, long, ValueTask> send, CancellationToken cancel)
    {
        var workers = await Open(target, about.Workers, cancel);
        try
        {
            long next = -1;
            var cpu = target.Process.CpuSeconds();
            var started = Stopwatch.GetTimestamp();
            async Task Work(Worker worker)
            {
                while (Stopwatch.GetElapsedTime(started) < target.Options.Each && Interlocked.Increment(ref next) is var i && i < most) await send(worker, i);
            }
            await Task.WhenAll(workers.Select(w => Task.Run(() => Work(w), cancel)));
            return Sum(about, workers, Stopwatch.GetElapsedTime(started)) with
            {
                ServerCpuSeconds = target.Process.CpuSeconds() - cpu, ServerResidentMb = target.Process.ResidentMb(),
            };
        }
        finally
        {
            foreach (var worker in workers) await worker.Connection.DisposeAsync();
        }
    }

    public static async Task<List<Worker>> Open(Target target, int count, CancellationToken cancel)
    {
        var workers = new List<Worker>(count);
        for (var i = 0; i < count; i++) workers.Add(new(await HttpConnection.OpenAsync(target.Endpoint, cancel), i));
        return workers;
    }

    private static Measurement Sum(Measurement about, List<Worker> workers, TimeSpan elapsed)
    {
        var times = new Histogram();
        foreach (var worker in workers) times.Add(worker.Times);
        return about with
        {
            Count = times.Count, Bytes = workers.Sum(w => w.Bytes), Errors = workers.Sum(w => w.Errors),
            FirstError = workers.Select(w => w.FirstError).FirstOrDefault(e => e.Length > 0) ?? "", Elapsed = elapsed,
            P50 = Measurement.Ticks(times.Percentile(0.5)), P99 = Measurement.Ticks(times.Percentile(0.99)), Max = Measurement.Ticks(times.Max),
        };
    }
}
