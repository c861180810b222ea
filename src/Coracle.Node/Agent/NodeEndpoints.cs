using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Node.Cri;
using Coracle.Node.Cri.V1;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Node.Agent;

/// <summary>What a node answers to a request to its own server.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The answer, unless it comes as a stream.</param>
public sealed record NodeAnswer(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    /// <summary>Bytes that come as they come; null for an answer that is there.</summary>
    public Stream? Stream { get; init; }

    internal static NodeAnswer Text(string text, int status = 200) => new(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));
    internal static NodeAnswer Json(byte[] json) => new(200, "application/json", json);
}

/// <summary>
/// The endpoints of a node that clients reach through the API server's proxy, as a kubelet has them: health, its pods, its configuration, what pods use, and metrics
/// (upstream: pkg/kubelet/server).
/// </summary>
public sealed class NodeEndpoints
{
    private readonly NodeOptions _options;
    private readonly Informer<Pod> _pods;
    private readonly NodeApi _api;
    private readonly NodeUsage _usage;
    private readonly DateTimeOffset _started;

    internal NodeEndpoints(NodeOptions options, Informer<Pod> pods, NodeApi api)
    {
        (_options, _pods, _api, _started) = (options, pods, api, options.Clock.GetUtcNow());
        _usage = new NodeUsage(options, pods, _started);
    }

    /// <summary>Answers a request.</summary>
    /// <param name="path">Decoded, from the node's root: "/healthz".</param>
    /// <param name="query">As sent, without "?".</param>
    public async Task<NodeAnswer> AskAsync(string method, string path, string query, CancellationToken cancel)
    {
        if (method is not ("GET" or "HEAD")) return NodeAnswer.Text("405: Method Not Allowed", 405);
        try
        {
            return path.TrimEnd('/').Split('/', StringSplitOptions.RemoveEmptyEntries) switch
            {
                ["healthz"] or ["healthz", "ping" or "log" or "syncloop"] => NodeAnswer.Text("ok"),
                ["pods"] => NodeAnswer.Json(Pods()),
                ["configz"] => NodeAnswer.Json(Configuration()),
                ["metrics"] => new(200, "text/plain; version=0.0.4; charset=utf-8", Encoding.UTF8.GetBytes(Metrics())),
                ["metrics", "resource" or "cadvisor"] => new(200, "text/plain; version=0.0.4; charset=utf-8", Encoding.UTF8.GetBytes(await _usage.MetricsAsync(cancel))),
                ["metrics", "probes"] => new(200, "text/plain; version=0.0.4; charset=utf-8", default),
                ["stats", "summary"] => NodeAnswer.Json(await _usage.SummaryAsync(cancel)),
                ["containerLogs", var ns, var pod, var container] => await Logs(new Key(ns, pod), container, query, cancel),
                _ => NodeAnswer.Text("404 page not found\n", 404),
            };
        }
        catch (NodeApiException e)
        {
            return NodeAnswer.Text(e.Message + "\n", e.Status);
        }
        catch (GrpcException e)
        {
            return NodeAnswer.Text(e.RpcText + "\n", 500);
        }
    }

    private byte[] Pods()
    {
        var items = new JsonArray([.. _pods.List().OrderBy(p => p.Metadata.Namespace, StringComparer.Ordinal).ThenBy(p => p.Metadata.Name, StringComparer.Ordinal).Select(p => JsonNode.Parse(ApiJson.ToBytes(p)))]);
        return Encoding.UTF8.GetBytes(new JsonObject { ["kind"] = "PodList", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["items"] = items }.ToJsonString());
    }

    private async Task<NodeAnswer> Logs(Key pod, string container, string query, CancellationToken cancel)
    {
        var asked = System.Web.HttpUtility.ParseQueryString(query);
        var log = new LogOptions
        {
            Follow = asked["follow"] == "true", Timestamps = asked["timestamps"] == "true",
            TailLines = long.TryParse(asked["tailLines"], NumberStyles.None, CultureInfo.InvariantCulture, out var lines) ? lines : null,
            LimitBytes = long.TryParse(asked["limitBytes"], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null,
        };
        return new(200, "text/plain", default) { Stream = await _api.Logs(pod, container, asked["previous"] == "true", log, cancel) };
    }

    // What of upstream's configuration has a counterpart here, under its names.
    private byte[] Configuration() => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["kubeletconfig"] = new JsonObject
        {
            ["kind"] = "KubeletConfiguration", ["apiVersion"] = "kubelet.config.k8s.io/v1beta1",
            ["port"] = _options.ApiPort, ["enableServer"] = true, ["cgroupDriver"] = "cgroupfs", ["cgroupsPerQOS"] = _options.CgroupParent is not null,
            ["clusterDomain"] = _options.ClusterDomain, ["clusterDNS"] = _options.ClusterDns.Length == 0 ? new JsonArray() : new JsonArray(_options.ClusterDns),
            ["nodeLeaseDurationSeconds"] = _options.LeaseSeconds, ["nodeStatusUpdateFrequency"] = Seconds(_options.StatusLookPeriod), ["nodeStatusReportFrequency"] = Seconds(_options.StatusPeriod),
            ["maxPods"] = _options.Capacity.TryGetValue("pods", out var pods) && int.TryParse(pods.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : 110,
            ["containerLogMaxSize"] = $"{_options.LogBytesMax / (1024 * 1024)}Mi", ["containerLogMaxFiles"] = _options.LogFilesMax,
        },
    }.ToJsonString());

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.###}s");

    private string Metrics()
    {
        var pods = _pods.List();
        var running = pods.Count(p => p.Status.Phase == "Running");
        var containers = pods.SelectMany(p => p.Status.ContainerStatuses ?? []).Count(c => c.State.Running is not null);
        return string.Create(CultureInfo.InvariantCulture, $"""
            # HELP kubelet_node_name The node's name. The count is always 1.
            # TYPE kubelet_node_name gauge
            kubelet_node_name{"{"}node="{_options.Name}"{"}"} 1
            # HELP kubelet_running_pods Pods that have a sandbox that is ready.
            # TYPE kubelet_running_pods gauge
            kubelet_running_pods {running}
            # HELP kubelet_running_containers Containers by their state.
            # TYPE kubelet_running_containers gauge
            kubelet_running_containers{"{"}container_state="running"{"}"} {containers}
            # HELP process_start_time_seconds When the agent started, in seconds since 1970.
            # TYPE process_start_time_seconds gauge
            process_start_time_seconds {_started.ToUnixTimeMilliseconds() / 1000.0}

            """);
    }
}
