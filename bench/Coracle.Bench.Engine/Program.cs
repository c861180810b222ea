// What a request costs in the engine alone: no socket, no disk, no controllers; one request after the other on one thread.
// Usage: Coracle.Bench.Engine [--rounds 20] [--count 2000] [--only create]
//        Coracle.Bench.Engine --compare [--rounds 20] [--count 500] [--only update]   a custom resource against a built-in kind with the same fields and checks
//        Coracle.Bench.Engine --definitions 500                                      what definitions add to the memory
// Time is that of the best round (machines are shared), allocation that of the last.
using System.Globalization;
using Coracle.Bench.Engine;

var rounds = Number("--rounds") ?? 20;
var only = Option("--only") ?? "";
if (Number("--definitions") is { } definitions)
{
    await Footprint.Measure(definitions);
    return;
}

await using var engine = await Engine.StartAsync();
if (args.Contains("--compare"))
{
    await Comparison.PrepareAsync(engine);
    Console.WriteLine($"{"",-28}{"built-in us",14}{"bytes",12}{"custom us",14}{"bytes",12}{"time",10}{"bytes",10}");
    foreach (var (name, builtIn, custom) in Comparison.All(engine))
    {
        if (!name.Contains(only, StringComparison.Ordinal)) continue;
        var ((time, bytes), (customTime, customBytes)) = await Sides(builtIn, custom, Number("--count") ?? 500);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-28}{time,14:0.0}{bytes,12:N0}{customTime,14:0.0}{customBytes,12:N0}{customTime / time,9:0.00}x{customBytes / bytes,9:0.00}x"));
    }
    return;
}

Console.WriteLine($"{"",-34}{"us",10}{"bytes allocated",20}");
foreach (var measured in Requests.All(engine).Concat(Parts.All(engine)))
{
    if (!measured.Name.Contains(only, StringComparison.Ordinal)) continue;
    var most = Number("--count") ?? 2000;
    var count = measured.Name.StartsWith("list", StringComparison.Ordinal) ? most / 100 : most;
    var (best, allocated) = (double.MaxValue, 0.0);
    for (var round = 0; round < rounds; round++)
    {
        (var time, allocated) = await Round(measured, round, count);
        best = Math.Min(best, time);
    }
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{measured.Name,-34}{best,10:0.0}{allocated,20:N0}"));
}

// In turns, so that both have the same of what else happens on the machine.
async Task<((double, double), (double, double))> Sides(Measured one, Measured other, int count)
{
    var (first, second) = ((double.MaxValue, 0.0), (double.MaxValue, 0.0));
    for (var round = 0; round < rounds; round++)
    {
        var (a, b) = (await Round(one, round, count), await Round(other, round, count));
        first = (Math.Min(first.Item1, a.Item1), a.Item2);
        second = (Math.Min(second.Item1, b.Item1), b.Item2);
    }
    return (first, second);
}

async Task<(double, double)> Round(Measured measured, int round, int count)
{
    // What is undone is done again in each round with the same bodies.
    int At(int i) => measured.Undo is null ? round * count + i : i;
    var (before, started) = (GC.GetAllocatedBytesForCurrentThread(), System.Diagnostics.Stopwatch.GetTimestamp());
    for (var i = 0; i < count; i++) await measured.Run(At(i));
    var time = System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMicroseconds / count;
    var allocated = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / count;
    for (var i = 0; measured.Undo is not null && i < count; i++) await measured.Undo(At(i));
    await engine.Forget();
    return (time, allocated);
}

int? Number(string name) => Option(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
