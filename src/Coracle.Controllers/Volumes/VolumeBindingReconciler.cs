using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Storage.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Volumes;

/// <summary>
/// Binds claims to volumes and volumes to claims (upstream: pkg/controller/volume/persistentvolume). A key with a namespace is a claim, one without a
/// volume. One worker: two would bind two claims to one volume and have to take one back.
/// </summary>
public sealed class VolumeBindingReconciler : IReconciler
{
    public const string Name = "persistentvolume-controller";

    // Upstream looks at everything again that often; what is told of a claim that waits counts up by it.
    private static readonly TimeSpan Resync = TimeSpan.FromSeconds(15);

    private readonly Informer<PersistentVolume> volumes;
    private readonly Informer<PersistentVolumeClaim> claims;
    private readonly ClaimSync claimSync;
    private readonly VolumeSync volumeSync;

    private VolumeBindingReconciler(Client client, InformerSet informers)
    {
        (volumes, claims) = (informers.For<PersistentVolume>(), informers.For<PersistentVolumeClaim>());
        var events = new EventRecorder(client, Name);
        var writes = new BindingWrites(client);
        claimSync = new(client, events, writes, volumes, informers.For<StorageClass>(), informers.For<Pod>());
        volumeSync = new(client, events, writes, claims);
    }

    public static Controller NewController(InformerSet informers)
    {
        var claims = informers.For<PersistentVolumeClaim>();
        return new ControllerBuilder("persistentvolume-binder-controller", informers)
            .Watches<PersistentVolumeClaim>(static claim => Concerned(claim))
            .Watches<PersistentVolume>(volume => Concerned(volume, claims))
            // A class that begins to be the default, or to be at all, is what claims may have waited for.
            .Watches<StorageClass>(_ => claims.List().Where(IsWaiting).Select(Key.Of))
            .Reads<Pod>()
            .Build(new VolumeBindingReconciler(informers.Client.As("persistent-volume-binder"), informers));
    }

    private static IEnumerable<Key> Concerned(PersistentVolumeClaim claim)
    {
        yield return Key.Of(claim);
        if (claim.Spec.VolumeName.Length > 0) yield return new(claim.Spec.VolumeName);
    }

    private static IEnumerable<Key> Concerned(PersistentVolume volume, Informer<PersistentVolumeClaim> claims)
    {
        yield return Key.Of(volume);
        if (volume.Spec.ClaimRef is { } reference) yield return new(reference.Namespace, reference.Name);
        else
            foreach (var claim in claims.List().Where(c => IsWaiting(c) && VolumeFacts.ClassOf(c) == VolumeFacts.ClassOf(volume) || c.Spec.VolumeName == volume.Metadata.Name)) yield return Key.Of(claim);
    }

    private static bool IsWaiting(PersistentVolumeClaim claim) => !VolumeFacts.Has(claim, VolumeFacts.BindCompleted);

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (key.Namespace.Length > 0)
        {
            if (claims.Get(key) is not { } claim) return Result.Done;
            await claimSync.RunAsync(claim, cancel);
            return IsWaiting(claim) ? Result.After(Resync) : Result.Done;
        }
        if (volumes.Get(key) is not { } volume) return Result.Done;
        // The claim may have been looked at when the cache did not show the volume; it is looked at under the volume's key, which is as good.
        if (await volumeSync.RunAsync(volume, cancel) is { } next && claims.Get(next) is { } dangling && IsWaiting(dangling)) await claimSync.RunAsync(dangling, cancel);
        return Result.Done;
    }
}
