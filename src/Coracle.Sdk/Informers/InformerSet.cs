using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>
/// The caches of a program, each kind and scope once, however many controllers read it. Informers asked for before <see cref="Start"/> begin with it,
/// later ones at once.
/// </summary>
public sealed class InformerSet(Client client, InformerOptions? options = null)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(Type Sort, ApiResource Resource, CacheScope Scope), Informer> informers = [];
    private readonly List<Task> running = [];
    private CancellationToken? started;

    /// <summary>By whom the caches are filled.</summary>
    public Client Client { get; } = client;
    /// <summary>How they treat their connections.</summary>
    public InformerOptions Options { get; } = options ?? new();

    /// <summary>The cache of a kind.</summary>
    public Informer<T> For<T>(CacheScope? scope = null) where T : class, IKind<T> => Get(Client.For<T>(), scope);

    /// <summary>The cache of a kind that is not known when compiling.</summary>
    public Informer<DynamicObject> Dynamic(ApiResource resource, CacheScope? scope = null) => Get(Client.Dynamic(resource), scope);

    /// <summary>A cache of the metadata of a kind: a fraction of the memory.</summary>
    public Informer<PartialObject> Metadata(ApiResource resource, CacheScope? scope = null) => Get(Client.Metadata(resource), scope);
    /// <summary>A cache of the metadata of a kind.</summary>
    public Informer<PartialObject> Metadata<T>(CacheScope? scope = null) where T : class, IKind<T> => Metadata(ApiResource.Of<T>(), scope);

    private Informer<T> Get<T>(ResourceClient<T> source, CacheScope? scope) where T : class, IKubernetesObject
    {
        scope ??= CacheScope.All;
        lock (gate)
        {
            if (informers.TryGetValue((typeof(T), source.Resource, scope), out var known)) return (Informer<T>)known;
            var informer = new Informer<T>(source, scope, Options);
            informers[(typeof(T), source.Resource, scope)] = informer;
            if (started is { } cancel) running.Add(informer.RunAsync(cancel));
            return informer;
        }
    }

    /// <summary>Starts all informers; they run until cancelled.</summary>
    public void Start(CancellationToken cancel)
    {
        lock (gate)
        {
            if (started is not null) throw new InvalidOperationException("the informers have been started already");
            started = cancel;
            foreach (var informer in informers.Values) running.Add(informer.RunAsync(cancel));
        }
    }

    /// <summary>Completes when every cache asked for so far is filled.</summary>
    public Task WaitForSyncAsync(CancellationToken cancel = default) => Waits.All([.. Snapshot().Select(informer => informer.WaitForSyncAsync(cancel))]);

    /// <summary>Completes when the informers have ended, which they do when cancelled.</summary>
    public Task WaitForEndAsync()
    {
        lock (gate) return Waits.All([.. running]);
    }

    /// <summary>Throws InvalidOperationException when someone changed a cached object. Finds nothing unless <see cref="InformerOptions.DetectMutations"/> is on.</summary>
    public void CheckForMutations()
    {
        foreach (var informer in Snapshot()) informer.CheckForMutations();
    }

    /// <summary>The informers asked for so far.</summary>
    public IReadOnlyList<Informer> Snapshot()
    {
        lock (gate) return [.. informers.Values];
    }
}
