using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>
/// Reads and writes the objects of an API server. Methods named Try return failures as values, the others throw <see cref="ApiException"/>; both
/// throw <see cref="TransportException"/> when no answer came. Objects passed in are not changed; what the server made of them is returned.
/// </summary>
public sealed class Client
{
    private readonly Lock gate = new();
    private readonly Dictionary<ApiResource, object> typed = [];

    /// <summary>A client over a transport: HTTP, or within the process.</summary>
    public Client(Transport transport, ClientOptions? options = null)
    {
        Transport = transport;
        Options = options ?? new();
        Random = new(Options.Random);
    }

    private Client(Client parent, ClientOptions options)
    {
        Transport = parent.Transport;
        Options = options;
        Random = parent.Random;
    }

    /// <summary>The way to the server.</summary>
    public Transport Transport { get; }
    /// <summary>How it behaves.</summary>
    public ClientOptions Options { get; }
    /// <summary>The clock of whatever waits.</summary>
    public TimeProvider Time => Options.Time;
    internal LockedRandom Random { get; }
    internal MetricRegistry Metrics => Options.Metrics;
    private const int WarningsRemembered = 256;
    private readonly HashSet<string> warnings = [];

    /// <summary>Logs what a server warns of, once: a deprecated kind is warned of with every call.</summary>
    internal void Warn(string warning)
    {
        lock (warnings)
            if (warnings.Count >= WarningsRemembered || !warnings.Add(warning)) return;
        Log(LogSeverity.Warning, "server", warning);
    }

    internal void Log(LogSeverity severity, string source, string message, Exception? failure = null) => Options.Log(new(severity, source, message, failure));

    /// <summary>The same client under another name: as every built-in controller has its own user agent and identity.</summary>
    public Client As(string userAgent, ApiUser? user = null) => new(this, Options with { UserAgent = userAgent, FieldManager = userAgent, User = user ?? Options.User });

    /// <summary>All verbs of one kind.</summary>
    public ResourceClient<T> For<T>() where T : class, IKind<T>
    {
        var resource = ApiResource.Of<T>();
        lock (gate)
        {
            if (typed.TryGetValue(resource, out var known) && known is ResourceClient<T> client) return client;
            client = new(this, resource, KindCodec<T>.Instance);
            typed[resource] = client;
            return client;
        }
    }

    /// <summary>All verbs of a kind that is not known when compiling, on JSON trees.</summary>
    public ResourceClient<DynamicObject> Dynamic(ApiResource resource) => new(this, resource, DynamicCodec.Instance);

    /// <summary>Reading, patching and deleting of any kind by its metadata alone.</summary>
    public ResourceClient<PartialObject> Metadata(ApiResource resource) => new(this, resource, PartialCodec.Instance);

    // Reading

    /// <summary>The object; throws when there is none.</summary>
    public ValueTask<T> GetAsync<T>(Key key, CancellationToken cancel = default) where T : class, IKind<T> => For<T>().GetAsync(key, cancel);

    /// <summary>The object, or null when there is none of this name.</summary>
    public ValueTask<T?> TryGetAsync<T>(Key key, CancellationToken cancel = default) where T : class, IKind<T> => For<T>().TryGetAsync(key, cancel);

    /// <summary>One page, or all at once when no limit is given; of all namespaces when <paramref name="ns"/> is null.</summary>
    public ValueTask<ObjectList<T>> ListAsync<T>(string? ns = null, ListQuery? options = null, CancellationToken cancel = default) where T : class, IKind<T> =>
        For<T>().ListAsync(ns, options, cancel);

    /// <summary>All objects, page by page.</summary>
    public ValueTask<ObjectList<T>> ListAllAsync<T>(string? ns = null, ListQuery? options = null, CancellationToken cancel = default) where T : class, IKind<T> =>
        For<T>().ListAllAsync(ns, options, cancel: cancel);

    /// <summary>Opens a watch; ends with the connection. Most want an informer instead.</summary>
    public ValueTask<Watcher<T>> WatchAsync<T>(string? ns = null, WatchQuery? options = null, CancellationToken cancel = default) where T : class, IKind<T> =>
        For<T>().WatchAsync(ns, options, cancel);

    // Writing

    /// <summary>Makes an object; gives it as the server keeps it.</summary>
    public ValueTask<T> CreateAsync<T>(T obj, CancellationToken cancel = default) where T : class, IKind<T> => For<T>().CreateAsync(obj, null, cancel);
    /// <summary>As <see cref="CreateAsync{T}"/>, failures told as results.</summary>
    public ValueTask<ApiResult<T>> TryCreateAsync<T>(T obj, CancellationToken cancel = default) where T : class, IKind<T> => For<T>().TryCreateAsync(obj, null, cancel);

