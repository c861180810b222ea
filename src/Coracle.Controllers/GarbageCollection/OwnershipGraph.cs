using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.GarbageCollection;

/// <summary>An object of the graph, and the cache it is in.</summary>
internal sealed record Vertex(ApiResource Resource, PartialObject Object);

/// <summary>
/// Who owns what, over all kinds: the metadata caches, each of which finds objects by their owners' uids, and where an object of a uid is. Changes
/// come out as the uids that must be looked at (upstream: graph_builder.go).
/// </summary>
internal sealed class OwnershipGraph(InformerSet informers, EventRecorder events)
{
    private readonly Lock gate = new();
    private readonly Dictionary<ApiResource, Informer<PartialObject>> caches = [];
    private readonly Dictionary<string, (Informer<PartialObject> Cache, Key Key)> places = [];
    private IReadOnlyList<Informer<PartialObject>> all = [];
    private Action<string> look = static _ => { };
    private bool complete;

    /// <summary>Follows these kinds too. Nothing is told before <see cref="Complete"/>: an owner whose cache is not filled is not missing.</summary>
    /// <returns>The caches that are new.</returns>
    public IReadOnlyList<Informer<PartialObject>> Follow(IEnumerable<ApiResource> resources)
    {
        var added = new List<Informer<PartialObject>>();
        foreach (var resource in resources)
        {
            lock (gate)
            {
                if (caches.ContainsKey(resource)) continue;
                var cache = informers.Metadata(resource);
                caches[resource] = cache;
                all = [.. caches.Values];
                added.Add(cache);
            }
        }
        foreach (var cache in added) cache.Subscribe(delta => Apply(cache, delta));
        return added;
    }

    /// <summary>Follows these kinds, and tells of their changes at once.</summary>
    public void Follow(IReadOnlyList<ApiResource> resources, Action changed)
    {
        foreach (var cache in Follow(resources))
            cache.Subscribe(delta =>
            {
                if (!delta.Resync) changed();
            });
    }

    /// <summary>From now on changes are told, and all that is there already, once.</summary>
    public void Complete(Action<string> tell)
    {
        lock (gate)
        {
            if (complete) return;
            look = tell;
            complete = true;
        }
        foreach (var cache in all)
            foreach (var obj in cache.List()) Changed(null, obj);
    }

    public Vertex? Find(string uid)
    {
        (Informer<PartialObject> Cache, Key Key) place;
        lock (gate)
            if (!places.TryGetValue(uid, out place)) return null;
        return place.Cache.Get(place.Key) is { } obj && obj.Metadata.Uid == uid ? new(place.Cache.Resource, obj) : null;
    }

    /// <summary>All objects that name this uid among their owners.</summary>
    public List<Vertex> Dependents(string uid)
    {
        var found = new List<Vertex>();
        foreach (var cache in all)
            foreach (var obj in cache.OwnedBy(uid)) found.Add(new(cache.Resource, obj));
        return found;
    }

    private void Apply(Informer<PartialObject> cache, Delta<PartialObject> delta)
    {
        var uid = delta.Object.Metadata.Uid;
        lock (gate)
        {
            if (delta.New is not null) places[uid] = (cache, delta.Key);
            else places.Remove(uid);
            if (!complete) return;
        }
        if (delta.New is null) Gone(delta.Object);
        else if (!delta.Resync) Changed(delta.Old, delta.New);
    }

    private void Gone(PartialObject obj)
    {
        foreach (var dependent in Dependents(obj.Metadata.Uid)) look(dependent.Object.Metadata.Uid);
        LookAtWaitingOwners(obj);
    }

    /// <summary>1. Deletion has begun, and something is to be done before it ends. 2. An owner is not there. 3. An owner waits for this object.</summary>
    private void Changed(PartialObject? old, PartialObject obj)
    {
        if (Deletions.IsOrphaning(obj) || Deletions.IsForeground(obj)) look(obj.Metadata.Uid);        // 1
        if (obj.Metadata.DeletionTimestamp is null && LacksOwner(old, obj)) look(obj.Metadata.Uid);   // 2
        LookAtWaitingOwners(obj);                                                                     // 3
        if (old is not null) LookAtWaitingOwners(old);
    }

    private bool LacksOwner(PartialObject? old, PartialObject obj)
    {
        var lacks = false;
        foreach (var owner in obj.Metadata.OwnerReferences ?? [])
        {
            var found = Find(owner.Uid);
            if (found is not null && found.Object.Kind == owner.Kind && found.Object.Metadata.Name == owner.Name && IsReachable(found, obj)) continue;
            lacks = true;
            if (found is not null && !IsReachable(found, obj) && old?.Metadata.OwnerReferences?.Exists(o => o.Uid == owner.Uid) != true) TellUnreachable(obj, owner);
        }
        return lacks;
    }

    // Owners are of the same namespace, or of none.
    private static bool IsReachable(Vertex owner, PartialObject dependent) => !owner.Resource.Namespaced || owner.Object.Metadata.Namespace == dependent.Metadata.Namespace;

    private void TellUnreachable(PartialObject obj, OwnerReference owner) => events.Warning(obj, "OwnerRefInvalidNamespace",
        $"ownerRef [{owner.ApiVersion}/{owner.Kind}, namespace: {obj.Metadata.Namespace}, name: {owner.Name}, uid: {owner.Uid}] does not exist in namespace \"{obj.Metadata.Namespace}\"");

    private void LookAtWaitingOwners(PartialObject obj)
    {
        foreach (var owner in obj.Metadata.OwnerReferences ?? [])
            if (Find(owner.Uid) is { } waiting && Deletions.IsForeground(waiting.Object)) look(owner.Uid);
    }
}
