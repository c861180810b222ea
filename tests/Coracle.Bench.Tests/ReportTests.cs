using System.Text.Json;
using Coracle.Bench.Report;

namespace Coracle.Bench.Tests;

public sealed class ReportTests
{
    private static readonly Measurement Create = new()
    {
        Run = "create", Workers = 64, WorkersAre = "writers", Unit = "objects", Count = 17_600, Bytes = 80_000_000, Elapsed = TimeSpan.FromSeconds(10),
        P50 = TimeSpan.FromMilliseconds(2.5), P99 = TimeSpan.FromMilliseconds(1250), ServerCpuSeconds = 12.34, ServerResidentMb = 210.6,
    };

    private static readonly Measurement Idle = new() { Run = "idle", Elapsed = TimeSpan.FromSeconds(30), ServerCpuSeconds = 0.15, ServerResidentMb = 100 };

    [Fact]
    public void The_table_aligns_and_compares_with_stock()
    {
        var lines = Table.Render([Create, Idle]).TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal(["create, 64 writers", "1760/s", "2.50 ms", "1.25 s", "8.0", "12.3 s", "211 MB", "880/s", "2.0 x"], lines[1].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Equal(["idle", "0.50 %", "100 MB", "513 MB", "5.1 x"], lines[2].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Equal(lines[1].Length, lines[0].Length);
        Assert.Equal(lines[1].Length, lines[2].Length);
    }

    [Fact]
    public void Failures_are_told_below_the_table() =>
        Assert.Contains("create, 64 writers: 3 failed, the first: no space\n", Table.Render([Create with { Errors = 3, FirstError = "no space" }]), StringComparison.Ordinal);

    [Fact]
    public void A_server_that_cannot_be_seen_leaves_its_columns_empty()
    {
        var line = Table.Render([Create with { ServerCpuSeconds = null, ServerResidentMb = null }]);
        Assert.DoesNotContain(" MB\n", line, StringComparison.Ordinal);
        Assert.DoesNotContain("serverCpuSeconds", JsonReport.Render([Create with { ServerCpuSeconds = null }]), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_the_same_in_numbers()
    {
        using var json = JsonDocument.Parse(JsonReport.Render([Create, Idle]));
        var first = json.RootElement.GetProperty("measurements")[0];
        Assert.Equal("create", first.GetProperty("run").GetString());
        Assert.Equal(1760, first.GetProperty("perSecond").GetDouble());
        Assert.Equal(1250, first.GetProperty("p99Milliseconds").GetDouble());
        Assert.Equal(2, first.GetProperty("timesBetterThanStock").GetDouble());
        Assert.False(json.RootElement.GetProperty("measurements")[1].TryGetProperty("p50Milliseconds", out _));
    }

    [Fact]
    public void Times_are_better_when_shorter()
    {
        Assert.Contains("3.0 x", Table.Render([new() { Run = "start", Elapsed = TimeSpan.FromSeconds(1) }]), StringComparison.Ordinal);
        Assert.Contains("2.0 x", Table.Render([new() { Run = "pods", Workers = 1000, WorkersAre = "ready", Unit = "pods", Count = 1000, Elapsed = TimeSpan.FromSeconds(1.6) }]), StringComparison.Ordinal);
    }
}
