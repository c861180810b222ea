using System.Text;
using Coracle.ApiServer.Access;
using Coracle.Hosting;
using Coracle.Sdk;
using Coracle.Store;

namespace Coracle.ApiServer.Tests.Support;

/// <summary>
/// A whole API server over a store in memory, without controllers: the one of a control plane, with its admission and its access control, called without a
/// socket. Its clock stands still until it is told to move.
/// </summary>
public sealed class Api : IAsyncDisposable
{
    public const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    public const string Pods = "/api/v1/namespaces/default/pods";
    public const string Json = "application/json";
    public const string Merge = "application/merge-patch+json";
    public const string Strategic = "application/strategic-merge-patch+json";
    public const string JsonPatch = "application/json-patch+json";
    public const string Apply = "application/apply-patch+yaml";
    public const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private readonly List<string> _errors = [];
    private readonly ControlPlane _plane;

    private Api(IStore store, TimeProvider? clock = null, WebhookTransport? webhooks = null, PodSecurityOptions? security = null, AuditOptions? audit = null, FeatureGates? features = null)
    {
        Store = store;
        _plane = new ControlPlane(new ControlPlaneOptions
        {
            Store = store, Clock = clock ?? Time, Random = new Random(1), Log = Note, Webhooks = webhooks ?? WebhookTransport.None, PodSecurity = security ?? new(), Audit = audit, Features = features ?? FeatureGates.Defaults, Flags = new Dictionary<string, string> { ["api-port"] = "6443" }, StaticTokens = StaticTokens.Parse("ann,ann,\nroot,root,,system:masters"),
        });
    }

    /// <summary>A server with the namespace "default" and its service account.</summary>
    public static async Task<Api> StartAsync(IStore? store = null, TimeProvider? clock = null, WebhookTransport? webhooks = null, PodSecurityOptions? security = null, AuditOptions? audit = null, FeatureGates? features = null)
    {
        var api = new Api(store ?? new MemoryStore(), clock, webhooks, security, audit, features: features);
        await api.Create("/api/v1/namespaces", """{"metadata":{"name":"default"}}""");
        await api.Create("/api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"default"}}""");
        return api;
    }

    /// <summary>A server over a store that has been in use.</summary>
    public static Task<Api> OpenAsync(IStore store) => Task.FromResult(new Api(store));

    public static User Admin { get; } = new() { Name = "admin", Groups = ["system:masters", "system:authenticated"] };

    public VirtualTime Time { get; } = new();
    public IStore Store { get; }
    public Server Server => _plane.Server;

    /// <summary>Errors that the server reported of itself: there should be none.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Sends a request as an administrator, unless <paramref name="how"/> says otherwise.</summary>
    public async Task<Answer> Send(string method, string target, string? body = null, How? how = null) =>
        await Answer.Of(await Server.HandleAsync(Request(method, target, body, how), TestContext.Current.CancellationToken));

    public Task<Answer> Get(string target, string? accept = null) => Send("GET", target, null, new How { Accept = accept });
    public Task<Answer> Post(string target, string body, string contentType = Json) => Send("POST", target, body, new How { ContentType = contentType });
    public Task<Answer> Put(string target, string body, string contentType = Json) => Send("PUT", target, body, new How { ContentType = contentType });
    public Task<Answer> Patch(string target, string body, string contentType = Merge) => Send("PATCH", target, body, new How { ContentType = contentType });
    public Task<Answer> Delete(string target, string? body = null) => Send("DELETE", target, body);

    /// <summary>Creates an object; fails the test when that is refused.</summary>
    public async Task<Answer> Create(string target, string body)
    {
        var created = await Post(target, body);
        Assert.True(created.Code == 201, created.Text);
        return created;
    }

    /// <summary>A config map "name", labelled, with one entry.</summary>
    public Task<Answer> CreateConfigMap(string name, string labels = "", string value = "1") =>
        Create(ConfigMaps, $$$"""{"metadata":{"name":"{{{name}}}","labels":{{{{labels}}}}},"data":{"key":"{{{value}}}"}}""");

    public Task<Answer> CreatePod(string name, string more = "") =>
        Create(Pods, $$$"""{"metadata":{"name":"{{{name}}}"{{{more}}}},"spec":{"containers":[{"name":"main","image":"main:1"}]}}""");

    /// <summary>Opens a watch; fails the test when that is refused.</summary>
    public async Task<Watching> Watch(string target, string? accept = null, How? how = null)
    {
        var response = await Server.HandleAsync(Request("GET", target, null, (how ?? new How()) with { Accept = accept }), TestContext.Current.CancellationToken);
        return response.Body is WatchBody watch ? new Watching(watch.Stream) : throw new InvalidOperationException((await Answer.Of(response)).Text);
    }

    public long Revision => Server.Cache.Revision;

    private static ApiRequest Request(string method, string target, string? body, How? how)
    {
        var question = target.IndexOf('?', StringComparison.Ordinal);
        return new TestRequest(body is null ? [] : Encoding.UTF8.GetBytes(body), how ?? new How())
        {
            Method = method, Path = question < 0 ? target : target[..question], Query = question < 0 ? "" : target[(question + 1)..],
            Identity = how?.Token is null ? how?.User ?? Admin : null,
        };
    }

    private void Note(LogEntry entry)
    {
        if (entry.Severity == LogSeverity.Error) lock (_errors) _errors.Add($"{entry.Source}: {entry.Message} {entry.Failure}");
    }

    public ValueTask DisposeAsync() => _plane.DisposeAsync();
}

/// <summary>What a request says besides its line and its body.</summary>
public sealed record How
{
    public string? Accept { get; init; }
    public string ContentType { get; init; } = Api.Json;
    public string UserAgent { get; init; } = "test/1.0";
    public User? User { get; init; }

    /// <summary>A bearer token: then the request comes from outside.</summary>
    public string? Token { get; init; }
    public byte[]? Body { get; init; }

    /// <summary>Completes when the body is there.</summary>
    public Task BodyArrives { get; init; } = Task.CompletedTask;
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}

internal sealed class TestRequest(byte[] body, How how) : ApiRequest
{
    public override string? Header(string name) => Headers.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    public override IEnumerable<KeyValuePair<string, string>> Headers
    {
        get
        {
            if (how.Accept is not null) yield return new("Accept", how.Accept);
            if ((how.Body ?? body).Length > 0) yield return new("Content-Type", how.ContentType);
            yield return new("User-Agent", how.UserAgent);
            if (how.Token is not null) yield return new("Authorization", $"Bearer {how.Token}");
            foreach (var (name, value) in how.Headers) yield return new(name, value);
        }
    }

    public override async ValueTask<Result<ReadOnlyMemory<byte>>> ReadBodyAsync(int limit, CancellationToken cancel)
    {
        await how.BodyArrives.WaitAsync(cancel);
        ReadOnlyMemory<byte> bytes = how.Body ?? body;
        return bytes.Length > limit ? ApiStatus.TooLarge(limit) : bytes;
    }
}
