using System.Collections.Immutable;
using Coracle.Kinds.Apiextensions.V1;
using Coracle.Kinds.ApiRegistration.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.GarbageCollection;

/// <summary>
/// Deletes objects whose owners are all gone, lets owners go once their dependents did (deletion in the foreground), and frees dependents from an owner that
/// goes without them (orphans) (upstream: pkg/controller/garbagecollector). It follows the metadata of all kinds that the server lists, new ones
/// included; what it acts upon, it asks the server for first.
/// </summary>
public sealed class GarbageReconciler : IReconciler
{
    public const string Name = "garbage-collector-controller";
    private const int Workers = 20;

    private static readonly Key DiscoveryKey = new("", "discovery");
    private static readonly TimeSpan DiscoveryPeriod = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FillLimit = TimeSpan.FromSeconds(30); // a kind that cannot be listed must not hold up all others
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(10);

    private readonly Client client;
    private readonly OwnershipGraph graph;
    private readonly OwnerLookup owners;
    private readonly MetadataChanges changes;
    private Controller? controller;
    private Discovery? discovered;

    // Those with an owner of a kind that is not known, to be looked at once it is.
    private ImmutableHashSet<string> unknown = [];

    private GarbageReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        graph = new(informers, new(client, Name));
        owners = new(client, graph);
        changes = new(client);
    }

    public static Controller NewController(InformerSet informers)
    {
        var reconciler = new GarbageReconciler(informers.Client.As("generic-garbage-collector"), informers);
        return new ControllerBuilder(Name, informers).Source(reconciler.Start).Workers(Workers).Build(reconciler);
    }

    // What is defined anew is followed at once, not when it is looked for the next time.
    private void Start(Controller started)
    {
        controller = started;
        started.Enqueue(DiscoveryKey);
        graph.Follow([ApiResource.Of<CustomResourceDefinition>(), ApiResource.Of<APIService>()], () => started.EnqueueAfter(DiscoveryKey, Settling));
    }

    private void Look(string uid) => controller!.Enqueue(new("uid", uid));

    public ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel) =>
        key == DiscoveryKey ? DiscoverAsync(cancel) : graph.Find(key.Name) is { } vertex ? CollectAsync(vertex, cancel) : ValueTask.FromResult(Result.Done);

    /// <summary>1. What does the server have? 2. Fill the caches of what is new. 3. The first time: look at everything.</summary>
    private async ValueTask<Result> DiscoverAsync(CancellationToken cancel)
    {
        var found = discovered = await Discovery.ReadAsync(client, discovered, cancel);                               // 1
        owners.Use(found);
        var caches = graph.Follow(found.Preferred.Where(IsCollected).Select(static r => r.Resource));
        var limit = client.Time.GetTimestamp();
        foreach (var cache in caches)                                                                            // 2
        {
            var left = FillLimit - client.Time.GetElapsedTime(limit);
            if (left > TimeSpan.Zero) await cache.WaitForSyncAsync(cancel).Within(left, client.Time);
        }
        graph.Complete(Look);                                                                                    // 3
        foreach (var uid in Interlocked.Exchange(ref unknown, [])) Look(uid);
        return Result.After(DiscoveryPeriod);
    }

    private static bool IsCollected(DiscoveredResource resource) =>
        resource.Can("delete") && resource.Can("list") && resource.Can("watch") && resource.Resource is not { Plural: "events", Group: "" or "events.k8s.io" };

    private async ValueTask<Result> CollectAsync(Vertex vertex, CancellationToken cancel)
    {
        if (Deletions.IsOrphaning(vertex.Object)) return await OrphanAsync(vertex, cancel);
        if (Deletions.IsForeground(vertex.Object)) return await WaitForDependentsAsync(vertex, cancel);
        if (vertex.Object.Metadata.DeletionTimestamp is not null || vertex.Object.Metadata.OwnerReferences is not { Count: > 0 }) return Result.Done;
        return await JudgeAsync(vertex, cancel);
    }

    /// <summary>Frees all dependents, then the owner.</summary>
    private async ValueTask<Result> OrphanAsync(Vertex vertex, CancellationToken cancel)
    {
        var uid = vertex.Object.Metadata.Uid;
        foreach (var dependent in graph.Dependents(uid)) await changes.RemoveOwnersAsync(dependent, [uid], cancel);
        await changes.RemoveFinalizerAsync(vertex, Deletions.Orphan, cancel);
        return Result.Done;
    }

    /// <summary>Lets the owner go when nothing blocks it any more; until then what does is looked at. The end of each calls again.</summary>
    private async ValueTask<Result> WaitForDependentsAsync(Vertex vertex, CancellationToken cancel)
    {
        var blocking = graph.Dependents(vertex.Object.Metadata.Uid).Where(d => Deletions.Blocks(d.Object, vertex.Object.Metadata.Uid)).ToList();
        foreach (var dependent in blocking)
            if (!Deletions.IsForeground(dependent.Object)) Look(dependent.Object.Metadata.Uid);
        if (blocking.Count == 0) await changes.RemoveFinalizerAsync(vertex, Deletions.Foreground, cancel);
        return Result.Done;
    }

    /// <summary>
    /// 1. The object as it is now. 2. With an owner that stays, it stays: references to others are dropped. 3. With owners that only wait for it, it goes in
    /// the foreground as well when it has dependents. 4. Without any owner it goes.
    /// </summary>
    private async ValueTask<Result> JudgeAsync(Vertex vertex, CancellationToken cancel)
    {
        var latest = await client.Metadata(vertex.Resource).TryGetAsync(Key.Of(vertex.Object), cancel);
        if (latest is not { Metadata: { DeletionTimestamp: null, OwnerReferences.Count: > 0 } } || latest.Metadata.Uid != vertex.Object.Metadata.Uid) return Result.Done; // 1
        var states = await owners.ClassifyAsync(latest, cancel);
        if (states.Unreachable) return Result.Done;
        if (states.Unknown)
        {
            ImmutableInterlocked.Update(ref unknown, static (all, uid) => all.Add(uid), latest.Metadata.Uid);
            return Result.After(LookAgain);
        }
        if (states.Solid.Count > 0)                                                                                                    // 2
        {
            if (states.Dangling.Count + states.Waiting.Count > 0)
                await changes.RemoveOwnersAsync(vertex, [.. states.Dangling.Concat(states.Waiting).Select(static o => o.Uid)], cancel);
            return states.Unseen ? Result.After(LookAgain) : Result.Done;
        }
        var dependents = states.Waiting.Count > 0 ? graph.Dependents(latest.Metadata.Uid) : [];
        if (dependents.Count == 0) return await DeleteAsync(vertex, latest, Deletions.HowToPassOn(latest), cancel);                    // 4
        if (dependents.Exists(static d => Deletions.IsForeground(d.Object)))
        {
            // A circle, perhaps: each would wait for the next for ever.
            await changes.UnblockOwnersAsync(vertex, cancel);
            if (await client.Metadata(vertex.Resource).TryGetAsync(Key.Of(latest), cancel) is not { } unblocked || unblocked.Metadata.Uid != latest.Metadata.Uid) return Result.Done;
            latest = unblocked;
        }
        return await DeleteAsync(vertex, latest, Propagation.Foreground, cancel);                                                      // 3
    }

    /// <summary>Deletes the object in the version that was judged, and in no other.</summary>
    private async ValueTask<Result> DeleteAsync(Vertex vertex, PartialObject latest, Propagation how, CancellationToken cancel)
    {
        var deletion = new Deletion { Propagation = how, Uid = latest.Metadata.Uid, ResourceVersion = latest.Metadata.ResourceVersion };
        var refused = await client.Metadata(vertex.Resource).TryDeleteAsync(Key.Of(latest), deletion, cancel);
        return refused is null or { IsNotFound: true } ? Result.Done : refused.IsConflict ? Result.After(Soon) : Result.Fail(new ApiException(refused));
    }
}
