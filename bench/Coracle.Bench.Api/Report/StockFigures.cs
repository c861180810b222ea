namespace Coracle.Bench.Report;

/// <summary>
/// What a stock kube-apiserver 1.36 with etcd 3.5 did on two cores, load generator included, with pods of 2 KB over HTTPS: what each line is compared with.
/// </summary>
internal static class StockFigures
{
    /// <param name="Text">As it is printed.</param>
    /// <param name="Ratio">How many times better than it a measurement is.</param>
    internal sealed record Comparison(string Text, double Ratio);

    public static Comparison? For(Measurement m) => (m.Run, m.Workers) switch
    {
        ("start", _) => Shorter("3.0 s", 3.0, m.Elapsed.TotalSeconds),
        ("idle", _) when m.ServerResidentMb is { } mb => Shorter("513 MB", 513, mb),
        ("create", 1) => new("313/s", m.PerSecond / 313),
        ("create", 64) => new("880/s", m.PerSecond / 880),
        ("get", 1) => new("664/s", m.PerSecond / 664),
        ("get", 64) => new("2340/s", m.PerSecond / 2340),
        ("list", 1) => new("10000 in 500 ms", m.PerSecond / 20_000),
        ("list", 8) => new("122 MB/s", m.MegabytesPerSecond / 122),
        ("watch", 1000) => new("46000/s, p99 6.4 s", m.PerSecond / 46_000),
        ("pods", 1000) => Shorter("3.2-49.6 s", 3.2, m.Elapsed.TotalSeconds),
        _ => null,
    };

    private static Comparison? Shorter(string text, double stock, double ours) => ours > 0 ? new(text, stock / ours) : null;
}
