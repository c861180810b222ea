using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Storage.V1;

/// <summary>Volumes attached to nodes beyond their schema (upstream: apis/storage/validation, ValidateVolumeAttachment).</summary>
public sealed class VolumeAttachmentRules : KindRules<VolumeAttachment>
{
    private const int MetadataBytesMax = 256 * 1024;
    private const int MessageMax = 1024;
    private const string OneSource = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
    private const string NotInline = "may not be specified in the context of inline volumes";
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");
    private static readonly FieldPath StatusPath = FieldPath.Of("status");

    /// <summary>What a persistent volume is given unless it says otherwise is not for the volumes of pods.</summary>
    public override void Default(JsonObject obj)
    {
        if (obj.Child("spec").Child("source").Child("inlineVolumeSpec") is not { } inline) return;
        if (inline.Text("persistentVolumeReclaimPolicy") == PersistentVolumeReclaimPolicy.Retain) inline.Remove("persistentVolumeReclaimPolicy");
        if (inline.Text("volumeMode") == PersistentVolumeMode.Filesystem) inline.Remove("volumeMode");
    }

    public override void Validate(VolumeAttachment obj, FieldErrors errors)
    {
        Whole(obj, errors);
        StorageChecks.DriverName(obj.Spec.Attacher, SpecPath / "attacher", errors);
        if (obj.Spec.Source.PersistentVolumeName is { } name) errors.Subdomain(SpecPath / "source" / "persistentVolumeName", name);
    }

    public override void ValidateUpdate(VolumeAttachment obj, VolumeAttachment old, string subresource, FieldErrors errors)
    {
        Whole(obj, errors);
        if (!obj.Spec.ContentEquals(old.Spec)) errors.Invalid(SpecPath, Checks.Shown(obj.Spec), Checks.Immutable);
    }

    private static void Whole(VolumeAttachment obj, FieldErrors errors)
    {
        errors.RequiredText(SpecPath / "attacher", obj.Spec.Attacher);
        Source(obj.Spec.Source, SpecPath / "source", errors);
        errors.Subdomain(SpecPath / "nodeName", obj.Spec.NodeName);
        var size = (obj.Status.AttachmentMetadata ?? []).Sum(entry => (long)entry.Key.Length + entry.Value.Length);
        if (size > MetadataBytesMax) errors.TooLong(StatusPath / "attachmentMetadata", MetadataBytesMax);
        Error(obj.Status.AttachError, StatusPath / "attachError", errors);
        Error(obj.Status.DetachError, StatusPath / "detachError", errors);
    }

    private static void Source(VolumeAttachmentSource source, FieldPath path, FieldErrors errors)
    {
        switch (source.PersistentVolumeName, source.InlineVolumeSpec)
        {
            case (null, null):
                errors.Required(path, OneSource);
                break;
            case (not null, not null):
                errors.Forbidden(path, OneSource);
                break;
            case (not null, null):
                errors.RequiredText(path / "persistentVolumeName", source.PersistentVolumeName, "must specify non empty persistentVolumeName");
                break;
            case (null, { } inline):
                Inline(inline, path / "inlineVolumeSpec", errors);
                break;
        }
    }

    // A pod's own volume has neither size nor claim, and only drivers know of it.
    private static void Inline(PersistentVolumeSpec spec, FieldPath path, FieldErrors errors)
    {
        if (spec.ClaimRef is not null) errors.Forbidden(path / "claimRef", NotInline);
        if (spec.Capacity is { Count: > 0 }) errors.Forbidden(path / "capacity", NotInline);
        if (spec.Csi is null) errors.Required(path / "csi", "has to be specified in the context of inline volumes");
        VolumeChecks.AccessModes(spec.AccessModes, "", path / "accessModes", errors);
        if (spec.NodeAffinity is not null) errors.Forbidden(path / "nodeAffinity", NotInline);
        new PersistentVolumeSourceValidation(spec, errors).Validate(path);
        if (spec.PersistentVolumeReclaimPolicy.Length > 0) errors.Forbidden(path / "persistentVolumeReclaimPolicy", NotInline);
        if (spec.StorageClassName.Length > 0) errors.Forbidden(path / "storageClassName", NotInline);
    }

    private static void Error(VolumeError? error, FieldPath path, FieldErrors errors)
    {
        if (error is null) return;
        // The limit that is told is not the one that is applied, upstream too.
        if (error.Message.Length > MessageMax) errors.TooLong(path / "message", MetadataBytesMax);
        if (error.ErrorCode < 0) errors.Invalid(path / "errorCode", error.ErrorCode, $"must be between 0 and {int.MaxValue}, inclusive");
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Attacher", "The driver that attaches."),
        CommonColumns.Text("PV", "The persistent volume."),
        CommonColumns.Text("Node", "The node."),
        new("Attached", "boolean", "", "Whether the volume is attached."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(VolumeAttachment obj, DateTimeOffset now) =>
    [
        obj.Metadata.Name, obj.Spec.Attacher, obj.Spec.Source.PersistentVolumeName ?? "", obj.Spec.NodeName, obj.Status.Attached, Cell.Age(obj.Metadata, now),
    ];
}
