using System.Globalization;
using System.Text;
using System.Text.Json;
using Coracle.Bench.Http;

namespace Coracle.Bench.Runs.Scale;

/// <summary>Nodes that come up: the time is until all are ready and take pods.</summary>
internal static class NodesRun
{
    public static async Task<Measurement> Measure(Target target, CancellationToken cancel)
    {
        var watch = new Stopped(target);
        await Ready(target, target.Options.Scale.Nodes, cancel);
        var measured = watch.Now(new Measurement { Run = "nodes", Workers = target.Options.Scale.Nodes, WorkersAre = "ready", Unit = "nodes", Count = target.Options.Scale.Nodes });
        // What the instance used before it was asked is part of it: it and its nodes start together.
        return measured with { ServerCpuSeconds = target.Process.CpuSeconds(), Elapsed = measured.Elapsed + target.Options.Since };
    }

    /// <summary>Nodes that exist in the API alone, for a cluster that has none: what upstream's scheduler is measured with, too.</summary>
    public static async Task EnsureAsync(Target target, CancellationToken cancel)
    {
        await using var connection = await HttpConnection.OpenAsync(target.Endpoint, cancel);
        using (var list = JsonDocument.Parse(await connection.ReadAsync(target.Requests.Get("/api/v1/nodes?limit=1"), cancel)))
            if (list.RootElement.GetProperty("items").GetArrayLength() > 0) return;
        await Filling.CreateAsync(target, target.Options.Scale.Nodes, i => target.Requests.WithBody("POST", "/api/v1/nodes", Node(i)), null, cancel);
        await Ready(target, target.Options.Scale.Nodes, cancel);
    }

    private static byte[] Node(int index)
    {
        var name = $"bench-{index.ToString(CultureInfo.InvariantCulture)}";
        // Of its own: a cluster's range is mostly for 256 nodes.
        var range = string.Create(CultureInfo.InvariantCulture, $"100.{64 + index / 256}.{index % 256}.0/24");
        const string amounts = """{"cpu":"4","memory":"32Gi","pods":"110"}""";
        return Encoding.UTF8.GetBytes(
            $$"""
            {"apiVersion":"v1","kind":"Node","metadata":{"name":"{{name}}","labels":{"kubernetes.io/hostname":"{{name}}","topology.kubernetes.io/zone":"zone-{{index % 3}}"} },"spec":{"podCIDR":"{{range}}","podCIDRs":["{{range}}"]},
            "status":{"capacity":{{amounts}},"allocatable":{{amounts}},"conditions":[{"type":"Ready","status":"True","reason":"Bench","lastHeartbeatTime":"{{DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss'Z'}}"}] } }
            """);
    }

    private static async Task Ready(Target target, int wanted, CancellationToken cancel)
    {
        // A watch that cannot keep up with thousands of new nodes is told so, and begins anew.
        while (!await Watched(target, wanted, cancel)) target.Options.Progress("nodes: watching anew");
    }

    private static async Task<bool> Watched(Target target, int wanted, CancellationToken cancel)
    {
        await using var watch = await EventLines.OpenAsync(target, "/api/v1/nodes?watch=true", cancel);
        var ready = new HashSet<string>(StringComparer.Ordinal);
        await EventLines.UntilAsync(watch, line =>
        {
            using var frame = JsonDocument.Parse(line);
            if (frame.RootElement.GetProperty("type").ValueEquals("ERROR")) return true;
            var node = frame.RootElement.GetProperty("object");
            var name = node.GetProperty("metadata").GetProperty("name").GetString()!;
            if (IsReady(node)) ready.Add(name);
            else ready.Remove(name);
            return ready.Count >= wanted;
        }, cancel);
        return ready.Count >= wanted;
    }

    private static bool IsReady(JsonElement node) =>
        !(node.TryGetProperty("spec", out var spec) && spec.TryGetProperty("taints", out var taints) && taints.GetArrayLength() > 0)
        && node.TryGetProperty("status", out var status) && status.TryGetProperty("conditions", out var conditions)
        && conditions.EnumerateArray().Any(static c => c.GetProperty("type").GetString() == "Ready" && c.GetProperty("status").GetString() == "True");
}
