using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Size, access and source of persistent volumes, and what may change of them (upstream: apis/core/validation, ValidatePersistentVolume).</summary>
public sealed partial class PersistentVolumeRules
{
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    public override void Validate(PersistentVolume obj, FieldErrors errors)
    {
        var spec = obj.Spec;
        VolumeChecks.AccessModes(spec.AccessModes, "", SpecPath / "accessModes", errors);
        Capacity(spec, SpecPath / "capacity", errors);
        if (spec.NodeAffinity is { } affinity)
        {
            if (affinity.Required is { } required) PodSpecValidation.NodeSelector(errors, required, SpecPath / "nodeAffinity" / "required");
            else errors.Required(SpecPath / "nodeAffinity" / "required", "must specify required node constraints");
        }
        new PersistentVolumeSourceValidation(spec, errors).Validate(SpecPath);
        if (spec.HostPath is { } host && Whole(host.Path) && spec.PersistentVolumeReclaimPolicy == PersistentVolumeReclaimPolicy.Recycle)
            errors.Forbidden(SpecPath / "persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'");
        if (spec.StorageClassName.Length > 0) errors.Subdomain(SpecPath / "storageClassName", spec.StorageClassName);
        errors.OneOf(SpecPath / "volumeMode", spec.VolumeMode, PersistentVolumeMode.Block, PersistentVolumeMode.Filesystem);
        if (spec.VolumeAttributesClassName is not { } settings) return;
        if (settings.Length == 0) errors.Required(SpecPath / "volumeAttributesClassName", "an empty string is disallowed");
        else errors.Subdomain(SpecPath / "volumeAttributesClassName", settings);
        if (spec.Csi is null) errors.Required(SpecPath / "csi", "has to be specified when using volumeAttributesClassName");
    }

    public override void ValidateUpdate(PersistentVolume obj, PersistentVolume old, string subresource, FieldErrors errors)
    {
        if (subresource == "status") return;
        Validate(obj, errors);
        if (!SameSource(obj.Spec, old.Spec))
            errors.Forbidden(SpecPath / "persistentvolumesource", "spec.persistentvolumesource is immutable after creation");
        if (obj.Spec.VolumeMode != old.Spec.VolumeMode) errors.Invalid(FieldPath.Of("volumeMode"), obj.Spec.VolumeMode, Checks.Immutable);
        if (old.Spec.NodeAffinity is { } affinity && !affinity.ContentEquals(obj.Spec.NodeAffinity))
            errors.Invalid(FieldPath.Of("nodeAffinity"), Checks.Shown(obj.Spec.NodeAffinity), Checks.Immutable);
        if (old.Spec.VolumeAttributesClassName is not null && obj.Spec.VolumeAttributesClassName is null)
            errors.Forbidden(SpecPath / "volumeAttributesClassName", "update from non-nil value to nil is forbidden");
    }

    public override void Warn(PersistentVolume obj, PersistentVolume? old, List<string> warnings)
    {
        var annotations = FieldPath.Of("metadata") / "annotations";
        if (obj.Metadata.Annotations?.ContainsKey(ClassAnnotation) == true)
            warnings.Add($"{annotations.Key(ClassAnnotation)}: deprecated since v1.8; use \"storageClassName\" attribute instead");
        if (obj.Metadata.Annotations?.ContainsKey(MountAnnotation) == true)
            warnings.Add($"{annotations.Key(MountAnnotation)}: deprecated since v1.31; use \"mountOptions\" attribute instead");
        var spec = obj.Spec;
        if (spec.PersistentVolumeReclaimPolicy == PersistentVolumeReclaimPolicy.Recycle)
            warnings.Add("spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.");
        if (spec.NodeAffinity?.Required is { } required) PodWarnings.NodeTerms(required, SpecPath / "nodeAffinity" / "required" / "nodeSelectorTerms", warnings);
        Gone(spec.Cephfs, "cephfs", "deprecated in v1.28, non-functional in v1.31+");
        Gone(spec.PhotonPersistentDisk, "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+");
        Gone(spec.ScaleIO, "scaleIO", "deprecated in v1.16, non-functional in v1.22+");
        Gone(spec.Storageos, "storageOS", "deprecated in v1.22, non-functional in v1.25+");
        Gone(spec.Glusterfs, "glusterfs", "deprecated in v1.25, non-functional in v1.26+");
        Gone(spec.Rbd, "rbd", "deprecated in v1.28, non-functional in v1.31+");

        void Gone(object? source, string name, string message)
        {
            if (source is not null) warnings.Add($"{SpecPath / name}: {message}");
        }
    }

    private static void Capacity(PersistentVolumeSpec spec, FieldPath path, FieldErrors errors)
    {
        var capacity = spec.Capacity ?? [];
        if (capacity.Count == 0) errors.Required(path);
        if (!capacity.ContainsKey("storage") || capacity.Count > 1) errors.NotSupported(path, VolumeChecks.Shown(capacity), ["storage"]);
        foreach (var (name, size) in capacity.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            if (size.Sign < 0) errors.Invalid(path.Key(name), size.Value, "must be a valid resource quantity");
            if (size.Sign <= 0) errors.Invalid(path.Key(name), size, Checks.Positive);
        }
    }

    private static bool Whole(string path) => path.Length > 0 && path.All(c => c is '/' or '.') && !path.Contains("..", StringComparison.Ordinal);

    // All that says where the data is; a secret to enlarge the volume may be added later.
    private static bool SameSource(PersistentVolumeSpec spec, PersistentVolumeSpec old)
    {
        var (now, before) = (Source(spec), Source(old));
        if (before.Csi is { ControllerExpandSecretRef: null } && now.Csi is not null) now.Csi.ControllerExpandSecretRef = null;
        return now.ContentEquals(before);
    }

    private static PersistentVolumeSpec Source(PersistentVolumeSpec spec)
    {
        var source = spec.DeepCopy();
        (source.Capacity, source.AccessModes, source.ClaimRef, source.PersistentVolumeReclaimPolicy) = (null, null, null, "");
        (source.StorageClassName, source.MountOptions, source.VolumeMode, source.NodeAffinity, source.VolumeAttributesClassName) = ("", null, null, null, null);
        return source;
    }
}
