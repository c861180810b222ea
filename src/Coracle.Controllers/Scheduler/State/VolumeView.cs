using Coracle.Controllers.Volumes;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Storage.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Scheduling;

/// <summary>
/// Claims and volumes, as the caches tell and as the scheduler has decided: what it gave to a pod counts from that moment on, until the cache shows a newer
/// version or the pod does not come to its node after all (volumebinding/assume_cache.go). Used on the scheduling loop and beside it.
/// </summary>
public sealed class VolumeView
{
    private readonly Informer<PersistentVolume> volumes;
    private readonly Informer<PersistentVolumeClaim> claims;
    private readonly Informer<StorageClass> classes;
    private readonly ObjectIndex<PersistentVolume> byClass;
    private readonly Informer<CSINode> csiNodes;
    private readonly Informer<CSIDriver> drivers;
    private readonly Informer<CSIStorageCapacity> capacities;
    private readonly ObjectIndex<CSIStorageCapacity> capacitiesByClass;
    private readonly Informer<VolumeAttachment> attachments;
    private readonly ObjectIndex<VolumeAttachment> attachmentsByNode;
    private readonly Lock gate = new();
    private readonly Dictionary<string, PersistentVolume> assumedVolumes = new(StringComparer.Ordinal);
    private readonly Dictionary<Key, PersistentVolumeClaim> assumedClaims = [];

    internal VolumeView(InformerSet informers)
    {
        (volumes, claims, classes) = (informers.For<PersistentVolume>(), informers.For<PersistentVolumeClaim>(), informers.For<StorageClass>());
        byClass = volumes.Index("class", static volume => [VolumeFacts.ClassOf(volume)]);
        (csiNodes, drivers, capacities, attachments) = (informers.For<CSINode>(), informers.For<CSIDriver>(), informers.For<CSIStorageCapacity>(), informers.For<VolumeAttachment>());
        capacitiesByClass = capacities.Index("storageClassName", static capacity => [capacity.StorageClassName]);
        attachmentsByNode = attachments.Index("spec.nodeName", static attachment => [attachment.Spec.NodeName]);
    }

    internal async Task WaitForSyncAsync(CancellationToken cancel)
    {
        await volumes.WaitForSyncAsync(cancel);
        await claims.WaitForSyncAsync(cancel);
        await classes.WaitForSyncAsync(cancel);
        await csiNodes.WaitForSyncAsync(cancel);
        await drivers.WaitForSyncAsync(cancel);
        await capacities.WaitForSyncAsync(cancel);
        await attachments.WaitForSyncAsync(cancel);
    }

    /// <summary>Tells what may make a pod schedulable. Dispose each to end it.</summary>
    internal IReadOnlyList<IDisposable> Subscribe(Action<ClusterEvent> tell) =>
    [
        claims.Subscribe(delta => { if (delta.New is { } claim) tell(new(ClusterChange.Claims) { Claim = claim }); }),
        volumes.Subscribe(delta => { if (delta.New is not null) tell(new(ClusterChange.Volumes)); }),
        classes.Subscribe(delta => { if (delta.Type == DeltaType.Added) tell(new(ClusterChange.StorageClasses)); }),
        csiNodes.Subscribe(delta => { if (delta.New is not null) tell(new(ClusterChange.VolumeLimits)); }),
        attachments.Subscribe(delta => { if (delta.Type == DeltaType.Deleted) tell(new(ClusterChange.VolumeLimits)); }),
        drivers.Subscribe(delta => { if (delta.New is not null) tell(new(ClusterChange.StorageCapacity)); }),
        capacities.Subscribe(delta => { if (delta.New is not null) tell(new(ClusterChange.StorageCapacity)); }),
    ];

    /// <summary>How many volumes each driver can attach to the node; null where nothing says so.</summary>
    internal Dictionary<string, int>? Limits(string node)
    {
        Dictionary<string, int>? limits = null;
        foreach (var driver in csiNodes.Get(new(node))?.Spec.Drivers ?? [])
            if (driver.Allocatable?.Count is { } count) (limits ??= new(StringComparer.Ordinal))[driver.Name] = count;
        return limits;
    }

    /// <summary>The volumes that are attached to the node, or about to be, whoever uses them.</summary>
    internal IEnumerable<string> AttachedTo(string node)
    {
        foreach (var attachment in attachmentsByNode.Get(node))
            if (attachment.Spec.Source.PersistentVolumeName is { Length: > 0 } name) yield return name;
    }

    /// <summary>There is room for a volume of this class and size where the node can reach it; a driver that does not tell is believed to have it.</summary>
    internal bool HasRoom(StorageClass type, PersistentVolumeClaim claim, Node node)
    {
        if (drivers.Get(new(type.Provisioner)) is not { Spec.StorageCapacity: true }) return true;
        var size = VolumeFacts.Size(claim);
        return capacitiesByClass.Get(type.Metadata.Name).Any(capacity =>
            (capacity.MaximumVolumeSize ?? capacity.Capacity) is { } room && room >= size && capacity.NodeTopology is { } topology && Selector.From(topology).Matches(node.Metadata.Labels));
    }

    public StorageClass? Class(string name) => classes.Get(new(name));

    public PersistentVolumeClaim? Claim(Key key)
    {
        var cached = claims.Get(key);
        lock (gate)
        {
            if (!assumedClaims.TryGetValue(key, out var assumed)) return cached;
            // The copy that was decided on carries the version that it was made from.
            if (cached?.Metadata.ResourceVersion == assumed.Metadata.ResourceVersion) return assumed;
            assumedClaims.Remove(key);
            return cached;
        }
    }

    public PersistentVolume? Volume(string name) => Current(volumes.Get(new(name)), name);

    /// <summary>The volumes of a class.</summary>
    public IEnumerable<PersistentVolume> OfClass(string name) => byClass.Get(name).Select(volume => Current(volume, volume.Metadata.Name)!);

    private PersistentVolume? Current(PersistentVolume? cached, string name)
    {
        lock (gate)
        {
            if (!assumedVolumes.TryGetValue(name, out var assumed)) return cached;
            if (cached?.Metadata.ResourceVersion == assumed.Metadata.ResourceVersion) return assumed;
            assumedVolumes.Remove(name);
            return cached;
        }
    }

    internal void Assume(PersistentVolume volume)
    {
        lock (gate) assumedVolumes[volume.Metadata.Name] = volume;
    }

    internal void Assume(PersistentVolumeClaim claim)
    {
        lock (gate) assumedClaims[Key.Of(claim)] = claim;
    }

    internal void Forget(PersistentVolume volume)
    {
        lock (gate)
            if (assumedVolumes.TryGetValue(volume.Metadata.Name, out var assumed) && ReferenceEquals(assumed, volume)) assumedVolumes.Remove(volume.Metadata.Name);
    }

    internal void Forget(PersistentVolumeClaim claim)
    {
        lock (gate)
            if (assumedClaims.TryGetValue(Key.Of(claim), out var assumed) && ReferenceEquals(assumed, claim)) assumedClaims.Remove(Key.Of(claim));
    }
}
