using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Node.Cri.V1;
using Coracle.Node.Pods;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Node.Agent;

/// <summary>
/// What the pods of a node use, by the runtime's statistics: as a summary and as metrics (upstream: pkg/kubelet/server/stats and pkg/kubelet/metrics/collectors).
/// </summary>
internal sealed class NodeUsage(NodeOptions options, Informer<Pod> pods, DateTimeOffset started)
{
    /// <summary>A container's use at a moment.</summary>
    private sealed record Use(string Name, string Id, CpuUsage? Cpu, MemoryUsage? Memory, FilesystemUsage? Files);

    private async Task<List<(Pod Pod, List<Use> Containers)>> LookAsync(CancellationToken cancel)
    {
        var stats = await options.Runtime.ListContainerStats(null, cancel);
        var byPod = stats.GroupBy(s => s.Attributes?.Labels.GetValueOrDefault(RuntimeLabels.PodUid) ?? "").ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        return [.. pods.List().Where(p => p.Status.Phase is "Running" or "Pending").OrderBy(p => Key.Of(p).ToString(), StringComparer.Ordinal).Select(p => (p,
            (byPod.GetValueOrDefault(p.Metadata.Uid) ?? []).Select(s => new Use(s.Attributes.Metadata?.Name ?? "", s.Attributes.Id, s.Cpu, s.Memory, s.WritableLayer)).OrderBy(u => u.Name, StringComparer.Ordinal).ToList()))];
    }

    /// <summary>stats.k8s.io/v1alpha1 Summary.</summary>
    public async Task<byte[]> SummaryAsync(CancellationToken cancel)
    {
        var look = await LookAsync(cancel);
        var all = look.SelectMany(p => p.Containers).ToList();
        var node = new JsonObject { ["nodeName"] = options.Name, ["startTime"] = GoTime.Format(started), ["cpu"] = Cpu(all), ["memory"] = Memory(all) };
        var list = new JsonArray();
        foreach (var (pod, containers) in look)
        {
            var entry = new JsonObject
            {
                ["podRef"] = new JsonObject { ["name"] = pod.Metadata.Name, ["namespace"] = pod.Metadata.Namespace, ["uid"] = pod.Metadata.Uid },
                ["startTime"] = pod.Status.StartTime is { } start ? GoTime.Format(start) : null,
                ["containers"] = new JsonArray([.. containers.Select(c => Container(pod, c))]),
                ["cpu"] = Cpu(containers), ["memory"] = Memory(containers),
            };
            list.Add((JsonNode)entry);
        }
        return Encoding.UTF8.GetBytes(new JsonObject { ["node"] = node, ["pods"] = list }.ToJsonString());
    }

    private JsonNode Container(Pod pod, Use use) => new JsonObject
    {
        ["name"] = use.Name,
        ["startTime"] = (pod.Status.ContainerStatuses ?? []).Find(c => c.Name == use.Name)?.State.Running?.StartedAt is { } start ? GoTime.Format(start) : null,
        ["cpu"] = Cpu([use]), ["memory"] = Memory([use]),
        ["rootfs"] = use.Files is { } files ? new JsonObject { ["time"] = Now(), ["usedBytes"] = (long)(files.UsedBytes?.Value ?? 0), ["inodesUsed"] = (long)(files.InodesUsed?.Value ?? 0) } : null,
    };

    private string Now() => GoTime.Format(options.Clock.GetUtcNow());

    private JsonObject Cpu(IReadOnlyList<Use> uses) => new()
    {
        ["time"] = Now(), ["usageNanoCores"] = Sum(uses, u => u.Cpu?.UsageNanoCores), ["usageCoreNanoSeconds"] = Sum(uses, u => u.Cpu?.UsageCoreNanoSeconds),
    };

    private JsonObject Memory(IReadOnlyList<Use> uses) => new()
    {
        ["time"] = Now(), ["usageBytes"] = Sum(uses, u => u.Memory?.UsageBytes), ["workingSetBytes"] = Sum(uses, u => u.Memory?.WorkingSetBytes), ["rssBytes"] = Sum(uses, u => u.Memory?.RssBytes),
        ["pageFaults"] = Sum(uses, u => u.Memory?.PageFaults), ["majorPageFaults"] = Sum(uses, u => u.Memory?.MajorPageFaults),
    };

    private static long Sum(IReadOnlyList<Use> uses, Func<Use, UInt64Value?> value) => uses.Sum(u => (long)(value(u)?.Value ?? 0));

    /// <summary>The resource metrics that metrics servers scrape.</summary>
    public async Task<string> MetricsAsync(CancellationToken cancel)
    {
        var look = await LookAsync(cancel);
        var all = look.SelectMany(p => p.Containers).ToList();
        var text = new StringBuilder(4096);
        Head(text, "container_cpu_usage_seconds_total", "counter", "Processor time of the container, in core-seconds.");
        foreach (var (pod, containers) in look)
            foreach (var use in containers) Line(text, "container_cpu_usage_seconds_total", Labels(pod, use.Name), Seconds([use]));
        Head(text, "container_memory_working_set_bytes", "gauge", "Memory of the container that is in use.");
        foreach (var (pod, containers) in look)
            foreach (var use in containers) Line(text, "container_memory_working_set_bytes", Labels(pod, use.Name), Bytes([use]));
        Head(text, "node_cpu_usage_seconds_total", "counter", "Processor time of the node's pods, in core-seconds.");
        Line(text, "node_cpu_usage_seconds_total", "", Seconds(all));
        Head(text, "node_memory_working_set_bytes", "gauge", "Memory of the node's pods that is in use.");
        Line(text, "node_memory_working_set_bytes", "", Bytes(all));
        Head(text, "pod_cpu_usage_seconds_total", "counter", "Processor time of the pod, in core-seconds.");
        foreach (var (pod, containers) in look) Line(text, "pod_cpu_usage_seconds_total", Labels(pod, null), Seconds(containers));
        Head(text, "pod_memory_working_set_bytes", "gauge", "Memory of the pod that is in use.");
        foreach (var (pod, containers) in look) Line(text, "pod_memory_working_set_bytes", Labels(pod, null), Bytes(containers));
        Head(text, "resource_scrape_error", "gauge", "1 if there was an error while the numbers were read.");
        Line(text, "resource_scrape_error", "", 0);
        return text.ToString();
    }

    private static double Seconds(IReadOnlyList<Use> uses) => Sum(uses, u => u.Cpu?.UsageCoreNanoSeconds) / 1e9;
    private static double Bytes(IReadOnlyList<Use> uses) => Sum(uses, u => u.Memory?.WorkingSetBytes);

    private static string Labels(Pod pod, string? container) =>
        $"{{{(container is null ? "" : $"container=\"{container}\",")}namespace=\"{pod.Metadata.Namespace}\",pod=\"{pod.Metadata.Name}\"}}";

    private static void Head(StringBuilder text, string name, string type, string help) => text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void Line(StringBuilder text, string name, string labels, double value) => text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {value}\n");
}
