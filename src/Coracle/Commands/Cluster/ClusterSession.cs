using System.Text.Json.Nodes;
using Coracle.Sdk;

namespace Coracle.Commands.Cluster;

/// <summary>A cluster while a command works on it.</summary>
internal sealed class ClusterSession : IAsyncDisposable
{
    private readonly HttpTransport _transport;
    private Discovery? _discovery;

    private ClusterSession(ClusterConfig config, string? ns, Terminal output)
    {
        _transport = new HttpTransport(config);
        Client = new Client(_transport, new ClientOptions { UserAgent = "coracle", FieldManager = "coracle" });
        (Namespace, IsNamespaceGiven, Output) = (ns ?? config.Namespace, ns is not null, output);
    }

    public Client Client { get; }
    public string Namespace { get; }
    public bool IsNamespaceGiven { get; }
    public Terminal Output { get; }

    /// <summary>Null for the path takes the cluster that tools find (KUBECONFIG).</summary>
    public static ClusterSession Open(string? kubeconfig, string? ns, Terminal output)
    {
        if (kubeconfig is not null && !File.Exists(kubeconfig)) throw new CommandException($"there is no {kubeconfig}; start a cluster with 'coracle up', or name one with --kubeconfig");
        return new(kubeconfig is null ? ClusterConfig.Find() : ClusterConfig.FromFile(kubeconfig), ns, output);
    }

    /// <summary>A call; what the server warns of goes to the user. Throws <see cref="ApiException"/> when it is refused.</summary>
    public async Task<ApiReply> Send(ApiCall call, CancellationToken cancel)
    {
        var reply = await Client.SendAsync(call, cancel);
        foreach (var warning in reply.Warnings) Output.Error("Warning: " + warning);
        return reply.Ok ? reply : throw new ApiException(ApiStatus.Parse(reply.Status, reply.Body.Span));
    }

    public async Task<JsonObject> Get(string path, CancellationToken cancel, string query = "") =>
        JsonNode.Parse((await Send(new() { Method = "GET", Path = path, Query = query }, cancel)).Body.Span)!.AsObject();

    public async Task<Discovery> Discover(CancellationToken cancel) => _discovery ??= await Discovery.ReadAsync(Client, cancel);

    /// <summary>The resource that a user names.</summary>
    public async Task<DiscoveredResource> Resource(string name, CancellationToken cancel) =>
        (await Discover(cancel)).FindByName(name) ?? throw new CommandException($"the server doesn't have a resource type \"{name}\"");

    /// <summary>Where one object of the resource is.</summary>
    public Key KeyOf(ApiResource resource, string name) => new(resource.Namespaced ? Namespace : "", name);

    public ValueTask DisposeAsync() => _transport.DisposeAsync();
}
