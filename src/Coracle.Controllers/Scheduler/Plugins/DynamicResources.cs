using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Resource.V1;
using Coracle.Sdk;
using ResourceClaim = Coracle.Kinds.Resource.V1.ResourceClaim;

namespace Coracle.Controllers.Scheduling;

/// <summary>
/// A node must have the devices that a pod's claims ask for, or those that they have got already. The devices are chosen here and written into the claims before
/// the pod is bound (plugins/dynamicresources).
/// </summary>
public sealed class DynamicResources(Client client) : Plugin, IPreFilter, IFilter, IPostFilter, IReserve, IPreBind
{
    private const string Finalizer = "resource.kubernetes.io/delete-protection";

    private readonly Verdict elsewhere = Verdict.Unresolvable("resourceclaim not available on the node");
    private readonly Verdict notEnough = Verdict.Unresolvable("cannot allocate all claims");
    private readonly PostFilterResult nothing = new(Verdict.Unschedulable("no new claims to deallocate"));
    private readonly PostFilterResult still = new(Verdict.Unschedulable("still not schedulable"));

    public override string Name => "DynamicResources";

    public override IReadOnlyList<EventHint> Events { get; } =
    [
        new(ClusterChange.NodeAdded | ClusterChange.NodeLabels | ClusterChange.Devices | ClusterChange.PodClaims),
        new(ClusterChange.DeviceClaims, static (pod, what) => what.IsFreed || Names(pod.Pod).Contains(what.DeviceClaim!.Metadata.Name) && what.DeviceClaim.Metadata.Namespace == pod.Key.Namespace),
    ];

