using System.Text;
using System.Text.Json.Nodes;
using Coracle.Sdk;

namespace Coracle.Testing.Tests;

/// <summary>The endpoints of a node, through the API server.</summary>
public sealed class NodeProxyTests
{
    private static async Task<(int Code, string Text)> Get(TestCluster cluster, string path)
    {
        await using var reply = await cluster.Client.Transport.SendAsync(new ApiCall { Method = "GET", Path = path }, TestContext.Current.CancellationToken);
        return (reply.Status, Encoding.UTF8.GetString(reply.Body.Span));
    }

    [Fact]
    public async Task A_node_tells_how_it_is_what_it_runs_and_how_it_is_set()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 1 });
        await cluster.Client.CreateAsync(new Coracle.Kinds.Core.V1.Pod { Metadata = new() { Name = "web", Namespace = "default" }, Spec = new() { Containers = [new() { Name = "main", Image = "web:1" }] } });
        await cluster.UntilAsync<Coracle.Kinds.Core.V1.Pod>("default/web", p => p.Status.Phase == "Running");
        const string node = "/api/v1/nodes/sim-0/proxy";
        Assert.Equal((200, "ok"), await Get(cluster, $"{node}/healthz"));
        Assert.Equal((200, "ok"), await Get(cluster, "/api/v1/nodes/sim-0:10250/proxy/healthz"));
        var pods = JsonNode.Parse((await Get(cluster, $"{node}/pods")).Text)!;
        Assert.Equal(("PodList", "web"), ((string)pods["kind"]!, (string)pods["items"]![0]!["metadata"]!["name"]!));
        Assert.Equal(250, (int)JsonNode.Parse((await Get(cluster, $"{node}/configz")).Text)!["kubeletconfig"]!["maxPods"]!);
        var summary = JsonNode.Parse((await Get(cluster, $"{node}/stats/summary")).Text)!;
        Assert.Equal(("sim-0", "web"), ((string)summary["node"]!["nodeName"]!, (string)summary["pods"]![0]!["podRef"]!["name"]!));
        Assert.Contains("kubelet_running_pods 1\n", (await Get(cluster, $"{node}/metrics")).Text, StringComparison.Ordinal);
        Assert.Contains("pod_memory_working_set_bytes{namespace=\"default\",pod=\"web\"} 0\n", (await Get(cluster, $"{node}/metrics/resource")).Text, StringComparison.Ordinal);
        Assert.Equal((404, "404 page not found\n"), await Get(cluster, $"{node}/nothing"));
        Assert.Equal(404, (await Get(cluster, "/api/v1/nodes/nobody/proxy/healthz")).Code);
    }
}
