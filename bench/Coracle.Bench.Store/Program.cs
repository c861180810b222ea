// Synced writes a second, and how long a caller waits, for several numbers of callers.
// Usage: Coracle.Bench.Store [--seconds 5] [--bytes 2048] [--callers 1,16,64] [--keys 5000] [--dir D]
// A plain file written and synced in the same minute is the baseline: what the disk can do says what the figures mean.
using Coracle.Bench.Store;

var options = BenchOptions.Parse(args);
Console.WriteLine($"values of {options.Bytes} bytes, {options.Keys} keys, {options.Seconds} s each");
Console.WriteLine($"{"",-28}{"ops/s",10}{"p50 us",10}{"p99 us",10}{"p99.9 us",10}");
Report.Print("file, append and sync", FileBaseline.Run(options));
foreach (var callers in options.Callers)
    Report.Print($"sqlite, {callers} callers", await StoreBench.Run(options, callers, ephemeral: false));
Report.Print("sqlite, 1 ephemeral", await StoreBench.Run(options, 1, ephemeral: true));
Report.Print("memory, 1 caller", await StoreBench.RunMemory(options));
await LoadBench.Run(options);
