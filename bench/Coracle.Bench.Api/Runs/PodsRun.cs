using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Coracle.Bench.Http;

namespace Coracle.Bench.Runs;

/// <summary>A deployment is applied; its time is until all of its pods are ready.</summary>
internal static class PodsRun
{
    public static async Task<Measurement> Measure(Target target, string run, int replicas, CancellationToken cancel)
    {
        var ns = await target.Namespaces.AddAsync(run, cancel);
        var path = $"/apis/apps/v1/namespaces/{ns}/deployments";
        await using var watch = await EventLines.OpenAsync(target, $"{path}?watch=true&resourceVersion=0", cancel);
        await using var writer = await HttpConnection.OpenAsync(target.Endpoint, cancel);
        var cpu = target.Process.CpuSeconds();
        var started = Stopwatch.GetTimestamp();
        var created = await writer.ReadAsync(target.Requests.WithBody("POST", path, Encoding.UTF8.GetBytes(PodText.Deployment(replicas))), cancel);
        if (writer.Status != 201) throw new BenchException($"{run}: {Encoding.UTF8.GetString(created)}");
        await EventLines.UntilAsync(watch, line => ReadyReplicas(line) >= replicas, cancel);
        var elapsed = Stopwatch.GetElapsedTime(started);
        var measured = new Measurement
        {
            Run = run, Workers = replicas, WorkersAre = "ready", Unit = "pods", Count = replicas, Elapsed = elapsed,
            ServerCpuSeconds = target.Process.CpuSeconds() - cpu, ServerResidentMb = target.Process.ResidentMb(),
        };
        await target.Namespaces.LeaveAsync(ns, cancel);
        return measured;
    }

    private static int ReadyReplicas(ReadOnlyMemory<byte> line)
    {
        using var frame = JsonDocument.Parse(line);
        return frame.RootElement.GetProperty("object").TryGetProperty("status", out var status) && status.TryGetProperty("readyReplicas", out var ready) ? ready.GetInt32() : 0;
    }
}