    private sealed class Wants(DeviceView view)
    {
        public DeviceView View => view;
        public List<ResourceClaim> Claims { get; } = [];
        public List<ResourceClaim> ToAllocate { get; } = [];
        public DeviceAllocator? Allocator { get; set; }
        public Dictionary<string, IReadOnlyList<AllocationResult>> Offers { get; } = new(StringComparer.Ordinal);
        public Dictionary<string, AllocationResult> Taken { get; } = new(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Names(Pod pod) => (pod.Spec.ResourceClaims ?? []).Select(c => NameOf(pod, c)).OfType<string>();

    private static string? NameOf(Pod pod, PodResourceClaim claim) => claim.ResourceClaimName ?? pod.Status.ResourceClaimStatuses?.Find(s => s.Name == claim.Name)?.ResourceClaimName;

    public Verdict PreFilter(CycleState state, PodInfo pod, ClusterState cluster)
    {
        if (pod.Pod.Spec.ResourceClaims is not { Count: > 0 } asked || cluster.Devices is not { } view) return Verdict.Skip;
        var wants = new Wants(view);
        foreach (var claim in asked)
            if (Sort(wants, pod, claim) is { } refused) return refused;
        if (wants.Claims.Count == 0) return Verdict.Skip;
        if (wants.ToAllocate.Count > 0) wants.Allocator = new(view, wants.ToAllocate, view.Taken());
        state.Set(this, wants);
        return Verdict.Ok;
    }

    private static Verdict? Sort(Wants wants, PodInfo pod, PodResourceClaim asked)
    {
        var made = pod.Pod.Status.ResourceClaimStatuses?.Find(s => s.Name == asked.Name);
        if (asked.ResourceClaimName is null && made is null) return Verdict.Unresolvable($"pod \"{pod.Key}\": ResourceClaim not created yet");
        if (NameOf(pod.Pod, asked) is not { } name) return null; // it was found that none is needed
        if (wants.View.Claim(new(pod.Key.Namespace, name)) is not { } claim) return Verdict.Unresolvable($"resourceclaim.resource.k8s.io \"{name}\" not found");
        if (claim.Metadata.DeletionTimestamp is not null) return Verdict.Unresolvable($"resourceclaim \"{name}\" is being deleted");
        if (asked.ResourceClaimName is null && !Owners.IsControlledBy(claim, pod.Pod)) return Verdict.Unresolvable($"ResourceClaim {pod.Key.Namespace}/{name} was not created for pod {pod.Key} (pod is not owner)");
        wants.Claims.Add(claim);
        if (claim.Status.Allocation is not null) return CanReserve(claim, pod) ? null : Verdict.Unresolvable("resourceclaim in use");
        if (wants.View.IsPending(claim)) return Verdict.Unresolvable($"resource claim {pod.Key.Namespace}/{name} is in the process of being allocated");
        wants.ToAllocate.Add(claim);
        foreach (var request in claim.Spec.Devices.Requests ?? [])
        {
            if (request.Exactly is { } exactly && wants.View.Class(exactly.DeviceClassName) is null) return Missing(request.Name, exactly.DeviceClassName);
            foreach (var other in request.FirstAvailable ?? [])
                if (wants.View.Class(other.DeviceClassName) is null) return Missing($"{request.Name}/{other.Name}", other.DeviceClassName);
        }
        return null;
    }

    private static Verdict Missing(string request, string type) => Verdict.Unresolvable($"request {request}: device class {type} does not exist");

    private const int UsersMax = 256;

    private static bool IsReservedFor(ResourceClaim claim, string uid) => claim.Status.ReservedFor?.Exists(r => r.Uid == uid) == true;
    private static bool CanReserve(ResourceClaim claim, PodInfo pod) => (claim.Status.ReservedFor?.Count ?? 0) < UsersMax || IsReservedFor(claim, pod.Uid);

    public Verdict Filter(CycleState state, PodInfo pod, NodeInfo node)
    {
        if (state.Get<Wants>(this) is not { } wants) return Verdict.Ok;
        foreach (var claim in wants.Claims)
            if (claim.Status.Allocation?.NodeSelector is { } nodes && !(nodes.NodeSelectorTerms ?? []).Exists(term => NodeMatch.Matches(term, node.Node))) return elsewhere;
        if (wants.Allocator is null) return Verdict.Ok;
        try
        {
            if (wants.Allocator.On(node.Node) is not { } offer) return notEnough;
            wants.Offers[node.Name] = offer;
            return Verdict.Ok;
        }
        catch (DeviceException e)
        {
            return Verdict.Error(e.Message);
        }
    }

    /// <summary>What a claim has that nobody else holds, and that cannot be used where the pod fits, is given back.</summary>
    public PostFilterResult PostFilter(CycleState state, PodInfo pod, ClusterState cluster, Diagnosis diagnosis, DryRun dryRun)
    {
        if (state.Get<Wants>(this) is not { } wants) return nothing;
        var free = wants.Claims.Find(c => c.Status.Allocation is { NodeSelector: not null } && (c.Status.ReservedFor is not { Count: > 0 } users || users is [var only] && only.Uid == pod.Uid));
        if (free is null) return still;
        return new(Verdict.Unschedulable("deallocation of ResourceClaim completed"), Work: async cancel =>
        {
            var freed = free.DeepCopy();
            (freed.Status.ReservedFor, freed.Status.Allocation) = (null, null);
            await client.TryUpdateStatusAsync(freed, cancel);
        });
    }

    public Verdict Reserve(CycleState state, PodInfo pod, NodeInfo node)
    {
        if (state.Get<Wants>(this) is not { Allocator: not null } wants) return Verdict.Ok;
        if (!wants.Offers.TryGetValue(node.Name, out var offer)) return Verdict.Error("claim allocation not found for node");
        for (var i = 0; i < offer.Count; i++)
        {
            wants.Taken[wants.ToAllocate[i].Metadata.Uid] = offer[i];
            wants.View.Assume(wants.ToAllocate[i], offer[i]);
        }
        return Verdict.Ok;
    }

    public void Unreserve(CycleState state, PodInfo pod, string node)
    {
        if (state.Get<Wants>(this) is not { } wants) return;
        foreach (var claim in wants.ToAllocate) wants.View.Forget(claim);
    }

    /// <summary>For each claim: 1. It is kept from going while it has devices. 2. It has them, and the pod holds it.</summary>
    public async ValueTask<Verdict> PreBindAsync(CycleState state, PodInfo pod, string node, CancellationToken cancel)
    {
        if (state.Get<Wants>(this) is not { } wants) return Verdict.Ok;
        foreach (var claim in wants.Claims)
        {
            if (IsReservedFor(claim, pod.Uid)) continue;
            var written = await BindAsync(claim, wants.Taken.GetValueOrDefault(claim.Metadata.Uid), pod, cancel);
            if (!written.Ok) return Verdict.Error(written.Failure.Message);
        }
        return Verdict.Ok;
    }

    private async ValueTask<ApiResult<ResourceClaim>> BindAsync(ResourceClaim claim, AllocationResult? allocation, PodInfo pod, CancellationToken cancel)
    {
        var changed = claim.DeepCopy();
        if (allocation is not null && changed.Metadata.Finalizers?.Contains(Finalizer) != true)                     // 1
        {
            (changed.Metadata.Finalizers ??= []).Add(Finalizer);
            var kept = await client.TryUpdateAsync(changed, cancel);
            if (!kept.Ok) return kept;
            changed = kept.Value;
        }
        if (allocation is not null) changed.Status.Allocation = allocation;                                         // 2
        (changed.Status.ReservedFor ??= []).Add(new() { Resource = "pods", Name = pod.Key.Name, Uid = pod.Uid });
        return await client.TryUpdateStatusAsync(changed, cancel);
    }
}
