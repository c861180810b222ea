using System.Globalization;
using System.Text;

namespace Coracle.Bench.Report;

/// <summary>The result as a table: the first column to the left, the others to the right.</summary>
public static class Table
{
    private static readonly string[] Heads = ["", "rate", "p50", "p99", "MB/s", "server CPU", "server RSS", "stock", "ratio"];

    public static string Render(IReadOnlyList<Measurement> measured)
    {
        var rows = new List<string[]> { Heads };
        rows.AddRange(measured.Select(Row));
        var widths = Enumerable.Range(0, Heads.Length).Select(c => rows.Max(r => r[c].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            for (var c = 0; c < row.Length; c++) text.Append(c == 0 ? row[c].PadRight(widths[c]) : "  " + row[c].PadLeft(widths[c]));
            while (text.Length > 0 && text[^1] == ' ') text.Length--;
            text.Append('\n');
        }
        foreach (var m in measured.Where(m => m.Errors > 0)) text.Append(CultureInfo.InvariantCulture, $"{m.Name}: {m.Errors} failed, the first: {m.FirstError}\n");
        return text.ToString();
    }

    private static string[] Row(Measurement m)
    {
        var stock = StockFigures.For(m);
        var single = m.Unit.Length == 0 || IsWhole(m);
        return
        [
            m.Name,
            IsRest(m) ? "" : single ? Time(m.Elapsed) : Text(m.PerSecond, "0") + "/s",
            m.P50 > TimeSpan.Zero ? Time(m.P50) : "",
            m.P99 > TimeSpan.Zero ? Time(m.P99) : "",
            m.Bytes > 0 ? Text(m.MegabytesPerSecond, m.MegabytesPerSecond < 10 ? "0.0" : "0") : "",
            Cpu(m),
            m.ServerResidentMb is { } mb ? Text(mb, "0") + " MB" : "",
            stock?.Text ?? "",
            stock is null ? "" : Text(stock.Ratio, stock.Ratio < 10 ? "0.0" : "0") + " x",
        ];
    }

    private static bool IsRest(Measurement m) => m.Run is "idle" or "rest";

    // Those of which the time counts in which all of it was done.
    private static bool IsWhole(Measurement m) => m.Run is "pods" or "nodes" or "services" or "deployment" or "jobs" or "namespace";

    // At rest what counts is the share of a core.
    private static string Cpu(Measurement m) =>
        m.ServerCpuSeconds is not { } seconds ? "" : IsRest(m) ? Text(100 * seconds / m.Elapsed.TotalSeconds, "0.00") + " %" : Text(seconds, "0.0") + " s";

    private static string Time(TimeSpan time) => time.TotalMilliseconds switch
    {
        < 10 => Text(time.TotalMilliseconds, "0.00") + " ms",
        < 1000 => Text(time.TotalMilliseconds, "0") + " ms",
        _ => Text(time.TotalSeconds, "0.00") + " s",
    };

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
