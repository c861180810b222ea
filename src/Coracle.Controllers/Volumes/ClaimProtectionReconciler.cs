using Coracle.Controllers.Pods;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Volumes;

/// <summary>Keeps claims that are deleted until no pod uses them any more (upstream: pkg/controller/volume/pvcprotection).</summary>
public sealed class ClaimProtectionReconciler : IReconciler
{
    private readonly Client client;
    private readonly Informer<PersistentVolumeClaim> claims;
    private readonly ObjectIndex<Pod> users;

    private ClaimProtectionReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        claims = informers.For<PersistentVolumeClaim>();
        users = ClaimUsers.Index(informers.For<Pod>());
    }

    public static Controller NewController(InformerSet informers) => new ControllerBuilder("persistentvolumeclaim-protection-controller", informers)
        .For<PersistentVolumeClaim>(static delta => delta.New is { } claim && (Finalizers.IsDue(claim, VolumeFacts.ClaimProtection) || IsUnprotected(claim)))
        // A pod that goes on using its claims lets none of them go.
        .Watches<Pod>(
            static pod => ClaimUsers.Claims(pod).Select(claim => new Key(pod.Metadata.Namespace, claim)),
            static delta => delta.New is null || PodState.IsFinished(delta.New) || delta.New.Spec.NodeName.Length == 0 || delta.New.Metadata.DeletionTimestamp is not null)
        .Build(new ClaimProtectionReconciler(informers.Client.As("pvc-protection-controller"), informers));

    private static bool IsUnprotected(PersistentVolumeClaim claim) => claim.Metadata.DeletionTimestamp is null && !Finalizers.Has(claim, VolumeFacts.ClaimProtection);

    /// <summary>1. Those made before the admission plugin was on are protected late. 2. The cache says who uses the claim; 3. before it is let go, the server is asked.</summary>
    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (claims.Get(key) is not { } known) return Result.Done;
        var claim = known.DeepCopy();
        if (IsUnprotected(claim)) Finalizers.Add(claim, VolumeFacts.ClaimProtection);                             // 1
        else if (!Finalizers.IsDue(claim, VolumeFacts.ClaimProtection) || users.Get(key.ToString()).Any(pod => Uses(pod, claim))) return Result.Done; // 2
        else if ((await client.ListAsync<Pod>(key.Namespace, null, cancel)).Items.Any(pod => Uses(pod, claim))) return Result.Done;                    // 3
        else Finalizers.Remove(claim, VolumeFacts.ClaimProtection);
        var written = await client.TryUpdateAsync(claim, cancel);
        if (!written.IsNotFound) written.OrThrow();
        return Result.Done;
    }

    // A pod without a node is not started by any while its claim is on its way out.
    private static bool Uses(Pod pod, PersistentVolumeClaim claim) =>
        pod.Spec.NodeName.Length > 0 && !IsShutDown(pod) && (pod.Spec.Volumes ?? []).Exists(volume =>
            ClaimUsers.ClaimName(pod, volume) == claim.Metadata.Name && (volume.Ephemeral is null || Owners.IsControlledBy(claim, pod)));

    /// <summary>The node has ended the pod and is about to take it away.</summary>
    private static bool IsShutDown(Pod pod) => pod.Metadata is { DeletionTimestamp: not null, DeletionGracePeriodSeconds: 0 };
}

/// <summary>Keeps volumes that are deleted until no claim is bound to them any more (upstream: pkg/controller/volume/pvprotection).</summary>
public sealed class VolumeProtectionReconciler : IReconciler
{
    private readonly Client client;
    private readonly Informer<PersistentVolume> volumes;

    private VolumeProtectionReconciler(Client client, InformerSet informers) => (this.client, volumes) = (client, informers.For<PersistentVolume>());

    public static Controller NewController(InformerSet informers) => new ControllerBuilder("persistentvolume-protection-controller", informers)
        .For<PersistentVolume>(static delta => delta.New is { } volume && (Finalizers.IsDue(volume, VolumeFacts.VolumeProtection) || IsUnprotected(volume)))
        .Build(new VolumeProtectionReconciler(informers.Client.As("pv-protection-controller"), informers));

    private static bool IsUnprotected(PersistentVolume volume) => volume.Metadata.DeletionTimestamp is null && !Finalizers.Has(volume, VolumeFacts.VolumeProtection);

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (volumes.Get(key) is not { } known) return Result.Done;
        var volume = known.DeepCopy();
        if (IsUnprotected(volume)) Finalizers.Add(volume, VolumeFacts.VolumeProtection);
        else if (!Finalizers.IsDue(volume, VolumeFacts.VolumeProtection) || volume.Status.Phase == PersistentVolumePhase.Bound) return Result.Done;
        else Finalizers.Remove(volume, VolumeFacts.VolumeProtection);
        var written = await client.TryUpdateAsync(volume, cancel);
        if (!written.IsNotFound) written.OrThrow();
        return Result.Done;
    }
}
