using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>What a claim may ask for, and what may change of it (upstream: apis/core/validation, ValidatePersistentVolumeClaim).</summary>
public sealed partial class PersistentVolumeClaimRules
{
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    public override void Validate(PersistentVolumeClaim obj, FieldErrors errors) => Spec(obj.Spec, SpecPath, checkGroups: true, errors);

    public override void ValidateUpdate(PersistentVolumeClaim obj, PersistentVolumeClaim old, string subresource, FieldErrors errors)
    {
        if (subresource == "status")
        {
            Status(obj, errors);
            return;
        }
        Spec(obj.Spec, SpecPath, checkGroups: old.Spec.DataSource?.ApiGroup is null && old.Spec.DataSourceRef?.ApiGroup is null, errors);
        Class(obj, old, errors);
        if (!obj.Spec.ContentEquals(Allowed(obj, old)))
            errors.Forbidden(SpecPath, "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims");
        var size = Storage(obj.Spec.Resources.Requests);
        // A request may go back as far as what is there, to give up an enlargement that fails.
        if (size.CompareTo(Storage(old.Spec.Resources.Requests)) < 0 && size.CompareTo(Storage(old.Status.Capacity)) <= 0)
            errors.Forbidden(SpecPath / "resources" / "requests" / "storage", "field can not be less than status.capacity");
        if (obj.Spec.VolumeMode != old.Spec.VolumeMode) errors.Invalid(FieldPath.Of("volumeMode"), obj.Spec.VolumeMode, Checks.Immutable);
        if (old.Spec.VolumeAttributesClassName is null) return;
        if (obj.Spec.VolumeAttributesClassName is null) errors.Forbidden(SpecPath / "volumeAttributesClassName", "update from non-nil value to nil is forbidden");
        else if (obj.Spec.VolumeAttributesClassName.Length == 0 && old.Spec.VolumeAttributesClassName.Length > 0)
            errors.Forbidden(SpecPath / "volumeAttributesClassName", "update from non-nil value to an empty string is forbidden");
    }

    public override void Warn(PersistentVolumeClaim obj, PersistentVolumeClaim? old, List<string> warnings)
    {
        if (obj.Metadata.Annotations?.ContainsKey(PersistentVolumeRules.ClassAnnotation) == true)
            warnings.Add($"metadata.annotations[{PersistentVolumeRules.ClassAnnotation}]: deprecated since v1.8; use \"storageClassName\" attribute instead");
        WarnOfFractions(obj.Spec, SpecPath, warnings);
    }

    internal static void WarnOfFractions(PersistentVolumeClaimSpec spec, FieldPath path, List<string> warnings)
    {
        if (spec.Resources.Requests?.TryGetValue("storage", out var size) == true && size.MilliValue % 1000 != 0)
            warnings.Add($"{(path / "resources" / "requests").Key("storage")}: fractional byte value {GoText.Quote(size.ToString())} is invalid, must be an integer");
    }

    internal static void Spec(PersistentVolumeClaimSpec spec, FieldPath path, bool checkGroups, FieldErrors errors)
    {
        if (spec.AccessModes is not { Count: > 0 }) errors.Required(path / "accessModes", "at least 1 access mode is required");
        errors.Selector(path / "selector", spec.Selector);
        if (spec.AccessModes is { Count: > 0 }) VolumeChecks.AccessModes(spec.AccessModes, "", path / "accessModes", errors);
        var resources = (path / "resources").Key("storage");
        if (spec.Resources.Requests?.TryGetValue("storage", out var size) != true) errors.Required(resources);
        else if (size.Sign <= 0) errors.Invalid(resources, size, Checks.Positive);
        if (spec.StorageClassName is { Length: > 0 } name) errors.Subdomain(path / "storageClassName", name);
        errors.OneOf(path / "volumeMode", spec.VolumeMode, PersistentVolumeMode.Block, PersistentVolumeMode.Filesystem);
        DataSources(spec, path, checkGroups, errors);
        if (spec.VolumeAttributesClassName is { Length: > 0 } settings) errors.Subdomain(path / "volumeAttributesClassName", settings);
    }

    private static void DataSources(PersistentVolumeClaimSpec spec, FieldPath path, bool checkGroups, FieldErrors errors)
    {
        if (spec.DataSource is { } source) DataSource(source.ApiGroup ?? "", source.Kind, source.Name, path / "dataSource", checkGroups, errors);
        if (spec.DataSourceRef is not { } reference) return;
        DataSource(reference.ApiGroup ?? "", reference.Kind, reference.Name, path / "dataSourceRef", checkGroups, errors);
        if (reference.Namespace is { Length: > 0 } ns)
        {
            errors.Label(path / "dataSourceRef" / "namespace", ns);
            if (spec.DataSource is not null) errors.Invalid(path, (path / "dataSource").ToString(), "may not be specified when dataSourceRef.namespace is specified");
        }
        else if (spec.DataSource is { } given && (given.ApiGroup != reference.ApiGroup || given.Kind != reference.Kind || given.Name != reference.Name))
            errors.Invalid(path, (path / "dataSource").ToString(), "must match dataSourceRef");
    }

