using Coracle.Kinds.Core.V1;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Controllers.Volumes;

/// <summary>
/// Ties volumes and claims together and apart. A binding is four writes, the volume's first; whichever fails, the next look at either object goes on from
/// there (upstream: pv_controller.go, bind and unbindVolume).
/// </summary>
internal sealed class BindingWrites(Client client)
{
    public async ValueTask BindAsync(PersistentVolume volume, PersistentVolumeClaim claim, CancellationToken cancel)
    {
        if (BoundVolume(volume, claim) is { } bound) volume = await client.UpdateAsync(bound, cancel);
        volume = await SetPhaseAsync(volume, PersistentVolumePhase.Bound, "", cancel);
        claim = await BindClaimAsync(claim, volume, cancel);
        await SetPhaseAsync(claim, PersistentVolumeClaimPhase.Bound, volume, cancel);
    }

    /// <summary>The volume as it is once the claim has it; null when it is so already.</summary>
    public static PersistentVolume? BoundVolume(PersistentVolume volume, PersistentVolumeClaim claim)
    {
        if (volume.Spec.ClaimRef is { } reference && reference.Uid == claim.Metadata.Uid) return null;
        var bound = volume.DeepCopy();
        if (!VolumeFacts.IsBoundTo(volume, claim)) VolumeFacts.Annotate(bound, VolumeFacts.BoundByController, "yes");
        bound.Spec.ClaimRef = EventRecorder.Refer(claim);
        return bound;
    }

    private async ValueTask<PersistentVolumeClaim> BindClaimAsync(PersistentVolumeClaim claim, PersistentVolume volume, CancellationToken cancel)
    {
        var names = claim.Spec.VolumeName == volume.Metadata.Name;
        if (names && VolumeFacts.Has(claim, VolumeFacts.BindCompleted)) return claim;
        var bound = claim.DeepCopy();
        if (!names)
        {
            bound.Spec.VolumeName = volume.Metadata.Name;
            VolumeFacts.Annotate(bound, VolumeFacts.BoundByController, "yes");
        }
        VolumeFacts.Annotate(bound, VolumeFacts.BindCompleted, "yes");
        return await client.UpdateAsync(bound, cancel);
    }

    /// <summary>Takes back what the controller decided; what a user asked for stays asked for.</summary>
    public async ValueTask UnbindAsync(PersistentVolume volume, CancellationToken cancel)
    {
        var free = volume.DeepCopy();
        if (VolumeFacts.Has(volume, VolumeFacts.BoundByController))
        {
            free.Spec.ClaimRef = null;
            free.Metadata.Annotations!.Remove(VolumeFacts.BoundByController);
        }
        else free.Spec.ClaimRef!.Uid = "";
        await SetPhaseAsync(await client.UpdateAsync(free, cancel), PersistentVolumePhase.Available, "", cancel);
    }

    public async ValueTask<PersistentVolume> SetPhaseAsync(PersistentVolume volume, string phase, string message, CancellationToken cancel)
    {
        if (volume.Status.Phase == phase) return volume;
        var changed = volume.DeepCopy();
        (changed.Status.Phase, changed.Status.Message) = (phase, message);
        return await client.UpdateStatusAsync(changed, cancel);
    }

    /// <summary>With a volume, the claim has what that offers. A size that it has already may differ on purpose, while the volume grows.</summary>
    public async ValueTask SetPhaseAsync(PersistentVolumeClaim claim, string phase, PersistentVolume? volume, CancellationToken cancel)
    {
        var changed = claim.DeepCopy();
        changed.Status.Phase = phase;
        changed.Status.AccessModes = volume?.Spec.AccessModes;
        if (volume is null) changed.Status.Capacity = null;
        else if (claim.Status.Phase != phase)
        {
            var before = VolumeFacts.Annotation(volume, VolumeFacts.PreResizeCapacity);
            changed.Status.Capacity = before.Length > 0 && Quantity.TryParse(before, out var size) ? new() { ["storage"] = size } : volume.Spec.Capacity;
            if (volume.Spec.VolumeAttributesClassName is { Length: > 0 } settings) changed.Status.CurrentVolumeAttributesClassName = settings;
        }
        if (!changed.Status.ContentEquals(claim.Status)) await client.UpdateStatusAsync(changed, cancel);
    }
}
