using System.Diagnostics;

namespace Coracle.Bench.Runs.Scale;

/// <summary>A stopwatch that also sees what the server uses.</summary>
internal sealed class Stopped
{
    private readonly Target _target;
    private readonly double? _cpu;

    public Stopped(Target target)
    {
        (_target, _cpu) = (target, target.Process.CpuSeconds());
        Began = Stopwatch.GetTimestamp();
    }

    public long Began { get; }

    /// <summary>What was measured, as of now.</summary>
    public Measurement Now(Measurement about, Histogram? times = null)
    {
        var elapsed = Stopwatch.GetElapsedTime(Began);
        return about with
        {
            Elapsed = elapsed, ServerCpuSeconds = _target.Process.CpuSeconds() - _cpu, ServerResidentMb = _target.Process.ResidentMb(),
            P50 = times is null ? default : Measurement.Ticks(times.Percentile(0.5)), P99 = times is null ? default : Measurement.Ticks(times.Percentile(0.99)), Max = times is null ? default : Measurement.Ticks(times.Max),
        };
    }
}
