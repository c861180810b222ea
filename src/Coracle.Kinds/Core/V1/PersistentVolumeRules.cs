using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Persistent volumes beyond their schema.</summary>
public sealed partial class PersistentVolumeRules : KindRules<PersistentVolume>
{
    internal const string ClassAnnotation = "volume.beta.kubernetes.io/storage-class";
    private const string MountAnnotation = "volume.beta.kubernetes.io/mount-options";

    public override void Default(JsonObject obj)
    {
        ResourceRounding.List(obj.Child("spec").Child("capacity"));
        obj.ChildOrNew("status").TextOr("phase", PersistentVolumePhase.Pending);
        if (obj.Child("spec").Child("hostPath") is { } host) host.ValueOr("type", "");
    }

    /// <summary>Since when the phase is what it is, is known to the server even when the writer does not say.</summary>
    public override void Stamp(JsonObject obj, JsonObject? old, DateTimeOffset now)
    {
        var (status, before) = (obj.ChildOrNew("status"), old.Child("status"));
        var moved = old is null || status.Text("phase") != before.Text("phase");
        if (moved && status.Text("lastPhaseTransitionTime") == before.Text("lastPhaseTransitionTime")) status["lastPhaseTransitionTime"] = GoTime.Format(now);
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Capacity", "How large the volume is."),
        CommonColumns.Text("Access Modes", "How the volume can be mounted."),
        CommonColumns.Text("Reclaim Policy", "What becomes of the volume when its claim is gone."),
        CommonColumns.Text("Status", "Whether the volume is in use."),
        CommonColumns.Text("Claim", "The claim that the volume is bound to."),
        CommonColumns.Text("StorageClass", "The class of storage that the volume is of."),
        CommonColumns.Text("VolumeAttributesClass", "The class of settings that the volume has."),
        CommonColumns.Text("Reason", "Why the volume is in its state, in one word."),
        CommonColumns.Age,
        CommonColumns.Wide("VolumeMode", "Filesystem, or Block for a device without one."),
    ];

    public override IReadOnlyList<object?> Cells(PersistentVolume obj, DateTimeOffset now) =>
    [
        obj.Metadata.Name,
        VolumeCells.Size(obj.Spec.Capacity),
        VolumeCells.Modes(obj.Spec.AccessModes),
        obj.Spec.PersistentVolumeReclaimPolicy,
        obj.Metadata.DeletionTimestamp is null ? obj.Status.Phase : "Terminating",
        obj.Spec.ClaimRef is { } claim ? $"{claim.Namespace}/{claim.Name}" : "",
        ClassOf(obj.Metadata, obj.Spec.StorageClassName),
        obj.Spec.VolumeAttributesClassName ?? "<unset>",
        obj.Status.Reason,
        Cell.Age(obj.Metadata, now),
        obj.Spec.VolumeMode ?? "<unset>",
    ];

    /// <summary>The class of storage, which older objects have in an annotation.</summary>
    internal static string ClassOf(ObjectMeta metadata, string? name) =>
        metadata.Annotations?.GetValueOrDefault(ClassAnnotation) ?? name ?? "";
}
