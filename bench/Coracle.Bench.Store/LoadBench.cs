using System.Diagnostics;
using Coracle.Store;

namespace Coracle.Bench.Store;

/// <summary>How long it takes to open a store of many keys, and to start one in memory.</summary>
internal static class LoadBench
{
    public static async Task Run(BenchOptions options)
    {
        var directory = options.Fresh();
        await using (var store = SqliteStore.Open(new() { Directory = directory }))
        {
            var value = new StoredBytes(new byte[options.Bytes]);
            for (var round = 0; round < 2; round++)
                await Task.WhenAll(Enumerable.Range(0, 50_000).Select(i => store.WriteAsync(new($"/load/{i}", null, value)).AsTask()));
        }

        var watch = Stopwatch.StartNew();
        await using (var store = SqliteStore.Open(new() { Directory = directory }))
            Console.WriteLine($"opening a store of {store.Load().Count} keys and as many old rows: {watch.ElapsedMilliseconds} ms");

        watch.Restart();
        for (var i = 0; i < 1000; i++)
            _ = new MemoryStore();
        Console.WriteLine($"starting a store in memory: {watch.Elapsed.TotalMicroseconds / 1000:F1} us");
    }
}
