using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Storage.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Volumes;

/// <summary>Keeps classes of volume settings that are deleted until no claim and no volume names them any more (upstream: pkg/controller/volume/vacprotection).</summary>
public sealed class SettingsProtectionReconciler : IReconciler
{
    public const string Finalizer = "kubernetes.io/vac-protection";

    private readonly Client client;
    private readonly Informer<VolumeAttributesClass> classes;
    private readonly Informer<PersistentVolumeClaim> claims;
    private readonly Informer<PersistentVolume> volumes;

    private SettingsProtectionReconciler(Client client, InformerSet informers) =>
        (this.client, classes, claims, volumes) = (client, informers.For<VolumeAttributesClass>(), informers.For<PersistentVolumeClaim>(), informers.For<PersistentVolume>());

    public static Controller NewController(InformerSet informers) => new ControllerBuilder("volumeattributesclass-protection-controller", informers)
        .For<VolumeAttributesClass>()
        .Watches<PersistentVolumeClaim>(static claim => Names(claim).Select(static n => new Key(n)), static delta => delta.Type != DeltaType.Added)
        .Watches<PersistentVolume>(static volume => Names(volume).Select(static n => new Key(n)), static delta => delta.Type != DeltaType.Added)
        .Build(new SettingsProtectionReconciler(informers.Client.As("volumeattributesclass-protection-controller"), informers));

    private static IEnumerable<string> Names(PersistentVolumeClaim claim) =>
        new[] { claim.Spec.VolumeAttributesClassName, claim.Status.CurrentVolumeAttributesClassName, claim.Status.ModifyVolumeStatus?.TargetVolumeAttributesClassName }.OfType<string>().Where(static n => n.Length > 0);

    private static IEnumerable<string> Names(PersistentVolume volume) => volume.Spec.VolumeAttributesClassName is { Length: > 0 } name ? [name] : [];

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (classes.Get(key) is not { } known) return Result.Done;
        var settings = known.DeepCopy();
        if (settings.Metadata.DeletionTimestamp is null)
        {
            if (!Finalizers.Add(settings, Finalizer)) return Result.Done;
        }
        else if (claims.List().Any(c => Names(c).Contains(key.Name)) || volumes.List().Any(v => Names(v).Contains(key.Name)) || !Finalizers.Remove(settings, Finalizer)) return Result.Done;
        var written = await client.TryUpdateAsync(settings, cancel);
        if (!written.IsNotFound) written.OrThrow();
        return Result.Done;
    }
}
