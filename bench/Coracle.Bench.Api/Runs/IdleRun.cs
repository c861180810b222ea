namespace Coracle.Bench.Runs;

/// <summary>What the server uses while nobody asks anything of it.</summary>
internal static class IdleRun
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    // What thousands of nodes do when they have just come up takes a while to come to rest.
    private static readonly TimeSpan SettleOfNodes = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(30);

    public static async Task<Measurement> Measure(Target target, string run, CancellationToken cancel)
    {
        if (!target.Process.IsKnown) throw new BenchException("idle: the server's process is not found on this machine; name it with --pid");
        await Task.Delay(run == "rest" ? SettleOfNodes : Settle, cancel);
        var before = target.Process.CpuSeconds();
        await Task.Delay(Watched, cancel);
        return new Measurement { Run = run, Elapsed = Watched, ServerCpuSeconds = target.Process.CpuSeconds() - before, ServerResidentMb = target.Process.ResidentMb() };
    }
}
