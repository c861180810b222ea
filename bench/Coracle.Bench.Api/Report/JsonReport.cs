using System.Text;
using System.Text.Json;

namespace Coracle.Bench.Report;

/// <summary>The result for other programs: units are in the names.</summary>
public static class JsonReport
{
    public static string Render(IReadOnlyList<Measurement> measured)
    {
        var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("measurements"u8);
            foreach (var m in measured) Write(writer, m);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, Measurement m)
    {
        writer.WriteStartObject();
        writer.WriteString("run"u8, m.Run);
        if (m.Workers > 0) writer.WriteNumber("workers"u8, m.Workers);
        writer.WriteNumber("seconds"u8, Rounded(m.Elapsed.TotalSeconds));
        if (m.Unit.Length > 0)
        {
            writer.WriteString("unit"u8, m.Unit);
            writer.WriteNumber("count"u8, m.Count);
            writer.WriteNumber("perSecond"u8, Rounded(m.PerSecond));
            writer.WriteNumber("bytes"u8, m.Bytes);
            writer.WriteNumber("errors"u8, m.Errors);
            if (m.FirstError.Length > 0) writer.WriteString("firstError"u8, m.FirstError);
        }
        if (m.P50 > TimeSpan.Zero)
        {
            writer.WriteNumber("p50Milliseconds"u8, Rounded(m.P50.TotalMilliseconds));
            writer.WriteNumber("p99Milliseconds"u8, Rounded(m.P99.TotalMilliseconds));
            writer.WriteNumber("maxMilliseconds"u8, Rounded(m.Max.TotalMilliseconds));
        }
        if (m.ServerCpuSeconds is { } cpu) writer.WriteNumber("serverCpuSeconds"u8, Rounded(cpu));
        if (m.ServerResidentMb is { } resident) writer.WriteNumber("serverResidentMegabytes"u8, Rounded(resident));
        if (StockFigures.For(m) is { } stock)
        {
            writer.WriteString("stock"u8, stock.Text);
            writer.WriteNumber("timesBetterThanStock"u8, Rounded(stock.Ratio));
        }
        writer.WriteEndObject();
    }

    private static double Rounded(double value) => double.IsFinite(value) ? Math.Round(value, 3) : 0;
}
