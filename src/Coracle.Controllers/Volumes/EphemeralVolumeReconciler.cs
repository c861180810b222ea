using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Volumes;

/// <summary>Makes the claims of pods' ephemeral volumes, which go with their pods (upstream: pkg/controller/volume/ephemeral).</summary>
public sealed class EphemeralVolumeReconciler : IReconciler
{
    private readonly Client client;
    private readonly Informer<Pod> pods;
    private readonly Informer<PersistentVolumeClaim> claims;
    private readonly EventRecorder events;

    private EphemeralVolumeReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        (pods, claims) = (informers.For<Pod>(), informers.For<PersistentVolumeClaim>());
        events = new(client, "ephemeral_volume");
    }

    public static Controller NewController(InformerSet informers)
    {
        var pods = informers.For<Pod>();
        return new ControllerBuilder("ephemeral-volume-controller", informers)
            .For<Pod>(static delta => delta.New is { Metadata.DeletionTimestamp: null } pod && HasAny(pod))
            .Watches<PersistentVolumeClaim>(
                claim => Owners.ControllerOf(claim) is { Kind: "Pod" } owner && pods.Get(new(claim.Metadata.Namespace, owner.Name)) is { } pod ? [Key.Of(pod)] : [],
                static delta => delta.Type == DeltaType.Deleted)
            .Workers(5)
            .Build(new EphemeralVolumeReconciler(informers.Client.As("ephemeral-volume-controller"), informers));
    }

    private static bool HasAny(Pod pod) => pod.Spec.Volumes?.Exists(static v => v.Ephemeral is not null) == true;

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (pods.Get(key) is not { Metadata.DeletionTimestamp: null } pod) return Result.Done;
        foreach (var volume in pod.Spec.Volumes ?? [])
            if (volume.Ephemeral?.VolumeClaimTemplate is { } template) await EnsureAsync(pod, volume.Name, template, cancel);
        return Result.Done;
    }

    private async ValueTask EnsureAsync(Pod pod, string volume, PersistentVolumeClaimTemplate template, CancellationToken cancel)
    {
        var key = new Key(pod.Metadata.Namespace, $"{pod.Metadata.Name}-{volume}");
        if (claims.Get(key) is { } known)
        {
            if (!Owners.IsControlledBy(known, pod)) throw new ReconcileException($"PVC {key} was not created for pod {Key.Of(pod)} (pod is not owner)");
            return;
        }
        var created = await client.TryCreateAsync(new PersistentVolumeClaim
        {
            Metadata = new()
            {
                Namespace = key.Namespace, Name = key.Name, OwnerReferences = [Owners.ControllerReference(pod)],
                Labels = template.Metadata.Labels, Annotations = template.Metadata.Annotations,
            },
            Spec = template.Spec.DeepCopy(),
        }, cancel);
        if (created.Ok || created.Failure.IsNamespaceTerminating || created.IsAlreadyExists) return;
        events.Warning(pod, "EphemeralVolumeFailed", $"ephemeral volume {volume}: create PVC {key.Name}: {created.Failure.Message}");
        created.OrThrow();
    }
}
