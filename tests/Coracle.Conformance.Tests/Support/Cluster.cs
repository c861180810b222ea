using System.Text;
using System.Text.Json.Nodes;
using Coracle.Sdk;
using Coracle.Testing;

namespace Coracle.Conformance.Tests;

/// <summary>
/// A whole cluster with two simulated nodes, for the tests of one class: each has namespaces of its own in it. Time passes only while a test waits.
/// </summary>
public sealed class Cluster : IAsyncLifetime
{
    public const string Json = "application/json";
    public const string Merge = "application/merge-patch+json";
    public const string Strategic = "application/strategic-merge-patch+json";
    public const string JsonPatch = "application/json-patch+json";
    public const string Apply = "application/apply-patch+yaml";

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250), Limit = TimeSpan.FromMinutes(10);
    private TestCluster _cluster = null!;

    /// <summary>What webhooks of this cluster answer.</summary>
    internal SampleWebhook Webhook { get; } = new();

    /// <summary>What its containers do.</summary>
    internal Programs Programs { get; } = new();

    public TestClock Clock => _cluster.Clock;
    public Client Client => _cluster.Client;

    public async ValueTask InitializeAsync() => _cluster = await TestCluster.StartAsync(new() { Nodes = 2, Webhooks = Webhook, Containers = Programs.Script });
    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    public Client As(string user, params string[] groups) => _cluster.ClientAs(user, groups);

    /// <summary>Runs what is added, with its caches, in the cluster.</summary>
    public Task RunAsync(Action<ControllerHost, InformerSet> add) => _cluster.RunAsync(add);

    // Calls

    /// <summary>Calls the API as an administrator, unless <paramref name="client"/> is another's.</summary>
    public async Task<Answer> Send(string method, string target, string? body = null, string contentType = Json, string accept = Json, Client? client = null)
    {
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var call = new ApiCall
        {
            Method = method, Path = question < 0 ? target : target[..question], Query = question < 0 ? "" : target[(question + 1)..],
            ContentType = body is null ? null : contentType, Body = body is null ? default : Encoding.UTF8.GetBytes(body), Accept = accept,
        };
        return new Answer(await (client ?? Client).SendAsync(call));
    }

    public Task<Answer> Get(string target, string accept = Json) => Send("GET", target, accept: accept);
    public Task<Answer> Post(string target, string body) => Send("POST", target, body);
    public Task<Answer> Put(string target, string body) => Send("PUT", target, body);
    public Task<Answer> Patch(string target, string body, string contentType = Merge) => Send("PATCH", target, body, contentType);
    public Task<Answer> Delete(string target, string? options = null) => Send("DELETE", target, options);

    /// <summary>Creates an object; fails the test when that is refused.</summary>
    public async Task<Answer> Create(string target, string body) => (await Post(target, body)).Is(201);

    /// <summary>Reads, changes and replaces an object, again when somebody else was faster.</summary>
    public async Task<Answer> Update(string target, Action<JsonObject> change)
    {
        while (true)
        {
            var found = (await Get(target)).Is(200).Json;
            change(found);
            var updated = await Put(target, found.ToJsonString());
            if (updated.Code != 409) return updated.Is(200);
        }
    }

    /// <summary>A namespace of its own; complete when pods can be created in it.</summary>
    public async Task<string> Namespace(string labels = "")
    {
        var created = await Create("/api/v1/namespaces", $$$"""{"metadata":{"generateName":"conformance-","labels":{ {{{labels}}} } } }""");
        await Until($"/api/v1/namespaces/{created.Name}/serviceaccounts/default", found => found.Code == 200);
        return created.Name;
    }

    public async Task<Watching> Watch(string target)
    {
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var call = new ApiCall { Method = "GET", Path = question < 0 ? target : target[..question], Query = "watch=true" + (question < 0 ? "" : "&" + target[(question + 1)..]) };
        var reply = await Client.Transport.WatchAsync(call, CancellationToken.None);
        Assert.True(reply.Frames is not null, new Answer(reply).Text);
        return new(reply.Frames, Clock);
    }

    // Waiting

    /// <summary>Lets time pass until what is at a path is as asked; fails the test when that does not come in ten minutes of the cluster's time.</summary>
    public async Task<Answer> Until(string target, Func<Answer, bool> holds, TimeSpan? limit = null)
    {
        var began = Clock.Now;
        while (true)
        {
            var found = await Get(target);
            if (holds(found)) return found;
            Assert.True(Clock.Now - began < (limit ?? Limit), $"waited in vain for {target}; it is {found.Code} {found.Text}");
            await Clock.Advance(Step);
        }
    }

    /// <summary>Lets time pass until a call that waits for it is answered.</summary>
    public async Task<Answer> Passing(Task<Answer> call)
    {
        var began = Clock.Now;
        while (!call.IsCompleted)
        {
            Assert.True(Clock.Now - began < Limit, "waited in vain for an answer");
            await Clock.Advance(Step);
        }
        return await call;
    }

    public Task Gone(string target) => Until(target, found => found.Code == 404);
}
