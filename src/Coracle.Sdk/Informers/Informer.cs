using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>What all informers have, whatever their objects' type.</summary>
public abstract class Informer
{
    private protected Informer(Client client, ApiResource resource, CacheScope scope)
    {
        Client = client;
        Resource = resource;
        Scope = scope;
        selector = Selector.Parse(scope.LabelSelector);
    }

    private readonly Selector selector;
    private protected readonly CacheProgress progress = new();

    /// <summary>By whom it is filled.</summary>
    public Client Client { get; }
    /// <summary>Of which resource.</summary>
    public ApiResource Resource { get; }
    /// <summary>Which objects it holds.</summary>
    public CacheScope Scope { get; }

    /// <summary>The cache holds, or has held, what the server listed.</summary>
    public bool HasSynced => progress.HasSynced;

    /// <summary>The version up to which the cache has seen all changes; "" before the first list.</summary>
    public string ResourceVersion => progress.Version;

    /// <summary>Why the last list or watch failed; null while all is well.</summary>
    public Exception? Failure { get; private protected set; }

    /// <summary>Completes when the cache holds what the server listed.</summary>
    public Task WaitForSyncAsync(CancellationToken cancel = default) => progress.Synced.Or(cancel);

    /// <summary>Completes when the cache has seen this version, such as that of an object just written. Versions that are not numbers are not waited for.</summary>
    public Task WaitForAsync(string resourceVersion, CancellationToken cancel = default) => progress.WaitFor(resourceVersion).Or(cancel);

    /// <summary>Keeps the cache up to date until cancelled. Called once, by the <see cref="InformerSet"/> it belongs to.</summary>
    internal abstract Task RunAsync(CancellationToken cancel);

    /// <summary>Completes when this cache no longer shows the object as it was before its deletion was asked for.</summary>
    internal abstract Task WaitForDeletionAsync(Key key, string uid);

    /// <summary>Throws when someone changed a cached object.</summary>
    internal abstract void CheckForMutations();

    /// <summary>The cache does not show what the server has acknowledged: its watch, if it is not quite new, is taken for dead and opened anew.</summary>
    internal abstract void Suspect();

    /// <summary>A write of an object like this will show up in this cache.</summary>
    internal bool Covers(ObjectMeta meta) =>
        Scope.FieldSelector.Length == 0 && (Scope.Namespace.Length == 0 || Scope.Namespace == meta.Namespace) && selector.Matches(meta.Labels);

    internal bool Covers(Key key) => Scope.Namespace.Length == 0 || Scope.Namespace == key.Namespace;
}
