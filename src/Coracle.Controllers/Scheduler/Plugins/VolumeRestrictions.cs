using Coracle.Controllers.Volumes;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>A claim that is for one pod alone (ReadWriteOncePod) is used by one pod at a time (volumerestrictions).</summary>
public sealed class VolumeRestrictions : Plugin, IPreFilter, IFilter
{
    private readonly Verdict taken = Verdict.Unschedulable("node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode");

    public override string Name => "VolumeRestrictions";

    public override IReadOnlyList<EventHint> Events { get; } =
    [
        new(ClusterChange.AssignedPodDeleted, static (pod, what) => what.OldPod is { } gone && gone.Key.Namespace == pod.Key.Namespace && ClaimUsers.Claims(gone.Pod).Intersect(ClaimUsers.Claims(pod.Pod)).Any()),
        new(ClusterChange.Claims, static (pod, what) => what.Claim!.Metadata.Namespace == pod.Key.Namespace && ClaimUsers.Claims(pod.Pod).Contains(what.Claim.Metadata.Name)),
    ];

    private sealed class Conflicts(HashSet<string> claims)
    {
        public HashSet<string> Claims => claims;
        public int Count { get; set; }
    }

    public Verdict PreFilter(CycleState state, PodInfo pod, ClusterState cluster)
    {
        if (!pod.HasClaims || cluster.Volumes is not { } view) return Verdict.Skip;
        HashSet<string>? alone = null;
        foreach (var name in ClaimUsers.Claims(pod.Pod))
            if (view.Claim(new(pod.Key.Namespace, name))?.Spec.AccessModes?.Contains(PersistentVolumeAccessMode.ReadWriteOncePod) == true) (alone ??= new(StringComparer.Ordinal)).Add(name);
        if (alone is null) return Verdict.Skip;
        var conflicts = new Conflicts(alone);
        foreach (var node in cluster.Nodes)
            foreach (var other in node.Pods) conflicts.Count += Shared(conflicts, pod, other);
        state.Set(this, conflicts);
        return Verdict.Ok;
    }

    public void AddPod(CycleState state, PodInfo pod, PodInfo added, NodeInfo node) => Count(state, pod, added, 1);
    public void RemovePod(CycleState state, PodInfo pod, PodInfo removed, NodeInfo node) => Count(state, pod, removed, -1);

    private void Count(CycleState state, PodInfo pod, PodInfo other, int sign)
    {
        if (state.Get<Conflicts>(this) is { } conflicts) conflicts.Count += sign * Shared(conflicts, pod, other);
    }

    private static int Shared(Conflicts conflicts, PodInfo pod, PodInfo other) =>
        !other.HasClaims || other.Key.Namespace != pod.Key.Namespace ? 0 : ClaimUsers.Claims(other.Pod).Count(conflicts.Claims.Contains);

    public Verdict Filter(CycleState state, PodInfo pod, NodeInfo node) => state.Get<Conflicts>(this) is { Count: > 0 } ? taken : Verdict.Ok;
}
