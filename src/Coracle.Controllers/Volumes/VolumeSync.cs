using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Volumes;

/// <summary>What becomes of a volume (upstream: syncVolume and reclaimVolume).</summary>
internal sealed class VolumeSync(Client client, EventRecorder events, BindingWrites writes, Informer<PersistentVolumeClaim> claims)
{
    /// <returns>The claim that is to be looked at next, for the binding to go on; null for none.</returns>
    public async ValueTask<Key?> RunAsync(PersistentVolume volume, CancellationToken cancel)
    {
        if (volume.Spec.ClaimRef is not { Uid.Length: > 0 } reference)
        {
            await writes.SetPhaseAsync(volume, PersistentVolumePhase.Available, "", cancel);
            return volume.Spec.ClaimRef is { } kept ? new Key(kept.Namespace, kept.Name) : null;
        }
        var claim = await ClaimOfAsync(volume, reference, cancel);
        if (claim is null) await ReleaseAsync(volume, cancel);
        else if (claim.Spec.VolumeName.Length == 0) return Dangling(volume, claim);
        else if (claim.Spec.VolumeName == volume.Metadata.Name) await writes.SetPhaseAsync(volume, PersistentVolumePhase.Bound, "", cancel);
        // The claim has another volume. One that was made for it is not needed, then.
        else if (VolumeFacts.Has(volume, VolumeFacts.ProvisionedBy) && volume.Spec.PersistentVolumeReclaimPolicy == PersistentVolumeReclaimPolicy.Delete) await ReleaseAsync(volume, cancel);
        else await writes.UnbindAsync(volume, cancel);
        return null;
    }

    /// <summary>The very claim that the volume is bound to. Before a volume is given up the server is asked: the cache may not have the claim yet.</summary>
    private async ValueTask<PersistentVolumeClaim?> ClaimOfAsync(PersistentVolume volume, ObjectReference reference, CancellationToken cancel)
    {
        var key = new Key(reference.Namespace, reference.Name);
        var claim = claims.Get(key);
        if (claim?.Metadata.Uid == reference.Uid) return claim;
        if (claim is null && IsGivenUp(volume)) return null;
        claim = await client.TryGetAsync<PersistentVolumeClaim>(key, cancel);
        return claim?.Metadata.Uid == reference.Uid ? claim : null;
    }

    private static bool IsGivenUp(PersistentVolume volume) => volume.Status.Phase is PersistentVolumePhase.Released or PersistentVolumePhase.Failed;

    private Key? Dangling(PersistentVolume volume, PersistentVolumeClaim claim)
    {
        if (!VolumeMatch.ModeDiffers(claim, volume)) return Key.Of(claim);
        events.Warning(volume, "VolumeMismatch", $"Cannot bind PersistentVolume to requested PersistentVolumeClaim \"{claim.Metadata.Name}\" due to incompatible volumeMode.");
        events.Warning(claim, "VolumeMismatch", $"Cannot bind PersistentVolume \"{volume.Metadata.Name}\" to requested PersistentVolumeClaim due to incompatible volumeMode.");
        return null;
    }

    private async ValueTask ReleaseAsync(PersistentVolume volume, CancellationToken cancel)
    {
        if (!IsGivenUp(volume)) volume = await writes.SetPhaseAsync(volume, PersistentVolumePhase.Released, "", cancel);
        if (VolumeFacts.Has(volume, VolumeFacts.MigratedTo)) return;
        switch (volume.Spec.PersistentVolumeReclaimPolicy)
        {
            case PersistentVolumeReclaimPolicy.Recycle: await FailAsync(volume, "VolumeFailedRecycle", "No recycler plugin found for the volume!", cancel); break;
            // Whoever made it takes it away again; nothing else can be taken away from here.
            case PersistentVolumeReclaimPolicy.Delete when !HasDeleter(volume):
                await FailAsync(volume, "VolumeFailedDelete", $"error getting deleter volume plugin for volume \"{volume.Metadata.Name}\": no deletable volume plugin matched", cancel);
                break;
        }
    }

    private static bool HasDeleter(PersistentVolume volume)
    {
        var maker = VolumeFacts.Annotation(volume, VolumeFacts.ProvisionedBy);
        return volume.Spec.Csi is not null || (maker.Length > 0 && !maker.StartsWith("kubernetes.io/", StringComparison.Ordinal));
    }

    private async ValueTask FailAsync(PersistentVolume volume, string reason, string message, CancellationToken cancel)
    {
        if (volume.Status.Phase == PersistentVolumePhase.Failed) return;
        var failed = await writes.SetPhaseAsync(volume, PersistentVolumePhase.Failed, message, cancel);
        events.Warning(failed, reason, message);
    }
}
