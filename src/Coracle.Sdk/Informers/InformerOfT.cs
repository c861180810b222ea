using System.Text.Json;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>
/// A local copy of the objects of one kind, kept up to date by list and watch, and the source of changes to it. Objects are shared between all
/// who read them and must not be changed: take a DeepCopy for that. Methods may be called from any thread.
/// </summary>
public sealed class Informer<T> : Informer where T : class, IKubernetesObject
{
    private readonly ResourceClient<T> source;
    private readonly InformerOptions options;
    private readonly ObjectStore<T> store = new();
    private readonly Backoff backoff;
    private readonly MutationCheck<T>? mutations;

    // Held while a change is applied and told, so that handlers see changes in order and a late handler misses none. Readers never take it.
    private readonly Lock order = new();
    private readonly List<Action<Delta<T>>> handlers = [];

    internal Informer(ResourceClient<T> source, CacheScope scope, InformerOptions options) : base(source.Client, source.Resource, scope)
    {
        this.source = source;
        this.options = options;
        if (options.DetectMutations) mutations = new(source.Codec);
        backoff = new(options, source.Client.Time, source.Client.Random);
    }

    // Reading

    /// <summary>How many objects there are.</summary>
    public int Count => store.Count;

    /// <summary>The object, or null when the cache has none of this name.</summary>
    public T? Get(Key key) => store.Get(key);

    /// <summary>All objects, in no order that callers may lean on.</summary>
    public IReadOnlyList<T> List() => store.All();

    /// <summary>The objects of a namespace.</summary>
    public IReadOnlyList<T> List(string ns) => store.InNamespace(ns);

    /// <summary>The objects of a namespace that a selector matches.</summary>
    public IReadOnlyList<T> List(string ns, Selector selector) => [.. store.InNamespace(ns).Where(obj => selector.Matches(obj.Metadata.Labels))];

    /// <summary>The objects that name this uid among their owners, as controller or not.</summary>
    public IReadOnlyList<T> OwnedBy(string uid) => store.OwnedBy(uid);

    /// <summary>An index under this name, made when there is none: pods.Index("spec.nodeName", pod => [pod.Spec.NodeName]).Get("n1").</summary>
    public ObjectIndex<T> Index(string name, Func<T, IEnumerable<string>> values) => store.Index(name, values);

    // Telling

    /// <summary>
    /// Calls a handler with every change, in order, once the cache shows it; what the cache holds already is told first, as Added. Handlers
    /// must be quick and not throw: they add to queues. Dispose what is returned to end it.
    /// </summary>
    public IDisposable Subscribe(Action<Delta<T>> handler)
    {
        lock (order)
        {
            foreach (var obj in store.All()) handler(new(DeltaType.Added, null, obj) { Initial = true });
            handlers.Add(handler);
        }
        return new Subscription(this, handler);
    }

    /// <summary>As <see cref="Subscribe(Action{Delta{T}})"/>, and every object again once each <paramref name="resync"/>, spread evenly over that time.</summary>
    public IDisposable Subscribe(Action<Delta<T>> handler, TimeSpan resync) => new ResyncSubscription<T>(this, handler, resync, order);

    private void Unsubscribe(Action<Delta<T>> handler)
    {
        lock (order) handlers.Remove(handler);
    }

    private sealed class Subscription(Informer<T> informer, Action<Delta<T>> handler) : IDisposable
    {
        public void Dispose() => informer.Unsubscribe(handler);
    }

    internal override Task WaitForDeletionAsync(Key key, string uid) =>
        progress.WaitUntil(key, () => store.Get(key) is not { } obj || (uid.Length > 0 && obj.Metadata.Uid != uid) || obj.Metadata.DeletionTimestamp is not null);

    // The state machine

    private static readonly TimeSpan SuspectAfter = TimeSpan.FromSeconds(10);

    private abstract record State
    {
        /// <summary>The pages of a list come in; none is shown before the last one is here.</summary>
        public sealed record Listing(List<T> Items, string Continue, bool Paged) : State;

        /// <summary>The objects come in through a watch, up to the bookmark that ends them.</summary>
        public sealed record Streaming(Watcher<T> Watch, Dictionary<Key, T> Items) : State;

        /// <summary>The cache is as of its version; a watch from there is to be opened.</summary>
        public sealed record Connecting : State;

        /// <summary>Events come in, one a step.</summary>
        public sealed record Watching(Watcher<T> Watch, long Since, int Events) : State;

        /// <summary>Something failed: wait, then go on with the next state.</summary>
        public sealed record Waiting(TimeSpan For, State Next) : State;
    }

