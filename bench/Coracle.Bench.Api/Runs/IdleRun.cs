namespace Coracle.Bench.Runs;

/// <summary>What the server uses while nobody asks anything of it.</summary>
internal static class IdleRun
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(30);

    public static async Task<Measurement> Measure(Target target, CancellationToken cancel)
    {
        if (!target.Process.IsKnown) throw new BenchException("idle: the server's process is not found on this machine; name it with --pid");
        await Task.Delay(Settle, cancel);
        var before = target.Process.CpuSeconds();
        await Task.Delay(Watched, cancel);
        return new Measurement { Run = "idle", Elapsed = Watched, ServerCpuSeconds = target.Process.CpuSeconds() - before, ServerResidentMb = target.Process.ResidentMb() };
    }
}
