using Coracle.Controllers.Volumes;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Storage.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Scheduling;

/// <summary>
/// A node must be able to use the volumes of a pod's claims. Claims that wait for their first pod get a volume of the chosen node: one that is there, or
/// one that is made then (volumebinding/volume_binding.go and binder.go).
/// </summary>
public sealed class VolumeBinding(Client client) : Plugin, IPreFilter, IFilter, IReserve, IPreBind
{
    private static readonly TimeSpan BindTimeout = TimeSpan.FromMinutes(10), LookAgain = TimeSpan.FromMilliseconds(100);

    private readonly Verdict immediate = Verdict.Unresolvable("pod has unbound immediate PersistentVolumeClaims");
    private readonly Verdict noVolume = Verdict.Unresolvable("node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
    private readonly Verdict elsewhere = Verdict.Unresolvable("node(s) didn't match PersistentVolume's node affinity");
    private readonly Verdict noRoom = Verdict.Unresolvable("node(s) did not have enough free storage");
    private readonly Verdict nothing = Verdict.Unresolvable("node(s) didn't find available persistent volumes to bind");

    public override string Name => "VolumeBinding";

    public override IReadOnlyList<EventHint> Events { get; } =
    [
        new(ClusterChange.NodeAdded | ClusterChange.NodeLabels | ClusterChange.Volumes | ClusterChange.StorageClasses | ClusterChange.StorageCapacity | ClusterChange.VolumeLimits),
        new(ClusterChange.Claims, static (pod, what) => what.Claim!.Metadata.Namespace == pod.Key.Namespace && ClaimUsers.Claims(pod.Pod).Contains(what.Claim.Metadata.Name)),
    ];

    /// <summary>What a pod wants, and what it would get on each node that was looked at.</summary>
    private sealed class Wants
    {
        public List<PersistentVolumeClaim> Bound { get; } = [];
        public List<PersistentVolumeClaim> Delayed { get; } = [];
        public Dictionary<string, Offer> Offers { get; } = new(StringComparer.Ordinal);
        public required VolumeView View { get; init; }
        public Offer? Taken { get; set; }
    }

    /// <param name="Volumes">As they are when bound.</param>
    /// <param name="Claims">For which volumes are to be made, as they are when that is asked for.</param>
    private sealed record Offer(List<PersistentVolume> Volumes, List<PersistentVolumeClaim> Claims);

    public Verdict PreFilter(CycleState state, PodInfo pod, ClusterState cluster)
    {
        if (!pod.HasClaims || cluster.Volumes is not { } view) return Verdict.Skip;
        var wants = new Wants { View = view };
        foreach (var volume in pod.Pod.Spec.Volumes ?? [])
            if (ClaimUsers.ClaimName(pod.Pod, volume) is { } name && Sort(wants, pod, volume, new(pod.Key.Namespace, name)) is { } refused) return refused;
        // The larger ones are harder to find a volume for, the smaller ones go first: so that they leave the larger volumes to them.
        wants.Delayed.Sort(static (a, b) => VolumeFacts.Size(a).CompareTo(VolumeFacts.Size(b)));
        state.Set(this, wants);
        return Verdict.Ok;
    }

    private Verdict? Sort(Wants wants, PodInfo pod, Volume volume, Key key)
    {
        if (wants.View.Claim(key) is not { } claim)
            return Verdict.Unresolvable(volume.Ephemeral is null ? $"persistentvolumeclaim \"{key.Name}\" not found"
                : $"waiting for ephemeral volume controller to create the persistentvolumeclaim \"{key.Name}\"");
        if (claim.Status.Phase == PersistentVolumeClaimPhase.Lost) return Verdict.Unresolvable($"persistentvolumeclaim \"{key.Name}\" bound to non-existent persistentvolume \"{claim.Spec.VolumeName}\"");
        if (claim.Metadata.DeletionTimestamp is not null) return Verdict.Unresolvable($"persistentvolumeclaim \"{key.Name}\" is being deleted");
        if (volume.Ephemeral is not null && !Owners.IsControlledBy(claim, pod.Pod)) return Verdict.Unresolvable($"PVC {key} was not created for pod {pod.Key} (pod is not owner)");
        if (claim.Spec.VolumeName.Length > 0 && VolumeFacts.Has(claim, VolumeFacts.BindCompleted)) wants.Bound.Add(claim);
        else if (claim.Spec.VolumeName.Length == 0 && VolumeFacts.WaitsForConsumer(wants.View.Class(VolumeFacts.ClassOf(claim)))) wants.Delayed.Add(claim);
        else return immediate;
        return null;
    }

    public Verdict Filter(CycleState state, PodInfo pod, NodeInfo node)
    {
        if (state.Get<Wants>(this) is not { } wants) return Verdict.Ok;
        foreach (var claim in wants.Bound)
        {
            if (wants.View.Volume(claim.Spec.VolumeName) is not { } volume) return noVolume;
            if (!VolumeMatch.IsReachable(volume, node.Node)) return elsewhere;
        }
        if (wants.Delayed.Count == 0) return Verdict.Ok;
        if (Find(wants, node.Node, out var isFull) is not { } offer) return isFull ? noRoom : nothing;
        wants.Offers[node.Name] = offer;
        return Verdict.Ok;
    }

    /// <summary>For each claim a volume that is there, or the right to have one made.</summary>
    private static Offer? Find(Wants wants, Node node, out bool isFull)
    {
        isFull = false;
        var offer = new Offer([], []);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var claim in wants.Delayed)
        {
            var selected = VolumeFacts.Annotation(claim, VolumeFacts.SelectedNode);
            if (selected.Length > 0 && selected != node.Metadata.Name) return null;
            var found = selected.Length > 0 ? null : VolumeMatch.FindOn(node, claim, wants.View.OfClass(VolumeFacts.ClassOf(claim)), taken);
            if (found is not null)
            {
                taken.Add(found.Metadata.Name);
                offer.Volumes.Add(BindingWrites.BoundVolume(found, claim) ?? found);
            }
            else if (wants.View.Class(VolumeFacts.ClassOf(claim)) is not { } type || !CanBeMade(type, node)) return null;
            else if (!wants.View.HasRoom(type, claim, node))
            {
                isFull = true;
                return null;
            }
            else offer.Claims.Add(For(claim, node));
        }
        return offer;
    }

