using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Storage.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Volumes;

/// <summary>The directories of nodes in which volumes are kept. A node that cannot be reached from here has none.</summary>
public interface INodeDirectories
{
    /// <summary>Where this volume is, or would be, on the node.</summary>
    string? PathOf(string node, string volume);

    /// <summary>Makes it, for anybody to write to.</summary>
    void Make(string node, string volume);

    /// <summary>Removes it and all that is in it.</summary>
    void Remove(string node, string volume);
}

/// <summary>
/// Makes volumes of the class "standard": a directory on the node on which the first pod is to run. It goes with its volume. What others do as external
/// provisioners, by their protocol (sig-storage-lib-external-provisioner).
/// </summary>
public sealed class LocalPathReconciler : IReconciler
{
    public const string Provisioner = "coracle.dev/local-path";
    public const string Account = "local-path-provisioner";
    private const string Finalizer = "coracle.dev/local-path";
    private const string HostnameLabel = "kubernetes.io/hostname";

    private readonly Client client;
    private readonly INodeDirectories directories;
    private readonly Informer<PersistentVolumeClaim> claims;
    private readonly Informer<PersistentVolume> volumes;
    private readonly Informer<StorageClass> classes;
    private readonly EventRecorder events;

    private LocalPathReconciler(Client client, InformerSet informers, INodeDirectories directories)
    {
        (this.client, this.directories) = (client, directories);
        (claims, volumes, classes) = (informers.For<PersistentVolumeClaim>(), informers.For<PersistentVolume>(), informers.For<StorageClass>());
        events = new(client, Provisioner);
    }

    /// <summary>A key with a namespace is a claim, one without a volume.</summary>
    public static Controller NewController(InformerSet informers, INodeDirectories directories) => new ControllerBuilder(Account, informers)
        .For<PersistentVolumeClaim>(static delta => delta.New is { } claim && VolumeFacts.Annotation(claim, VolumeFacts.Provisioner) == Provisioner && (IsUnbound(claim) || Growth.IsWanted(claim)))
        .For<PersistentVolume>(static delta => delta.New is { } volume && IsOwn(volume))
        .Reads<StorageClass>()
        .Workers(4)
        .Build(new LocalPathReconciler(informers.Client.As(Account), informers, directories));

