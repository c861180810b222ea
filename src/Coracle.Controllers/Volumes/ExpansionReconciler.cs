using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Storage.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Volumes;

/// <summary>Says of claims that are to grow that somebody else makes them: all that upstream's does since no volume is of its own process (pkg/controller/volume/expand).</summary>
public sealed class ExpansionReconciler : IReconciler
{
    private readonly Informer<PersistentVolumeClaim> claims;
    private readonly Informer<PersistentVolume> volumes;
    private readonly EventRecorder events;

    private ExpansionReconciler(Client client, InformerSet informers)
    {
        (claims, volumes) = (informers.For<PersistentVolumeClaim>(), informers.For<PersistentVolume>());
        events = new(client, "volume_expand");
    }

    public static Controller NewController(InformerSet informers) => new ControllerBuilder("persistentvolume-expander-controller", informers)
        .For<PersistentVolumeClaim>(static delta => delta is { Old: { } old, New: { } claim }
            ? VolumeFacts.Size(claim).CompareTo(VolumeFacts.Size(old)) > 0 : delta.New is { } found && Growth.IsWanted(found))
        .Reads<PersistentVolume>()
        .Build(new ExpansionReconciler(informers.Client.As("expand-controller"), informers));

    public ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (claims.Get(key) is { } claim && Growth.IsWanted(claim) && volumes.Get(new(claim.Spec.VolumeName)) is { } volume && volume.Spec.ClaimRef?.Uid == claim.Metadata.Uid
            && VolumeFacts.Annotation(volume, VolumeFacts.ProvisionedBy) != LocalPathReconciler.Provisioner)
            events.Normal(claim, "ExternalExpanding", "waiting for an external controller to expand this PVC");
        return ValueTask.FromResult(Result.Done);
    }
}

/// <summary>Claims that are to grow.</summary>
internal static class Growth
{
    public static bool IsWanted(PersistentVolumeClaim claim) =>
        claim.Status.Phase == PersistentVolumeClaimPhase.Bound && VolumeFacts.Size(claim).CompareTo(VolumeFacts.Storage(claim.Status.Capacity)) > 0;
}