    private static bool CanBeMade(StorageClass type, Node node) =>
        type is { Provisioner: not ("" or "kubernetes.io/no-provisioner") } && (type.AllowedTopologies is not { Count: > 0 } terms || terms.Exists(term => Allows(term, node)));

    private static bool Allows(TopologySelectorTerm term, Node node) => (term.MatchLabelExpressions ?? []).TrueForAll(expression =>
        node.Metadata.Labels?.TryGetValue(expression.Key, out var value) == true && expression.Values?.Contains(value) == true);

    private static PersistentVolumeClaim For(PersistentVolumeClaim claim, Node node)
    {
        if (VolumeFacts.Annotation(claim, VolumeFacts.SelectedNode) == node.Metadata.Name) return claim;
        var selected = claim.DeepCopy();
        VolumeFacts.Annotate(selected, VolumeFacts.SelectedNode, node.Metadata.Name);
        return selected;
    }

    public Verdict Reserve(CycleState state, PodInfo pod, NodeInfo node)
    {
        if (state.Get<Wants>(this) is not { } wants || !wants.Offers.TryGetValue(node.Name, out var offer)) return Verdict.Ok;
        wants.Taken = offer;
        foreach (var volume in offer.Volumes) wants.View.Assume(volume);
        foreach (var claim in offer.Claims) wants.View.Assume(claim);
        return Verdict.Ok;
    }

    public void Unreserve(CycleState state, PodInfo pod, string node)
    {
        if (state.Get<Wants>(this) is not { Taken: { } offer } wants) return;
        foreach (var volume in offer.Volumes) wants.View.Forget(volume);
        foreach (var claim in offer.Claims) wants.View.Forget(claim);
    }

    /// <summary>1. What was decided is written. 2. The controller binds, and the provisioner makes; the pod waits for them.</summary>
    public async ValueTask<Verdict> PreBindAsync(CycleState state, PodInfo pod, string node, CancellationToken cancel)
    {
        if (state.Get<Wants>(this) is not { Taken: { } offer } wants) return Verdict.Ok;
        foreach (var volume in offer.Volumes) // 1
        {
            var written = await client.TryUpdateAsync(volume, cancel);
            if (!written.Ok) return Verdict.Error(written.Failure.Message);
        }
        foreach (var claim in offer.Claims)
        {
            var written = await client.TryUpdateAsync(claim, cancel);
            if (!written.Ok) return Verdict.Error(written.Failure.Message);
        }
        var began = client.Time.GetTimestamp(); // 2
        while (client.Time.GetElapsedTime(began) < BindTimeout)
        {
            var (done, problem) = Look(wants, node);
            if (problem is not null) return Verdict.Error($"binding volumes: {problem}");
            if (done) return Verdict.Ok;
            await Task.Delay(LookAgain, client.Time, cancel);
        }
        return Verdict.Error("binding volumes: context deadline exceeded");
    }

    private static (bool Done, string? Problem) Look(Wants wants, string node)
    {
        foreach (var delayed in wants.Delayed)
        {
            var key = Key.Of(delayed);
            if (wants.View.Claim(key) is not { } claim) return (false, $"persistentvolumeclaim \"{key.Name}\" not found");
            if (claim.Metadata.DeletionTimestamp is not null) return (false, $"persistentvolumeclaim \"{key.Name}\" is being deleted");
            var toBeMade = wants.Taken!.Claims.Exists(c => Key.Of(c) == key);
            // A provisioner that cannot takes the node away again: the pod is to be placed anew.
            if (toBeMade && claim.Metadata.ResourceVersion != delayed.Metadata.ResourceVersion && VolumeFacts.Annotation(claim, VolumeFacts.SelectedNode) != node)
                return (false, $"provisioning failed for PVC \"{key.Name}\"");
            if (claim.Spec.VolumeName.Length == 0 || !VolumeFacts.Has(claim, VolumeFacts.BindCompleted)) return (false, null);
        }
        return (true, null);
    }
}
