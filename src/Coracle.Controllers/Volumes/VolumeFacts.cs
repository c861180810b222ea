using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Storage.V1;
using Coracle.Schema;

namespace Coracle.Controllers.Volumes;

/// <summary>What claims, volumes and classes say, some of it in annotations (upstream: component-helpers/storage/volume).</summary>
internal static class VolumeFacts
{
    /// <summary>On claims: they have been bound once. What is seen of them later is judged by that.</summary>
    public const string BindCompleted = "pv.kubernetes.io/bind-completed";

    /// <summary>On claims and volumes: the binding is the controller's, not what its user asked for.</summary>
    public const string BoundByController = "pv.kubernetes.io/bound-by-controller";

    /// <summary>On volumes: who made them.</summary>
    public const string ProvisionedBy = "pv.kubernetes.io/provisioned-by";

    /// <summary>On claims: who is to make a volume, in both of its spellings.</summary>
    public const string Provisioner = "volume.kubernetes.io/storage-provisioner", OldProvisioner = "volume.beta.kubernetes.io/storage-provisioner";

    /// <summary>On claims: the node for which a volume is to be made.</summary>
    public const string SelectedNode = "volume.kubernetes.io/selected-node";
    public const string MigratedTo = "pv.kubernetes.io/migrated-to";
    public const string PreResizeCapacity = "volume.alpha.kubernetes.io/pre-resize-capacity";
    public const string ClaimProtection = "kubernetes.io/pvc-protection", VolumeProtection = "kubernetes.io/pv-protection";

    private const string ClassAnnotation = "volume.beta.kubernetes.io/storage-class";
    private const string DefaultClass = "storageclass.kubernetes.io/is-default-class", OldDefaultClass = "storageclass.beta.kubernetes.io/is-default-class";

    public static bool Has(IKubernetesObject obj, string annotation) => obj.Metadata.Annotations?.ContainsKey(annotation) == true;
    public static string Annotation(IKubernetesObject obj, string name) => obj.Metadata.Annotations?.GetValueOrDefault(name) ?? "";
    public static void Annotate(IKubernetesObject obj, string name, string value) => (obj.Metadata.Annotations ??= [])[name] = value;

    public static string ClassOf(PersistentVolumeClaim claim) => claim.Metadata.Annotations?.GetValueOrDefault(ClassAnnotation) ?? claim.Spec.StorageClassName ?? "";
    public static string ClassOf(PersistentVolume volume) => volume.Metadata.Annotations?.GetValueOrDefault(ClassAnnotation) ?? volume.Spec.StorageClassName;

    /// <summary>The claim says what class it wants, if only that it wants none.</summary>
    public static bool SaysClass(PersistentVolumeClaim claim) => Has(claim, ClassAnnotation) || claim.Spec.StorageClassName is not null;

    public static Quantity Size(PersistentVolumeClaim claim) => Storage(claim.Spec.Resources.Requests);
    public static Quantity Size(PersistentVolume volume) => Storage(volume.Spec.Capacity);
    public static Quantity Storage(Dictionary<string, Quantity>? amounts) => amounts is not null && amounts.TryGetValue("storage", out var size) ? size : Quantity.Zero;

    /// <summary>The volume is kept for this claim: by name, and by uid where it says one.</summary>
    public static bool IsBoundTo(PersistentVolume volume, PersistentVolumeClaim claim) =>
        volume.Spec.ClaimRef is { } reference && reference.Name == claim.Metadata.Name && reference.Namespace == claim.Metadata.Namespace
        && (reference.Uid.Length == 0 || reference.Uid == claim.Metadata.Uid);

    public static bool WaitsForConsumer(StorageClass? type) => type?.VolumeBindingMode == VolumeBindingMode.WaitForFirstConsumer;

    /// <summary>The class that claims get that name none: the newest that says so, the first by name of those made at the same time.</summary>
    public static StorageClass? DefaultOf(IEnumerable<StorageClass> classes) => classes
        .Where(static c => Annotation(c, DefaultClass) == "true" || Annotation(c, OldDefaultClass) == "true")
        .OrderByDescending(static c => c.Metadata.CreationTimestamp).ThenBy(static c => c.Metadata.Name, StringComparer.Ordinal).FirstOrDefault();
}