    /// <summary>Replaces the object. With its resourceVersion set, a change by another in between is a Conflict.</summary>
    public ValueTask<T> UpdateAsync<T>(T obj, CancellationToken cancel = default) where T : class, IKind<T> => For<T>().UpdateAsync(obj, null, cancel);
    /// <summary>As <see cref="UpdateAsync{T}"/>, failures told as results.</summary>
    public ValueTask<ApiResult<T>> TryUpdateAsync<T>(T obj, CancellationToken cancel = default) where T : class, IKind<T> => For<T>().TryUpdateAsync(obj, null, cancel);

    /// <summary>Replaces the status alone.</summary>
    public ValueTask<T> UpdateStatusAsync<T>(T obj, CancellationToken cancel = default) where T : class, IKind<T> => For<T>().UpdateStatusAsync(obj, null, cancel);
    /// <summary>As <see cref="UpdateStatusAsync{T}"/>, failures told as results.</summary>
    public ValueTask<ApiResult<T>> TryUpdateStatusAsync<T>(T obj, CancellationToken cancel = default) where T : class, IKind<T> => For<T>().TryUpdateStatusAsync(obj, null, cancel);

    /// <summary>Changes what the patch names.</summary>
    public ValueTask<T> PatchAsync<T>(Key key, Patch patch, WriteOptions? options = null, CancellationToken cancel = default) where T : class, IKind<T> =>
        For<T>().PatchAsync(key, patch, options, cancel);
    /// <summary>As <see cref="PatchAsync{T}"/>, failures told as results.</summary>
    public ValueTask<ApiResult<T>> TryPatchAsync<T>(Key key, Patch patch, WriteOptions? options = null, CancellationToken cancel = default) where T : class, IKind<T> =>
        For<T>().TryPatchAsync(key, patch, options, cancel);
    /// <summary>Changes what the patch names of the status alone.</summary>
    public ValueTask<T> PatchStatusAsync<T>(Key key, Patch patch, WriteOptions? options = null, CancellationToken cancel = default) where T : class, IKind<T> =>
        For<T>().PatchStatusAsync(key, patch, options, cancel);

    /// <summary>Server-side apply of the fields set in <paramref name="configuration"/>, taking them from others where they hold them.</summary>
    public ValueTask<T> ApplyAsync<T>(T configuration, CancellationToken cancel = default) where T : class, IKind<T> =>
        For<T>().PatchAsync(Key.Of(configuration), Patch.Apply(configuration), new() { Force = true }, cancel);

    /// <summary>Asks for deletion. False when there was no such object.</summary>
    public ValueTask<bool> DeleteAsync<T>(Key key, Deletion? how = null, CancellationToken cancel = default) where T : class, IKind<T> => For<T>().DeleteAsync(key, how, cancel);

    /// <summary>Asks for deletion of this very object: one of the same name with another uid stays. False when it is not there any more.</summary>
    public ValueTask<bool> DeleteAsync<T>(T obj, Deletion? how = null, CancellationToken cancel = default) where T : class, IKind<T> => For<T>().DeleteAsync(obj, how, cancel);
    /// <summary>Asks for deletion of all objects of a namespace, or of those that are selected.</summary>
    public ValueTask DeleteCollectionAsync<T>(string? ns, ListQuery? which = null, Deletion? how = null, CancellationToken cancel = default) where T : class, IKind<T> =>
        For<T>().DeleteCollectionAsync(ns, which, how, cancel);

    // Anything else

    /// <summary>A call by hand; failures are replies.</summary>
    public ValueTask<ApiReply> SendAsync(ApiCall call, CancellationToken cancel = default) => Transport.SendAsync(Sign(call), cancel);

    /// <summary>GETs a path and reads it as a JSON object.</summary>
    public async ValueTask<ApiResult<JsonObject>> TryGetJsonAsync(string path, CancellationToken cancel = default)
    {
        var reply = await SendAsync(new() { Method = "GET", Path = path }, cancel);
        return reply.Ok ? new(JsonNode.Parse(reply.Body.Span)!.AsObject()) : new(ApiStatus.From(reply));
    }

    internal ApiCall Sign(ApiCall call) => call with { UserAgent = Options.UserAgent, User = Options.User };
}
