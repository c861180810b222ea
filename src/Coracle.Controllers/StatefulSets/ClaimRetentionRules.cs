using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.StatefulSets;

/// <summary>
/// With whom a claim goes: with the set, with a pod that is scaled away, or with nobody. The garbage collector does the rest (upstream:
/// stateful_set_utils.go, isClaimOwnerUpToDate and updateClaimOwnerRefForSetAndPod).
/// </summary>
internal static class ClaimRetentionRules
{
    /// <summary>Gives the claim the owners that the policy asks for. True when that changed anything; a claim that somebody else manages is left alone.</summary>
    public static bool Apply(StatefulSet set, Pod pod, PersistentVolumeClaim claim)
    {
        if (Owners.ControllerOf(claim) is { } manager && manager.Uid != set.Metadata.Uid && !Names(manager, pod)) return false;
        var condemned = !PodIdentity.IsWanted(set, pod);
        var policy = set.Spec.PersistentVolumeClaimRetentionPolicy;
        var withPod = policy?.WhenScaled == ClaimRetention.Delete && condemned;
        var withSet = policy?.WhenDeleted == ClaimRetention.Delete && !withPod;
        var owners = claim.Metadata.OwnerReferences ?? [];
        var wanted = owners.Where(o => o.Uid != set.Metadata.Uid && !Names(o, pod)).ToList();
        if (withSet) wanted.Add(owners.Find(o => o.Uid == set.Metadata.Uid) ?? Owners.ControllerReference(set));
        if (withPod) wanted.Add(owners.Find(o => o.Uid == pod.Metadata.Uid) ?? Owners.ControllerReference(pod));
        if (wanted.Count == owners.Count && wanted.TrueForAll(w => owners.Exists(o => o.Uid == w.Uid))) return false;
        claim.Metadata.OwnerReferences = wanted.Count == 0 ? null : wanted;
        return true;
    }

    /// <summary>The claim goes with an earlier pod of the same name: a new one must not begin to use it.</summary>
    public static bool IsStale(Pod pod, PersistentVolumeClaim claim) =>
        claim.Metadata.OwnerReferences?.Exists(o => Names(o, pod) && o.Uid != pod.Metadata.Uid) == true;

    private static bool Names(OwnerReference owner, Pod pod) => owner.Kind == Pod.Info.Kind && owner.ApiVersion == Pod.Info.ApiVersion && owner.Name == pod.Metadata.Name;
}
