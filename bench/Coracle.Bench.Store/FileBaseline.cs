using System.Diagnostics;

namespace Coracle.Bench.Store;

/// <summary>One writer appends a value to a file and syncs it.</summary>
internal static class FileBaseline
{
    public static Measured Run(BenchOptions options)
    {
        var value = new byte[options.Bytes];
        using var file = File.OpenHandle(Path.Combine(options.Fresh(), "baseline"), FileMode.Create, FileAccess.Write);
        var ticks = new List<long>();
        var watch = Stopwatch.StartNew();
        for (long at = 0; watch.Elapsed.TotalSeconds < options.Seconds; at += value.Length)
        {
            var start = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, value, at);
            RandomAccess.FlushToDisk(file);
            ticks.Add(Stopwatch.GetTimestamp() - start);
        }

        return new(ticks, watch.Elapsed);
    }
}