    private static bool IsUnbound(PersistentVolumeClaim claim) => claim.Spec.VolumeName.Length == 0;
    private static bool IsOwn(PersistentVolume volume) => VolumeFacts.Annotation(volume, VolumeFacts.ProvisionedBy) == Provisioner;

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (key.Namespace.Length == 0)
        {
            if (volumes.Get(key) is { } volume && IsOwn(volume)) await ReclaimAsync(volume, cancel);
        }
        else if (claims.Get(key) is { Metadata.DeletionTimestamp: null } claim)
        {
            if (IsUnbound(claim)) await MakeAsync(claim, cancel);
            else if (Growth.IsWanted(claim)) await GrowAsync(claim, cancel);
        }
        return Result.Done;
    }

    /// <summary>1. Only for who is told to, once it is known where. 2. The directory first: a volume without one would be used. 3. The volume, kept for its claim.</summary>
    private async ValueTask MakeAsync(PersistentVolumeClaim claim, CancellationToken cancel)
    {
        if (VolumeFacts.Annotation(claim, VolumeFacts.Provisioner) != Provisioner || classes.Get(new(VolumeFacts.ClassOf(claim))) is not { Provisioner: Provisioner } type) return;
        var (node, name) = (VolumeFacts.Annotation(claim, VolumeFacts.SelectedNode), $"pvc-{claim.Metadata.Uid}");
        if (volumes.Get(new(name)) is not null || (node.Length == 0 && VolumeFacts.WaitsForConsumer(type))) return; // 1
        events.Normal(claim, "Provisioning", $"External provisioner is provisioning volume for claim \"{Key.Of(claim)}\"");
        if (Refusal(claim, node) is { } refusal)
        {
            events.Warning(claim, "ProvisioningFailed", $"failed to provision volume with StorageClass \"{type.Metadata.Name}\": {refusal}");
            throw new ReconcileException(refusal);
        }
        directories.Make(node, name);                                                                            // 2
        var created = await client.TryCreateAsync(Volume(claim, type, node, name), cancel);                      // 3
        if (!created.Ok && !created.IsAlreadyExists) created.OrThrow();
        events.Normal(claim, "ProvisioningSucceeded", $"Successfully provisioned volume {name}");
    }

    private string? Refusal(PersistentVolumeClaim claim, string node)
    {
        if (node.Length == 0) return "configuration error, no node was specified";
        if (claim.Spec.VolumeMode == PersistentVolumeMode.Block) return $"{Provisioner} does not support block volume provisioning";
        if (claim.Spec.Selector is not null) return "claim.Spec.Selector is not supported";
        if (claim.Spec.AccessModes?.Exists(static m => m is not (PersistentVolumeAccessMode.ReadWriteOnce or PersistentVolumeAccessMode.ReadWriteOncePod)) == true)
            return "NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes";
        return directories.PathOf(node, "any") is null ? $"node \"{node}\" cannot be reached" : null;
    }

    private PersistentVolume Volume(PersistentVolumeClaim claim, StorageClass type, string node, string name) => new()
    {
        Metadata = new() { Name = name, Annotations = new() { [VolumeFacts.ProvisionedBy] = Provisioner }, Finalizers = [Finalizer] },
        Spec = new()
        {
            Capacity = new() { ["storage"] = VolumeFacts.Size(claim) },
            AccessModes = claim.Spec.AccessModes, VolumeMode = claim.Spec.VolumeMode, StorageClassName = type.Metadata.Name, MountOptions = type.MountOptions,
            PersistentVolumeReclaimPolicy = type.ReclaimPolicy ?? PersistentVolumeReclaimPolicy.Delete, ClaimRef = EventRecorder.Refer(claim),
            VolumeAttributesClassName = claim.Spec.VolumeAttributesClassName,
            Local = new() { Path = directories.PathOf(node, name)! },
            NodeAffinity = new()
            {
                Required = new() { NodeSelectorTerms = [new() { MatchExpressions = [new() { Key = HostnameLabel, Operator = NodeSelectorOperator.In, Values = [node] }] }] },
            },
        },
    };

    /// <summary>
    /// A volume that nobody has any more takes its directory along, unless it is to be kept. The server is asked first: what is removed cannot be had back.
    /// </summary>
    private async ValueTask ReclaimAsync(PersistentVolume known, CancellationToken cancel)
    {
        if (!IsOver(known) || await client.TryGetAsync<PersistentVolume>(Key.Of(known), cancel) is not { } volume || volume.Metadata.Uid != known.Metadata.Uid || !IsOver(volume)) return;
        if (volume.Spec.PersistentVolumeReclaimPolicy == PersistentVolumeReclaimPolicy.Delete)
        {
            if (NodeOf(volume) is { } node) directories.Remove(node, volume.Metadata.Name);
            if (volume.Metadata.DeletionTimestamp is null && !await client.DeleteAsync(volume, null, cancel)) return;
        }
        if (await client.TryGetAsync<PersistentVolume>(Key.Of(volume), cancel) is not { } current || current.Metadata.Uid != volume.Metadata.Uid || !Finalizers.Remove(current, Finalizer)) return;
        var written = await client.TryUpdateAsync(current, cancel);
        if (!written.IsNotFound) written.OrThrow();
    }

    // Released, or deleted with nobody bound to it. One that is to be kept needs its finalizer no longer than it lives.
    private static bool IsOver(PersistentVolume volume)
    {
        if (volume.Metadata.DeletionTimestamp is not null && (volume.Spec.PersistentVolumeReclaimPolicy != PersistentVolumeReclaimPolicy.Delete || !Finalizers.Has(volume, VolumeFacts.VolumeProtection)))
            return Finalizers.Has(volume, Finalizer);
        return volume.Spec.PersistentVolumeReclaimPolicy == PersistentVolumeReclaimPolicy.Delete && volume.Status.Phase is PersistentVolumePhase.Released or PersistentVolumePhase.Failed;
    }

    private static string? NodeOf(PersistentVolume volume) =>
        volume.Spec.NodeAffinity?.Required?.NodeSelectorTerms is [{ MatchExpressions: [{ Key: HostnameLabel, Values: [var node] }] }] ? node : null;

    /// <summary>A directory is as large as its disk: only what is said of it grows.</summary>
    private async ValueTask GrowAsync(PersistentVolumeClaim claim, CancellationToken cancel)
    {
        if (volumes.Get(new(claim.Spec.VolumeName)) is not { } volume || !IsOwn(volume) || volume.Spec.ClaimRef?.Uid != claim.Metadata.Uid) return;
        var size = VolumeFacts.Size(claim);
        if (VolumeFacts.Size(volume).CompareTo(size) < 0)
        {
            var larger = volume.DeepCopy();
            larger.Spec.Capacity!["storage"] = size;
            await client.UpdateAsync(larger, cancel);
        }
        var grown = claim.DeepCopy();
        grown.Status.Capacity = new() { ["storage"] = size };
        await client.UpdateStatusAsync(grown, cancel);
        events.Normal(claim, "VolumeResizeSuccessful", "Resize volume succeeded");
    }
}
