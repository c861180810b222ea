using System.Diagnostics;

namespace Coracle.Bench;

/// <summary>One line of the result.</summary>
public sealed record Measurement
{
    /// <summary>"create", "get"... and for how many at once; 0 where that means nothing.</summary>
    public required string Run { get; init; }
    public int Workers { get; init; }

    /// <summary>"writers", "readers", "watchers".</summary>
    public string WorkersAre { get; init; } = "";

    /// <summary>What is counted, a second: "objects", "events". "" for a run that is one duration.</summary>
    public string Unit { get; init; } = "";
    public long Count { get; init; }
    public long Bytes { get; init; }
    public long Errors { get; init; }
    public string FirstError { get; init; } = "";
    public TimeSpan Elapsed { get; init; }
    public TimeSpan P50 { get; init; }
    public TimeSpan P99 { get; init; }
    public TimeSpan Max { get; init; }

    /// <summary>Of the server's processes, during the run and at its end; null where they cannot be seen.</summary>
    public double? ServerCpuSeconds { get; init; }
    public double? ServerResidentMb { get; init; }

    public double PerSecond => Elapsed > TimeSpan.Zero ? Count / Elapsed.TotalSeconds : 0;
    public double MegabytesPerSecond => Elapsed > TimeSpan.Zero ? Bytes / 1e6 / Elapsed.TotalSeconds : 0;
    public string Name => Workers == 0 ? Run : $"{Run}, {Workers} {WorkersAre}";

    internal static TimeSpan Ticks(long stopwatchTicks) => Stopwatch.GetElapsedTime(0, stopwatchTicks);
}
