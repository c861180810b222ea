using System.Security.Cryptography;
using System.Text;
using Coracle.Controllers.Pods;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Storage.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Volumes;

/// <summary>
/// Asks drivers to attach the volumes of pods to their nodes, and to detach what no pod there needs any more (upstream: pkg/controller/volume/attachdetach
/// with the CSI plugin). The key is a node's.
/// </summary>
public sealed class AttachmentReconciler : IReconciler
{
    private readonly Client client;
    private readonly Informer<VolumeAttachment> attachments;
    private readonly ObjectIndex<VolumeAttachment> byNode;
    private readonly ObjectIndex<Pod> podsByNode;
    private readonly Informer<Node> nodes;
    private readonly Informer<PersistentVolumeClaim> claims;
    private readonly Informer<PersistentVolume> volumes;
    private readonly Informer<CSIDriver> drivers;

    private AttachmentReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        attachments = informers.For<VolumeAttachment>();
        byNode = attachments.Index("node", static a => [a.Spec.NodeName]);
        podsByNode = informers.For<Pod>().Index("volumesOnNode", static pod => pod.Spec.NodeName.Length > 0 && ClaimUsers.Claims(pod).Any() ? [pod.Spec.NodeName] : []);
        (nodes, claims, volumes, drivers) = (informers.For<Node>(), informers.For<PersistentVolumeClaim>(), informers.For<PersistentVolume>(), informers.For<CSIDriver>());
    }

    public static Controller NewController(InformerSet informers)
    {
        var users = ClaimUsers.Index(informers.For<Pod>());
        return new ControllerBuilder("persistentvolume-attach-detach-controller", informers)
            .Watches<Pod>(static pod => pod.Spec.NodeName.Length > 0 && ClaimUsers.Claims(pod).Any() ? [new Key(pod.Spec.NodeName)] : [])
            .Watches<VolumeAttachment>(static attachment => [new Key(attachment.Spec.NodeName)])
            .Watches<PersistentVolumeClaim>(claim => users.Get(Key.Of(claim).ToString()).Where(static p => p.Spec.NodeName.Length > 0).Select(static p => new Key(p.Spec.NodeName)))
            .Watches<Node>(static node => [Key.Of(node)], static delta => delta.Type != DeltaType.Updated)
            .Reads<PersistentVolume>().Reads<CSIDriver>()
            .Build(new AttachmentReconciler(informers.Client.As("attachdetach-controller"), informers));
    }

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        var wanted = nodes.Get(key) is null ? [] : podsByNode.Get(key.Name).Where(static p => !PodState.IsFinished(p)).SelectMany(Attachable).DistinctBy(static v => v.Metadata.Name).ToList();
        foreach (var volume in wanted) await AttachAsync(volume, key.Name, cancel);
        foreach (var left in byNode.Get(key.Name).Where(a => a.Metadata.DeletionTimestamp is null && IsOurs(a) && !wanted.Exists(v => v.Metadata.Name == a.Spec.Source.PersistentVolumeName)))
            await client.DeleteAsync(left, null, cancel);
        return Result.Done;
    }

    // An attachment that somebody else made has another name, and is theirs.
    private static bool IsOurs(VolumeAttachment attachment) => attachment.Metadata.Name.StartsWith("csi-", StringComparison.Ordinal);

    private IEnumerable<PersistentVolume> Attachable(Pod pod)
    {
        foreach (var name in ClaimUsers.Claims(pod))
            if (claims.Get(new(pod.Metadata.Namespace, name)) is { Status.Phase: PersistentVolumeClaimPhase.Bound } claim && volumes.Get(new(claim.Spec.VolumeName)) is { Spec.Csi: { } source } volume
                && drivers.Get(new(source.Driver))?.Spec.AttachRequired != false)
                yield return volume;
    }

    private async ValueTask AttachAsync(PersistentVolume volume, string node, CancellationToken cancel)
    {
        var source = volume.Spec.Csi!;
        var name = "csi-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source.VolumeHandle + source.Driver + node)));
        if (attachments.Get(new(name)) is not null) return;
        var created = await client.TryCreateAsync(new VolumeAttachment
        {
            Metadata = new() { Name = name }, Spec = new() { Attacher = source.Driver, NodeName = node, Source = new() { PersistentVolumeName = volume.Metadata.Name } },
        }, cancel);
        if (!created.IsAlreadyExists) created.OrThrow();
    }
}
