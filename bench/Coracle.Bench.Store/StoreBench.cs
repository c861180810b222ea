using System.Diagnostics;
using Coracle.Store;

namespace Coracle.Bench.Store;

/// <summary>Callers that each update keys of their own, one write after the other, each expecting the revision of its last.</summary>
internal static class StoreBench
{
    public static async Task<Measured> Run(BenchOptions options, int callers, bool ephemeral)
    {
        await using var store = SqliteStore.Open(new() { Directory = options.Fresh() });
        return await Measure(store, options, callers, ephemeral);
    }

    public static async Task<Measured> RunMemory(BenchOptions options)
    {
        await using var store = new MemoryStore();
        return await Measure(store, options, 1, ephemeral: false);
    }

    private static async Task<Measured> Measure(IStore store, BenchOptions options, int callers, bool ephemeral)
    {
        using var compacting = new CancellationTokenSource();
        var compaction = CompactEverySecond(store, compacting.Token);
        var watch = Stopwatch.StartNew();
        var runs = Enumerable.Range(0, callers)
            .Select(c => Task.Run(() => Caller(store, options, $"/bench/{c}/", Math.Max(1, options.Keys / callers), ephemeral, watch)));
        var ticks = (await Task.WhenAll(runs)).SelectMany(t => t).ToList();
        var elapsed = watch.Elapsed;
        await compacting.CancelAsync();
        await compaction;
        return new(ticks, elapsed);
    }

    private static async Task<List<long>> Caller(IStore store, BenchOptions options, string prefix, int keys, bool ephemeral, Stopwatch watch)
    {
        var value = new StoredBytes(new byte[options.Bytes]);
        var names = Enumerable.Range(0, keys).Select(k => $"{prefix}{k}").ToArray();
        var revisions = new long[keys];
        var ticks = new List<long>();
        for (var k = 0; watch.Elapsed.TotalSeconds < options.Seconds; k = (k + 1) % keys)
        {
            var start = Stopwatch.GetTimestamp();
            var result = await store.WriteAsync(new(names[k], revisions[k], value, ephemeral));
            ticks.Add(Stopwatch.GetTimestamp() - start);
            if (result.Outcome != WriteOutcome.Committed)
                throw new InvalidOperationException($"{result}");
            revisions[k] = result.Revision;
        }

        return ticks;
    }

    /// <summary>Harder than life, where it is every five minutes.</summary>
    private static async Task CompactEverySecond(IStore store, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
                await store.CompactAsync(Math.Max(store.CompactedRevision, store.Revision - 10_000), stop);
        }
        catch (OperationCanceledException)
        {
        }
    }
}