    private State Start => new State.Listing([], "", options.PageSize > 0);

    private Renewable? running;
    private long connected;

    internal override void Suspect()
    {
        if (Client.Time.GetElapsedTime(Volatile.Read(ref connected)) > SuspectAfter) running?.Expire();
    }

    internal override async Task RunAsync(CancellationToken cancel)
    {
        var state = Start;
        using var deadline = running = new Renewable(Client.Time, cancel);
        try
        {
            while (!cancel.IsCancellationRequested) state = await StepAsync(state, deadline, cancel);
        }
        catch (Exception) when (cancel.IsCancellationRequested) { }
        finally
        {
            await CloseAsync(state);
        }
    }

    /// <summary>
    /// One step from one state to the next. What fails is told in <see cref="Informer.Failure"/> and leads, after a wait, to where the copy can be
    /// mended: broken connections resume from the cache's version, a version too old starts the list anew.
    /// </summary>
    private async ValueTask<State> StepAsync(State state, Renewable deadline, CancellationToken cancel)
    {
        try
        {
            return state switch
            {
                State.Listing when options.StreamInitialList => await OpenStreamAsync(deadline),
                State.Listing listing => await ListAsync(listing, deadline),
                State.Streaming streaming => await StreamAsync(streaming, deadline),
                State.Connecting => await ConnectAsync(deadline),
                State.Watching watching => await WatchAsync(watching, deadline),
                State.Waiting waiting => await WaitAsync(waiting, cancel),
                _ => throw new InvalidOperationException($"an informer in state {state}"),
            };
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            // Whatever it was: an informer that ends silently is the worst that can happen to those who read it.
            await CloseAsync(state);
            return Fail(state, failure is OperationCanceledException ? new TimeoutException($"no answer about {Resource.GroupResource} in time", failure) : failure);
        }
    }

    private State Fail(State state, Exception failure)
    {
        Failure = failure;
        var next = state switch
        {
            // A continue token that expired: pages would expire again, so all at once.
            State.Listing { Continue.Length: > 0 } when failure is ApiException { IsGone: true } => new State.Listing([], "", Paged: false),
            State.Listing or State.Streaming => Start,
            _ when failure is ApiException { Status: { IsGone: true } or { IsTooLargeResourceVersion: true } } => Start,
            _ => new State.Connecting(),
        };
        var wait = backoff.Next();
        Client.Metrics.Counter("coracle_sdk_informer_failures_total", "Lists and watches that failed, by resource.", "resource").With(Resource.GroupResource).Add();
        Client.Log(LogSeverity.Warning, "informer", $"{Resource.GroupResource}: {failure.Message}; again in {wait.TotalSeconds:0.0} s", failure);
        return new State.Waiting(wait, next);
    }

    private async ValueTask<State> WaitAsync(State.Waiting waiting, CancellationToken cancel)
    {
        await Task.Delay(waiting.For, Client.Time, cancel);
        return waiting.Next;
    }

    private async ValueTask<State> ListAsync(State.Listing listing, Renewable deadline)
    {
        var page = await deadline.RunAsync(options.CallTimeout, token => source.ListAsync(Scope.Namespace, new()
        {
            LabelSelector = Scope.LabelSelector, FieldSelector = Scope.FieldSelector,
            Limit = listing.Paged ? options.PageSize : null, Continue = listing.Continue,
        }, token));
        listing.Items.AddRange(page.Items);
        if (page.Continue.Length > 0) return listing with { Continue = page.Continue };
        if (page.ResourceVersion.Length == 0) throw new JsonException("a list without a resourceVersion");
        var items = new Dictionary<Key, T>(listing.Items.Count);
        foreach (var item in listing.Items) items[Key.Of(item)] = Trim(item);
        Replace(items, page.ResourceVersion);
        return new State.Connecting();
    }

    private async ValueTask<State> OpenStreamAsync(Renewable deadline) =>
        new State.Streaming(await OpenAsync(deadline, "", initial: true), []);

    private async ValueTask<State> StreamAsync(State.Streaming streaming, Renewable deadline)
    {
        var next = await deadline.RunAsync(options.SilenceLimit, streaming.Watch.NextAsync)
            ?? throw new TransportException("the watch ended before its initial events did");
        switch (next.Type)
        {
            case WatchEventType.Error: throw new ApiException(next.Status!);
            case WatchEventType.Deleted: streaming.Items.Remove(Key.Of(next.Object!)); break;
            case WatchEventType.Bookmark when next.InitialEventsEnd:
                Replace(streaming.Items, next.ResourceVersion);
                Failure = null;
                Volatile.Write(ref connected, Client.Time.GetTimestamp());
                return new State.Watching(streaming.Watch, Client.Time.GetTimestamp(), 1);
            case WatchEventType.Bookmark: break;
            default: streaming.Items[Key.Of(next.Object!)] = Trim(next.Object!); break;
        }
        return streaming;
    }