    private static void DataSource(string group, string kind, string name, FieldPath path, bool checkGroup, FieldErrors errors)
    {
        errors.RequiredText(path / "name", name);
        errors.RequiredText(path / "kind", kind);
        if (group.Length == 0 && kind != "PersistentVolumeClaim") errors.Invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
        if (group.Length > 0 && checkGroup) errors.Subdomain(path / "apiGroup", group);
    }

    // The class was an annotation once: it may move to the field, and may be filled in where it was not said.
    private static void Class(PersistentVolumeClaim obj, PersistentVolumeClaim old, FieldErrors errors)
    {
        if (ClassMoves(obj, old)) return;
        var (now, before) = (obj.Metadata.Annotations?.GetValueOrDefault(PersistentVolumeRules.ClassAnnotation) ?? "", old.Metadata.Annotations?.GetValueOrDefault(PersistentVolumeRules.ClassAnnotation) ?? "");
        if (now != before) errors.Invalid((FieldPath.Of("metadata") / "annotations").Key(PersistentVolumeRules.ClassAnnotation), now, Checks.Immutable);
    }

    private static bool ClassMoves(PersistentVolumeClaim obj, PersistentVolumeClaim old)
    {
        if (old.Metadata.Annotations?.TryGetValue(PersistentVolumeRules.ClassAnnotation, out var before) != true) return false;
        var kept = obj.Metadata.Annotations?.GetValueOrDefault(PersistentVolumeRules.ClassAnnotation);
        return old.Spec.StorageClassName is null && obj.Spec.StorageClassName == before && (kept is null || kept == before);
    }

    /// <summary>The old specification with all that the new one may say otherwise.</summary>
    private static PersistentVolumeClaimSpec Allowed(PersistentVolumeClaim obj, PersistentVolumeClaim old)
    {
        var spec = old.Spec.DeepCopy();
        if (spec.VolumeName.Length == 0) spec.VolumeName = obj.Spec.VolumeName;
        var annotation = old.Metadata.Annotations?.GetValueOrDefault(PersistentVolumeRules.ClassAnnotation);
        var filledIn = spec.StorageClassName is null && obj.Spec.StorageClassName is { } name && (annotation is null || annotation == name);
        if (ClassMoves(obj, old) || filledIn) spec.StorageClassName = obj.Spec.StorageClassName;
        if (obj.Status.Phase == PersistentVolumeClaimPhase.Bound && obj.Spec.Resources.Requests?.TryGetValue("storage", out var size) == true)
            (spec.Resources.Requests ??= [])["storage"] = size;
        spec.VolumeAttributesClassName = obj.Spec.VolumeAttributesClassName;
        return spec;
    }

    private static Quantity Storage(Dictionary<string, Quantity>? amounts) => amounts is not null && amounts.TryGetValue("storage", out var size) ? size : default;

    private static readonly string[] Progress =
    [
        "ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizePending", "NodeResizeInProgress", "NodeResizeInfeasible",
    ];

    private static void Status(PersistentVolumeClaim obj, FieldErrors errors)
    {
        var path = FieldPath.Of("status");
        if (obj.Spec.AccessModes is not { Count: > 0 }) errors.Required(FieldPath.Of("Spec") / "accessModes");
        foreach (var (name, amount) in obj.Status.Capacity ?? [])
            if (amount.Sign < 0) errors.Invalid((path / "capacity").Key(name), amount.Value, "must be a valid resource quantity");
        foreach (var (name, state) in obj.Status.AllocatedResourceStatuses ?? [])
        {
            var at = path / "allocatedResourceStatus";
            if (name != "storage" && !name.Contains('/', StringComparison.Ordinal)) errors.Invalid(at, name, "invalid resource key " + name);
            if (!Progress.Contains(state)) errors.NotSupported(at, name, Progress);
        }
        foreach (var (name, amount) in obj.Status.AllocatedResources ?? [])
        {
            var at = (path / "allocatedResources").Key(name);
            if (name != "storage" && !name.Contains('/', StringComparison.Ordinal)) errors.Invalid(path / "allocatedResources", name, "invalid resource key " + name);
            else if (amount.Sign < 0) errors.Invalid(at, amount.Value, "must be a valid resource quantity");
        }
    }
}
