using System.Text;
using Coracle.Sdk;

namespace Coracle.Bench;

/// <summary>The namespaces that a session makes, all of which it removes.</summary>
internal sealed class Namespaces(Client client, Action<string> progress)
{
    private static readonly TimeSpan AccountWait = TimeSpan.FromSeconds(10);
    private readonly string _prefix = $"coracle-bench-{Guid.NewGuid().ToString("N")[..8]}";
    private readonly List<string> _made = [];

    public async Task<string> AddAsync(string purpose, CancellationToken cancel)
    {
        var name = $"{_prefix}-{purpose}";
        _made.Add(name);
        await Must("POST", "/api/v1/namespaces", $$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{name}}"} }""", cancel);
        await Account(name, cancel);
        return name;
    }

    // Pods are refused until their account is there. An API server without controllers never makes it.
    private async Task Account(string ns, CancellationToken cancel)
    {
        var path = $"/api/v1/namespaces/{ns}/serviceaccounts";
        for (var waited = TimeSpan.Zero; waited < AccountWait; waited += TimeSpan.FromMilliseconds(50))
        {
            if ((await Send("GET", $"{path}/default", "", cancel)).Ok) return;
            await Task.Delay(50, cancel);
        }
        await Must("POST", path, """{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default"}}""", cancel);
    }

    public async Task Must(string method, string path, string body, CancellationToken cancel)
    {
        var reply = await Send(method, path, body, cancel);
        if (!reply.Ok) throw new BenchException($"{method} {path}: {ApiStatus.Parse(reply.Status, reply.Body.Span).Message}");
    }

    private ValueTask<ApiReply> Send(string method, string path, string body, CancellationToken cancel, string query = "") => client.SendAsync(new ApiCall
    {
        Method = method, Path = path, Query = query, Body = Encoding.UTF8.GetBytes(body), ContentType = body.Length > 0 ? "application/json" : null,
    }, cancel);

    public async Task RemoveAllAsync(CancellationToken cancel)
    {
        foreach (var name in _made.ToList())
        {
            try
            {
                await RemoveAsync(name, cancel);
            }
            catch (Exception e) when (e is TransportException or OperationCanceledException)
            {
                progress($"namespace {name} could not be removed: {e.Message}");
            }
        }
    }

    /// <summary>A run is done with it. A server that is thrown away keeps it, unless other runs would find it in their way.</summary>
    public Task LeaveAsync(string name, CancellationToken cancel) => RemoveAsync(name, cancel);

    public void Forget(string name) => _made.Remove(name);

    /// <summary>What is in it first and all at once, since an API server may have no controller that empties namespaces.</summary>
    public async Task RemoveAsync(string name, CancellationToken cancel)
    {
        foreach (var (group, plural) in ((string, string)[])[("/apis/apps/v1", "deployments"), ("/apis/apps/v1", "replicasets"), ("/api/v1", "pods")])
            await Empty($"{group}/namespaces/{name}/{plural}", cancel);
        await Send("DELETE", $"/api/v1/namespaces/{name}", "", cancel);
        for (var i = 0; i < 200 && (await Send("GET", $"/api/v1/namespaces/{name}", "", cancel)).Status != 404; i++) await Task.Delay(100, cancel);
        if ((await Send("GET", $"/api/v1/namespaces/{name}", "", cancel)).Status != 404) progress($"namespace {name} is still being deleted");
        _made.Remove(name);
    }

    // A server may answer that it ran out of time in the middle; what is left is asked for again.
    private async Task Empty(string collection, CancellationToken cancel)
    {
        for (var i = 0; i < 20; i++)
        {
            if ((await Send("DELETE", collection, "", cancel, "gracePeriodSeconds=0")).Status is not (504 or 500 or 429)) return;
        }
    }
}