    private async ValueTask<State> ConnectAsync(Renewable deadline)
    {
        var watch = await OpenAsync(deadline, ResourceVersion, initial: false);
        Failure = null;
        Volatile.Write(ref connected, Client.Time.GetTimestamp());
        return new State.Watching(watch, Client.Time.GetTimestamp(), 0);
    }

    private ValueTask<Watcher<T>> OpenAsync(Renewable deadline, string from, bool initial) => deadline.RunAsync(options.CallTimeout, token => source.WatchAsync(Scope.Namespace, new()
    {
        LabelSelector = Scope.LabelSelector, FieldSelector = Scope.FieldSelector,
        ResourceVersion = from, SendInitialEvents = initial, Timeout = Client.Random.Jitter(options.WatchTimeout, 1),
    }, token));

    private async ValueTask<State> WatchAsync(State.Watching watching, Renewable deadline)
    {
        var next = await deadline.RunAsync(options.SilenceLimit, watching.Watch.NextAsync);
        if (next is null)
        {
            await watching.Watch.DisposeAsync();
            if (watching.Events == 0 && Client.Time.GetElapsedTime(watching.Since) < TimeSpan.FromSeconds(1))
                throw new TransportException("the server ended the watch as soon as it began");
            return new State.Connecting();
        }
        if (next.Type == WatchEventType.Error) throw new ApiException(next.Status!);
        Apply(next);
        return watching with { Events = 1 };
    }

    private static ValueTask CloseAsync(State state) => state switch
    {
        State.Streaming streaming => streaming.Watch.DisposeAsync(),
        State.Watching watching => watching.Watch.DisposeAsync(),
        _ => default,
    };

    // Changing the cache

    private T Trim(T obj)
    {
        if (!options.KeepManagedFields) obj.Metadata.ManagedFields = null;
        return obj;
    }

    private void Apply(WatchEvent<T> next)
    {
        lock (order)
        {
            if (next.Type == WatchEventType.Deleted) Remove(Key.Of(next.Object!), next.Object!);
            else if (next.Type != WatchEventType.Bookmark) Set(Trim(next.Object!), initial: false);
            progress.Advance(next.ResourceVersion);
        }
    }

    /// <summary>Brings the cache to what was listed, by the deltas that it takes.</summary>
    private void Replace(Dictionary<Key, T> items, string version)
    {
        lock (order)
        {
            foreach (var old in store.All())
                if (!items.ContainsKey(Key.Of(old))) Remove(Key.Of(old), old);
            foreach (var item in items.Values) Set(item, initial: !HasSynced);
            progress.Restart(version);
        }
    }

    private void Set(T obj, bool initial)
    {
        var key = Key.Of(obj);
        var old = store.Get(key);
        if (old is not null && old.Metadata.Uid != obj.Metadata.Uid)
        {
            // The name was given to another object while the watch was broken: to handlers these are two events.
            Remove(key, old);
            old = null;
        }
        if (old is not null && old.Metadata.ResourceVersion == obj.Metadata.ResourceVersion) return;
        store.Set(obj);
        mutations?.Came(obj);
        Tell(new(old is null ? DeltaType.Added : DeltaType.Updated, old, obj) { Initial = initial });
        progress.Changed(key);
    }

    private void Remove(Key key, T last)
    {
        if (store.Get(key) is not { } old || old.Metadata.Uid != last.Metadata.Uid) return;
        store.Remove(key);
        mutations?.Went(key);
        Tell(new(DeltaType.Deleted, last, null));
        progress.Changed(key);
    }

    internal override void CheckForMutations()
    {
        if (mutations is null) return;
        lock (order)
            foreach (var obj in store.All())
                if (mutations.Find(Key.Of(obj), obj) is { } found) throw new InvalidOperationException(found);
    }

    private void Tell(Delta<T> delta)
    {
        foreach (var handler in handlers)
        {
            try
            {
                handler(delta);
            }
            catch (Exception failure)
            {
                // One controller's fault must not take the cache of all others with it.
                Client.Log(LogSeverity.Error, "informer", $"a handler of {Resource.GroupResource} failed on {delta.Key}", failure);
            }
        }
    }
}
