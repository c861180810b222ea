using System.Text.Json.Nodes;
using Coracle.Instance;
using Coracle.Sdk;

namespace Coracle.Commands;

/// <summary>Waits until a cluster can be used: its API is ready and its nodes are.</summary>
internal static class Readiness
{
    /// <summary>Null when ready, otherwise what was still missing.</summary>
    public static async Task<string?> WaitAsync(string dataDirectory, string nodes, TimeSpan limit, Action<string> progress, CancellationToken cancel, Func<bool>? ended = null)
    {
        var deadline = DateTime.UtcNow + limit;
        var missing = "the API server does not answer yet";
        var told = "";
        while (DateTime.UtcNow < deadline)
        {
            if (ended?.Invoke() == true) return "the cluster ended before it was ready";
            missing = await Look(dataDirectory, nodes, cancel);
            if (missing.Length == 0) return null;
            if (missing != told) progress($"waiting: {missing}");
            told = missing;
            await Task.Delay(100, cancel);
        }
        return $"not ready after {limit.TotalSeconds:0} s: {missing}";
    }

    private static async Task<string> Look(string dataDirectory, string nodes, CancellationToken cancel)
    {
        var kubeconfig = Path.Combine(dataDirectory, "kubeconfig");
        if (!File.Exists(kubeconfig) || InstanceRecord.Read(dataDirectory) is not { IsRunning: true }) return "the API server is starting";
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(TimeSpan.FromSeconds(5));
            await using var connection = Connection.Open(kubeconfig);
            var ready = await connection.Client.SendAsync(new ApiCall { Method = "GET", Path = "/readyz" }, limit.Token);
            if (!ready.Ok) return "the control plane is starting";
            if (nodes == "none") return "";
            var wanted = nodes.StartsWith("sim:", StringComparison.Ordinal) ? int.Parse(nodes.AsSpan(4), System.Globalization.CultureInfo.InvariantCulture) : 1;
            var list = await connection.Client.SendAsync(new ApiCall { Method = "GET", Path = "/api/v1/nodes" }, limit.Token);
            var count = list.Ok ? CountReady(JsonNode.Parse(list.Body.Span)!) : 0;
            return count >= wanted ? "" : wanted == 1 ? "the node is starting" : $"{count} of {wanted} nodes are ready";
        }
        catch (Exception e) when (e is TransportException or IOException or ClusterConfigException || e is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return "the API server is starting";
        }
    }

    private static int CountReady(JsonNode list) => list["items"]!.AsArray().Count(node =>
        node!["status"]?["conditions"]?.AsArray().Any(c => (string?)c!["type"] == "Ready" && (string?)c["status"] == "True") == true);
}

/// <summary>A client over HTTP by a kubeconfig.</summary>
internal sealed class Connection : IAsyncDisposable
{
    private readonly HttpTransport _transport;

    private Connection(HttpTransport transport)
    {
        _transport = transport;
        Client = new Client(transport, new ClientOptions { UserAgent = "coracle" });
    }

    public Client Client { get; }

    public static Connection Open(string kubeconfig) => new(new HttpTransport(ClusterConfig.FromFile(kubeconfig)));

    public ValueTask DisposeAsync() => _transport.DisposeAsync();
}
