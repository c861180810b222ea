using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Coracle.Bench.Http;

namespace Coracle.Bench.Runs;

/// <summary>A deployment is applied; its time is until all of its pods are ready.</summary>
internal static class PodsRun
{
    public static async Task<Measurement> Measure(Target target, CancellationToken cancel)
    {
        var ns = await target.Namespaces.AddAsync("pods", cancel);
        var path = $"/apis/apps/v1/namespaces/{ns}/deployments";
        await using var watch = await HttpConnection.OpenAsync(target.Endpoint, cancel);
        await watch.SendAsync(target.Requests.Get($"{path}?watch=true&resourceVersion=0"), cancel);
        await using var writer = await HttpConnection.OpenAsync(target.Endpoint, cancel);
        var cpu = target.Process.CpuSeconds();
        var started = Stopwatch.GetTimestamp();
        var created = await writer.ReadAsync(target.Requests.WithBody("POST", path, Encoding.UTF8.GetBytes(PodText.Deployment(target.Options.Pods))), cancel);
        if (writer.Status != 201) throw new BenchException($"pods: {Encoding.UTF8.GetString(created)}");
        await Ready(watch, target.Options.Pods, cancel);
        var elapsed = Stopwatch.GetElapsedTime(started);
        return new Measurement
        {
            Run = "pods", Workers = target.Options.Pods, WorkersAre = "ready", Unit = "pods", Count = target.Options.Pods, Elapsed = elapsed,
            ServerCpuSeconds = target.Process.CpuSeconds() - cpu, ServerResidentMb = target.Process.ResidentMb(),
        };
    }

    private static async Task Ready(HttpConnection watch, int wanted, CancellationToken cancel)
    {
        var line = new MemoryStream();
        while (await watch.NextAsync(cancel) is { IsEmpty: false } piece)
        {
            for (var rest = piece; !rest.IsEmpty;)
            {
                var end = rest.Span.IndexOf((byte)'\n');
                line.Write(rest.Span[..(end < 0 ? rest.Length : end)]);
                rest = end < 0 ? default : rest[(end + 1)..];
                if (end < 0) continue;
                if (ReadyReplicas(line.GetBuffer().AsMemory(0, (int)line.Length)) >= wanted) return;
                line.SetLength(0);
            }
        }
        throw new BenchException("pods: the watch ended before all pods were ready");
    }

    private static int ReadyReplicas(ReadOnlyMemory<byte> line)
    {
        using var frame = JsonDocument.Parse(line);
        return frame.RootElement.GetProperty("object").TryGetProperty("status", out var status) && status.TryGetProperty("readyReplicas", out var ready) ? ready.GetInt32() : 0;
    }
}
