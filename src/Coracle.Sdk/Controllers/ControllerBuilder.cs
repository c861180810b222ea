using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>
/// Says which changes call a reconciler, and with which keys:
/// <code>
/// new ControllerBuilder("replicaset", informers).For&lt;ReplicaSet&gt;().Owns&lt;Pod&gt;().Workers(5).Build(new ReplicaSetReconciler(client, informers))
/// </code>
/// </summary>
public sealed class ControllerBuilder
{
    private readonly List<Func<Controller, IDisposable?>> sources = [];
    private readonly HashSet<Informer> reads = [];
    private ApiResource? main;
    private bool hasStatus;
    private bool owns;
    private int workers = 1;
    private WorkQueueOptions queue = new();
    private TimeSpan? timeout;

    /// <param name="name">In metrics, logs and, with Client.As(name), in the server's records.</param>
    /// <param name="informers">The caches that the controller shares with others.</param>
    public ControllerBuilder(string name, InformerSet informers)
    {
        Name = name;
        Informers = informers;
    }

    /// <summary>The controller's name.</summary>
    public string Name { get; }
    /// <summary>The caches that it shares.</summary>
    public InformerSet Informers { get; }

    /// <summary>Every object of this kind is reconciled under its own key.</summary>
    public ControllerBuilder For<T>(Func<Delta<T>, bool>? when = null, CacheScope? scope = null) where T : class, IKind<T>
    {
        hasStatus = T.Info.HasStatus;
        return For(Informers.For<T>(scope), when);
    }

    /// <summary>Every object of this cache is reconciled under its own key.</summary>
    public ControllerBuilder For<T>(Informer<T> informer, Func<Delta<T>, bool>? when = null) where T : class, IKubernetesObject
    {
        main = informer.Resource;
        return Watches(informer, static obj => [Key.Of(obj)], when);
    }

    /// <summary>A change of an object whose controller (the owner reference that says so) is of the For kind calls for that owner. Say For first.</summary>
    public ControllerBuilder Owns<T>(Func<Delta<T>, bool>? when = null, CacheScope? scope = null) where T : class, IKind<T> => Owns(Informers.For<T>(scope), when);

    /// <summary>As the other Owns, with the objects of this cache.</summary>
    public ControllerBuilder Owns<T>(Informer<T> informer, Func<Delta<T>, bool>? when = null) where T : class, IKubernetesObject
    {
        var owner = main ?? throw new InvalidOperationException("say For before Owns");
        owns = true;
        return Watches(informer, obj => OwnerKeys(obj.Metadata, owner), when);
    }

    /// <summary>A change of an object calls for the keys that <paramref name="map"/> finds, for the object as it was and as it is.</summary>
    public ControllerBuilder Watches<T>(Func<T, IEnumerable<Key>> map, Func<Delta<T>, bool>? when = null, CacheScope? scope = null) where T : class, IKind<T> =>
        Watches(Informers.For<T>(scope), map, when);

    /// <summary>As the other Watches, with the objects of this cache.</summary>
    public ControllerBuilder Watches<T>(Informer<T> informer, Func<T, IEnumerable<Key>> map, Func<Delta<T>, bool>? when = null) where T : class, IKubernetesObject
    {
        reads.Add(informer);
        sources.Add(controller => informer.Subscribe(delta =>
        {
            if (when is not null && !when(delta)) return;
            var priority = delta.Initial || delta.Resync ? Priority.Low : Priority.Normal;
            foreach (var key in Keys(delta, map)) controller.Enqueue(key, priority);
        }));
        return this;
    }

    // Each key once: a worker that waits would begin with the first and have to begin again for the second.
    private static IEnumerable<Key> Keys<T>(Delta<T> delta, Func<T, IEnumerable<Key>> map) where T : class, IKubernetesObject
    {
        if (delta.Old is not { } old || ReferenceEquals(old, delta.New)) return map(delta.Object).Distinct();
        return delta.New is { } current ? map(old).Concat(map(current)).Distinct() : map(old).Distinct();
    }

    /// <summary>
    /// The reconciler reads this cache, whose changes call nothing: it is filled before the controller starts, and shows the controller's own writes.
    /// </summary>
    public ControllerBuilder Reads<T>(CacheScope? scope = null) where T : class, IKind<T> => Reads(Informers.For<T>(scope));
    /// <summary>As the other Reads, with this cache.</summary>
    public ControllerBuilder Reads(Informer informer)
    {
        reads.Add(informer);
        return this;
    }

    /// <summary>Anything else that calls: <paramref name="start"/> gets the controller to Enqueue keys with, when it starts.</summary>
    public ControllerBuilder Source(Action<Controller> start)
    {
        sources.Add(controller =>
        {
            start(controller);
            return null;
        });
        return this;
    }

    /// <summary>How many keys may be reconciled at once; 1 unless said.</summary>
    public ControllerBuilder Workers(int count)
    {
        workers = count;
        return this;
    }

    /// <summary>How keys wait, and how failures are tried again.</summary>
    public ControllerBuilder Queue(WorkQueueOptions options)
    {
        queue = options;
        return this;
    }

    /// <summary>A reconcile that takes longer is cancelled and fails.</summary>
    public ControllerBuilder ReconcileTimeout(TimeSpan limit)
    {
        timeout = limit;
        return this;
    }

    /// <summary>The controller, to be added to a host.</summary>
    public Controller Build(IReconciler reconciler) =>
        new(Name, Informers.Client, reconciler, [.. reads], sources, workers, queue with { Name = queue.Name.Length > 0 ? queue.Name : Name }, timeout, Rules(reconciler));

    private List<RbacRule> Rules(IReconciler reconciler)
    {
        List<RbacRule> rules = [.. reads.Select(Rbac.Reading)];
        if (main is not null) rules.AddRange(Rbac.Of(main, hasStatus, owns));
        if (reconciler is IDeclaredRules declared) rules.AddRange(declared.Rules);
        return rules;
    }

    /// <summary>The controller of a function.</summary>
    public Controller Build(Func<Key, CancellationToken, ValueTask<Result>> reconcile) => Build(new Delegated(reconcile));

    private sealed class Delegated(Func<Key, CancellationToken, ValueTask<Result>> reconcile) : IReconciler
    {
        public ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel) => reconcile(key, cancel);
    }

    private static IEnumerable<Key> OwnerKeys(ObjectMeta meta, ApiResource owner)
    {
        foreach (var reference in meta.OwnerReferences ?? [])
            if (reference.Controller == true && reference.Kind == owner.Kind && GroupOf(reference.ApiVersion) == owner.Group)
                yield return new(owner.Namespaced ? meta.Namespace : "", reference.Name);
    }

    private static string GroupOf(string apiVersion)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? "" : apiVersion[..slash];
    }
}
