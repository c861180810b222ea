using System.Diagnostics;

namespace Coracle.Bench.Store;

/// <summary>How long each operation took, in stopwatch ticks, and the whole run.</summary>
internal sealed record Measured(List<long> Ticks, TimeSpan Elapsed);

internal static class Report
{
    public static void Print(string name, Measured measured)
    {
        var ticks = measured.Ticks;
        ticks.Sort();
        Console.WriteLine($"{name,-28}{ticks.Count / measured.Elapsed.TotalSeconds,10:F0}{At(0.5),10:F0}{At(0.99),10:F0}{At(0.999),10:F0}");
        double At(double q) => ticks.Count == 0 ? 0 : ticks[(int)((ticks.Count - 1) * q)] * 1e6 / Stopwatch.Frequency;
    }
}
