using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Storage.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Volumes;

/// <summary>What becomes of a claim (upstream: syncClaim).</summary>
internal sealed class ClaimSync(Client client, EventRecorder events, BindingWrites writes, Informer<PersistentVolume> volumes, Informer<StorageClass> classes, Informer<Pod> pods)
{
    private readonly ObjectIndex<Pod> users = ClaimUsers.Index(pods);

    public ValueTask RunAsync(PersistentVolumeClaim claim, CancellationToken cancel)
    {
        if (VolumeFacts.Has(claim, VolumeFacts.BindCompleted)) return BoundAsync(claim, cancel);
        return claim.Spec.VolumeName.Length == 0 ? UnboundAsync(claim, cancel) : NamedAsync(claim, cancel);
    }

    /// <summary>1. A volume that is there. 2. Otherwise the cluster's default class, where none was said. 3. Otherwise one that is to be made, once it is known where.</summary>
    private async ValueTask UnboundAsync(PersistentVolumeClaim claim, CancellationToken cancel)
    {
        var type = classes.Get(new(VolumeFacts.ClassOf(claim)));
        var waits = VolumeFacts.WaitsForConsumer(type);
        if (VolumeMatch.Find(claim, volumes.List(), waits) is { } found)
        {
            await writes.BindAsync(found, claim, cancel);                                                        // 1
            return;
        }
        if (!VolumeFacts.SaysClass(claim) && VolumeFacts.DefaultOf(classes.List()) is { } standard)
        {
            var classed = claim.DeepCopy();
            classed.Spec.StorageClassName = standard.Metadata.Name;
            await client.UpdateAsync(classed, cancel);                                                           // 2
            return;
        }
        if (waits && !VolumeFacts.Has(claim, VolumeFacts.SelectedNode)) TellWhatIsAwaited(claim);
        else if (VolumeFacts.ClassOf(claim).Length > 0)
        {
            await ProvisionAsync(claim, type, cancel);                                                           // 3
            return;
        }
        else events.Normal(claim, "FailedBinding", "no persistent volumes available for this claim and no storage class is set");
        await writes.SetPhaseAsync(claim, PersistentVolumeClaimPhase.Pending, null, cancel);
    }

    private void TellWhatIsAwaited(PersistentVolumeClaim claim)
    {
        var waiting = users.Get(Key.Of(claim).ToString()).Where(static p => p.Spec.NodeName.Length == 0).Select(static p => p.Metadata.Name).Order(StringComparer.Ordinal).ToList();
        if (waiting.Count == 0) events.Normal(claim, "WaitForFirstConsumer", "waiting for first consumer to be created before binding");
        else events.Normal(claim, "WaitForPodScheduled", $"waiting for {(waiting.Count > 1 ? "pods" : "pod")} {string.Join(',', waiting)} to be scheduled");
    }

    // Volumes are made by provisioners; they are told by annotations which of them is to.
    private async ValueTask ProvisionAsync(PersistentVolumeClaim claim, StorageClass? type, CancellationToken cancel)
    {
        if (type is null)
        {
            events.Warning(claim, "ProvisioningFailed", $"storageclass.storage.k8s.io \"{VolumeFacts.ClassOf(claim)}\" not found");
            return;
        }
        if (type.Provisioner.StartsWith("kubernetes.io/", StringComparison.Ordinal))
        {
            events.Warning(claim, "ProvisioningFailed", type.Provisioner == "kubernetes.io/no-provisioner"
                ? "no volume plugin matched name: kubernetes.io/no-provisioner" : $"no volume plugin matched name: {type.Provisioner}");
            return;
        }
        if (VolumeFacts.Annotation(claim, VolumeFacts.Provisioner) != type.Provisioner || VolumeFacts.Annotation(claim, VolumeFacts.OldProvisioner) != type.Provisioner)
        {
            var told = claim.DeepCopy();
            VolumeFacts.Annotate(told, VolumeFacts.OldProvisioner, type.Provisioner);
            VolumeFacts.Annotate(told, VolumeFacts.Provisioner, type.Provisioner);
            claim = await client.UpdateAsync(told, cancel);
        }
        events.Normal(claim, "ExternalProvisioning",
            $"Waiting for a volume to be created either by the external provisioner '{type.Provisioner}' or manually by the system administrator. "
            + "If volume creation is delayed, please verify that the provisioner is running and correctly registered.");
    }

    private async ValueTask NamedAsync(PersistentVolumeClaim claim, CancellationToken cancel)
    {
        if (volumes.Get(new(claim.Spec.VolumeName)) is { } volume)
        {
            if (volume.Spec.ClaimRef is not null && VolumeFacts.IsBoundTo(volume, claim))
            {
                await writes.BindAsync(volume, claim, cancel);
                return;
            }
            if (volume.Spec.ClaimRef is { } other)
            {
                events.Warning(claim, "FailedBinding", $"volume \"{volume.Metadata.Name}\" already bound to a different claim.");
                if (VolumeFacts.Has(claim, VolumeFacts.BoundByController))
                    throw new ReconcileException($"invalid binding of claim \"{Key.Of(claim)}\" to volume \"{claim.Spec.VolumeName}\": volume already claimed by \"{other.Namespace}/{other.Name}\"");
            }
            else if (VolumeMatch.Refusal(claim, volume) is { } refusal) events.Warning(claim, "VolumeMismatch", $"Cannot bind to requested volume \"{volume.Metadata.Name}\": {refusal}");
            else
            {
                await writes.BindAsync(volume, claim, cancel);
                return;
            }
        }
        await writes.SetPhaseAsync(claim, PersistentVolumeClaimPhase.Pending, null, cancel);
    }

    private async ValueTask BoundAsync(PersistentVolumeClaim claim, CancellationToken cancel)
    {
        if (claim.Spec.VolumeName.Length == 0) await LoseAsync(claim, "ClaimLost", "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!", cancel);
        else if (volumes.Get(new(claim.Spec.VolumeName)) is not { } volume)
        {
            // The cache of volumes may be behind that of claims; lost is for good.
            if (claim.Status.Phase != PersistentVolumeClaimPhase.Lost && await client.TryGetAsync<PersistentVolume>(new Key(claim.Spec.VolumeName), cancel) is not null)
                throw new ReconcileException($"volume \"{claim.Spec.VolumeName}\" is not in the cache yet");
            await LoseAsync(claim, "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!", cancel);
        }
        else if (volume.Spec.ClaimRef is null || volume.Spec.ClaimRef.Uid == claim.Metadata.Uid) await writes.BindAsync(volume, claim, cancel);
        else await LoseAsync(claim, "ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly", cancel);
    }

    private async ValueTask LoseAsync(PersistentVolumeClaim claim, string reason, string message, CancellationToken cancel)
    {
        if (claim.Status.Phase == PersistentVolumeClaimPhase.Lost) return;
        await writes.SetPhaseAsync(claim, PersistentVolumeClaimPhase.Lost, null, cancel);
        events.Warning(claim, reason, message);
    }
}
