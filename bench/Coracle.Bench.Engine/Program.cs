// What a request costs in the engine alone: no socket, no disk, no controllers; one request after the other on one thread.
// Usage: Coracle.Bench.Engine [--rounds 20] [--count 2000] [--only create]
// Time is that of the best round (machines are shared), allocation that of the last.
using Coracle.Bench.Engine;

var rounds = Option("--rounds") is { } r ? int.Parse(r, System.Globalization.CultureInfo.InvariantCulture) : 20;
var most = Option("--count") is { } c ? int.Parse(c, System.Globalization.CultureInfo.InvariantCulture) : 2000;
var only = Option("--only") ?? "";

await using var engine = await Engine.StartAsync();
Console.WriteLine($"{"",-34}{"us",10}{"bytes allocated",20}");
foreach (var (name, run, undo) in Requests.All(engine).Concat(Parts.All(engine)))
{
    if (!name.Contains(only, StringComparison.Ordinal)) continue;
    var (best, allocated) = (double.MaxValue, 0.0);
    var count = name.StartsWith("list", StringComparison.Ordinal) ? most / 100 : most;
    for (var round = 0; round < rounds; round++)
    {
        var (before, started) = (GC.GetAllocatedBytesForCurrentThread(), System.Diagnostics.Stopwatch.GetTimestamp());
        for (var i = 0; i < count; i++) await run(round * count + i);
        best = Math.Min(best, System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMicroseconds / count);
        allocated = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / count;
        for (var i = 0; undo is not null && i < count; i++) await undo(round * count + i);
        await engine.Forget();
    }
    Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name,-34}{best,10:0.0}{allocated,20:N0}"));
}

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
