using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent;
using Coracle.Sdk;

namespace Coracle.Node.Volumes;

/// <summary>The volume behind a pod's claim: a directory of this node. Others need a driver, of which there is none here.</summary>
internal static class ClaimedVolumes
{
    public static async Task<PersistentVolume> FindAsync(NodeOptions options, Pod pod, Volume volume, string claimName, CancellationToken cancel)
    {
        var key = new Key(pod.Metadata.Namespace, claimName);
        var claim = await options.Client.TryGetAsync<PersistentVolumeClaim>(key, cancel)
            ?? throw new VolumeException(volume.Name, $"error processing PVC {key}: failed to fetch PVC from API server: persistentvolumeclaims \"{claimName}\" not found");
        if (claim.Metadata.DeletionTimestamp is not null) throw new VolumeException(volume.Name, $"error processing PVC {key}: PVC is being deleted");
        if (volume.Ephemeral is not null && !Owners.IsControlledBy(claim, pod))
            throw new VolumeException(volume.Name, $"PVC {key} was not created for pod {Key.Of(pod)} (pod is not owner)");
        if (claim.Status.Phase != PersistentVolumeClaimPhase.Bound || claim.Spec.VolumeName.Length == 0) throw new VolumeException(volume.Name, $"error processing PVC {key}: PVC is not bound");
        var found = await options.Client.TryGetAsync<PersistentVolume>(new Key(claim.Spec.VolumeName), cancel)
            ?? throw new VolumeException(volume.Name, $"error processing PVC {key}: failed to fetch PV {claim.Spec.VolumeName} from API server: persistentvolumes \"{claim.Spec.VolumeName}\" not found");
        if (found.Spec.ClaimRef?.Uid != claim.Metadata.Uid)
            throw new VolumeException(volume.Name, $"error processing PVC {key}: failed to fetch PV {claim.Spec.VolumeName} from API server: unexpected pvcUID {found.Spec.ClaimRef?.Uid} instead of {claim.Metadata.Uid}");
        return found;
    }
}
