using Coracle.Kinds.Resource.V1;
using Coracle.Sdk;
using ResourceClaim = Coracle.Kinds.Resource.V1.ResourceClaim;

namespace Coracle.Controllers.Scheduling;

/// <summary>
/// Claims of devices, the devices that drivers publish and the classes of them, as the caches tell and as the scheduler has decided: what it gave to a claim
/// is taken from that moment on (dynamicresources/dra_manager.go). Used on the scheduling loop and beside it.
/// </summary>
public sealed class DeviceView
{
    private readonly Informer<ResourceClaim> claims;
    private readonly Informer<ResourceSlice> slices;
    private readonly Informer<DeviceClass> classes;
    private readonly Lock gate = new();
    private readonly Dictionary<string, AllocationResult> pending = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeviceCondition> conditions = new(StringComparer.Ordinal);

    internal DeviceView(InformerSet informers) => (claims, slices, classes) = (informers.For<ResourceClaim>(), informers.For<ResourceSlice>(), informers.For<DeviceClass>());

    internal async Task WaitForSyncAsync(CancellationToken cancel)
    {
        await claims.WaitForSyncAsync(cancel);
        await slices.WaitForSyncAsync(cancel);
        await classes.WaitForSyncAsync(cancel);
    }

    /// <summary>Tells what may make a pod schedulable. Dispose each to end it.</summary>
    internal IReadOnlyList<IDisposable> Subscribe(Action<ClusterEvent> tell) =>
    [
        claims.Subscribe(delta => { if (delta.New is { } claim) tell(new(ClusterChange.DeviceClaims) { DeviceClaim = claim, IsFreed = delta.Old?.Status.Allocation is not null && claim.Status.Allocation is null }); else tell(new(ClusterChange.Devices)); }),
        slices.Subscribe(delta => { if (delta.New is not null) tell(new(ClusterChange.Devices)); }),
        classes.Subscribe(delta => { if (delta.New is not null) tell(new(ClusterChange.Devices)); }),
    ];

    internal ResourceClaim? Claim(Key key) => claims.Get(key);
    internal DeviceClass? Class(string name) => classes.Get(new(name));
    internal IReadOnlyList<ResourceSlice> Slices() => slices.List();

    /// <summary>Every claim is being given devices, or has been and the cache does not show it yet.</summary>
    internal bool IsPending(ResourceClaim claim)
    {
        lock (gate) return claim.Status.Allocation is null && pending.ContainsKey(claim.Metadata.Uid);
    }

    internal void Assume(ResourceClaim claim, AllocationResult allocation)
    {
        lock (gate) pending[claim.Metadata.Uid] = allocation;
    }

    internal void Forget(ResourceClaim claim)
    {
        lock (gate) pending.Remove(claim.Metadata.Uid);
    }

    /// <summary>The devices that claims have, but for those that only look after them.</summary>
    internal HashSet<DeviceId> Taken()
    {
        var taken = new HashSet<DeviceId>();
        lock (gate)
        {
            var here = new HashSet<string>(StringComparer.Ordinal);
            foreach (var claim in claims.List())
            {
                var uid = claim.Metadata.Uid;
                if (claim.Status.Allocation is not null) pending.Remove(uid);
                else if (pending.ContainsKey(uid)) here.Add(uid);
                Add(taken, claim.Status.Allocation ?? pending.GetValueOrDefault(uid));
            }
            // Of claims that are gone nothing is kept.
            foreach (var uid in pending.Keys.Where(uid => !here.Contains(uid)).ToList()) pending.Remove(uid);
        }
        return taken;
    }

    private static void Add(HashSet<DeviceId> taken, AllocationResult? allocation)
    {
        foreach (var result in allocation?.Devices.Results ?? [])
            if (result.AdminAccess != true) taken.Add(new(result.Driver, result.Pool, result.Device));
    }

    /// <summary>The condition of this text; the same ones are asked for again and again. On the scheduling loop only.</summary>
    internal DeviceCondition Condition(string expression)
    {
        const int max = 256;
        if (conditions.TryGetValue(expression, out var known)) return known;
        if (conditions.Count >= max) conditions.Clear();
        return conditions[expression] = DeviceCondition.Of(expression);
    }
}

/// <summary>A device, in a pool of a driver.</summary>
internal readonly record struct DeviceId(string Driver, string Pool, string Device);
