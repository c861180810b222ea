using Coracle.Controllers.Volumes;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Scheduling;

/// <summary>A driver can attach so many volumes to a node as its CSINode says, and no more (plugins/nodevolumelimits/csi.go).</summary>
public sealed class NodeVolumeLimits : Plugin, IPreFilter, IFilter
{
    private readonly Verdict exceeded = Verdict.Unschedulable("node(s) exceed max volume count");

    public override string Name => "NodeVolumeLimits";

    public override IReadOnlyList<EventHint> Events { get; } =
    [
        new(ClusterChange.VolumeLimits | ClusterChange.NodeAdded),
        new(ClusterChange.AssignedPodDeleted, static (_, what) => what.OldPod is { HasClaims: true }),
        new(ClusterChange.Claims, static (pod, what) => what.Claim!.Metadata.Namespace == pod.Key.Namespace && ClaimUsers.Claims(pod.Pod).Contains(what.Claim.Metadata.Name)),
    ];

    public Verdict PreFilter(CycleState state, PodInfo pod, ClusterState cluster) => pod.HasClaims && cluster.Volumes is not null ? Verdict.Ok : Verdict.Skip;

    /// <summary>1. What the drivers allow. 2. What the pod brings. 3. What is there: of the pods, and what is still attached for others. 4. The sum, by driver.</summary>
    public Verdict Filter(CycleState state, PodInfo pod, NodeInfo node)
    {
        if (state.Cluster?.Volumes is not { } view || view.Limits(node.Name) is not { Count: > 0 } limits) return Verdict.Ok;   // 1
        var added = new HashSet<Attachable>();
        Collect(view, pod, added);                                                                                              // 2
        if (added.Count == 0) return Verdict.Ok;
        var there = new HashSet<Attachable>();
        foreach (var other in node.Pods)                                                                                        // 3
            if (other.HasClaims) Collect(view, other, there);
        foreach (var name in view.AttachedTo(node.Name))
            if (view.Volume(name)?.Spec.Csi is { } csi) there.Add(new(csi.Driver, csi.VolumeHandle));
        added.ExceptWith(there);
        foreach (var (driver, count) in added.CountBy(a => a.Driver))                                                           // 4
            if (limits.TryGetValue(driver, out var limit) && there.Count(a => a.Driver == driver) + count > limit) return exceeded;
        return Verdict.Ok;
    }

    /// <summary>One volume, however many pods use it.</summary>
    private readonly record struct Attachable(string Driver, string Handle);

    private static void Collect(VolumeView view, PodInfo pod, HashSet<Attachable> into)
    {
        foreach (var name in ClaimUsers.Claims(pod.Pod))
            if (view.Claim(new(pod.Key.Namespace, name)) is { } claim && Of(view, claim) is { } volume) into.Add(volume);
    }

    // A claim without a volume gets one of its class's driver.
    private static Attachable? Of(VolumeView view, PersistentVolumeClaim claim)
    {
        if (claim.Spec.VolumeName.Length > 0 && view.Volume(claim.Spec.VolumeName) is { } volume) return volume.Spec.Csi is { } csi ? new(csi.Driver, csi.VolumeHandle) : null;
        return view.Class(VolumeFacts.ClassOf(claim)) is { Provisioner.Length: > 0 } type ? new(type.Provisioner, $"{claim.Metadata.Namespace}/{claim.Metadata.Name}") : null;
    }
}
