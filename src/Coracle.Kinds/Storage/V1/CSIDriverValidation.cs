using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Storage.V1;

/// <summary>What storage drivers may say of themselves (upstream: apis/storage/validation, ValidateCSIDriver).</summary>
public sealed partial class CSIDriverRules
{
    private const long TokenSecondsMin = 600;
    private const long TokenSecondsMax = 1L << 32;
    private const long UpdateSecondsMin = 10;
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    public override void Validate(CSIDriver obj, FieldErrors errors)
    {
        var spec = obj.Spec;
        // Named so upstream.
        if (spec.AttachRequired is null) errors.Required(SpecPath / "attachedRequired");
        if (spec.PodInfoOnMount is null) errors.Required(SpecPath / "podInfoOnMount");
        if (spec.StorageCapacity is null) errors.Required(SpecPath / "storageCapacity");
        errors.OneOf(SpecPath / "fsGroupPolicy", spec.FsGroupPolicy, FSGroupPolicy.File, FSGroupPolicy.None, FSGroupPolicy.ReadWriteOnceWithFSType);
        TokenRequests(spec.TokenRequests ?? [], SpecPath / "tokenRequests", errors);
        foreach (var mode in spec.VolumeLifecycleModes ?? [])
            errors.OneOf(SpecPath / "volumeLifecycleModes", mode, VolumeLifecycleMode.Persistent, VolumeLifecycleMode.Ephemeral);
        if (spec.SeLinuxMount is null) errors.Required(SpecPath / "seLinuxMount");
        if (spec.NodeAllocatableUpdatePeriodSeconds < UpdateSecondsMin)
            errors.Invalid(SpecPath / "nodeAllocatableUpdatePeriodSeconds", spec.NodeAllocatableUpdatePeriodSeconds, "must be greater than or equal to 10 seconds");
        if (spec.ServiceAccountTokenInSecrets is { } inSecrets && spec.TokenRequests is not { Count: > 0 })
            errors.Invalid(SpecPath / "serviceAccountTokenInSecrets", inSecrets, "serviceAccountTokenInSecrets is set but no tokenRequests are specified");
    }

    public override void ValidateUpdate(CSIDriver obj, CSIDriver old, string subresource, FieldErrors errors)
    {
        Validate(obj, errors);
        if (obj.Spec.AttachRequired != old.Spec.AttachRequired) errors.Invalid(SpecPath / "attachedRequired", obj.Spec.AttachRequired, Checks.Immutable);
        if (!(obj.Spec.VolumeLifecycleModes ?? []).SequenceEqual(old.Spec.VolumeLifecycleModes ?? []))
            errors.Invalid(SpecPath / "volumeLifecycleModes", Checks.Shown(obj.Spec.VolumeLifecycleModes ?? []), Checks.Immutable);
    }

    private static void TokenRequests(List<TokenRequest> requests, FieldPath path, FieldErrors errors)
    {
        var audiences = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < requests.Count; i++)
        {
            if (!audiences.Add(requests[i].Audience)) errors.Duplicate(path[i] / "audience", requests[i].Audience);
            else if (requests[i].ExpirationSeconds is < TokenSecondsMin and var few) errors.Invalid(path[i] / "expirationSeconds", few, "may not specify a duration less than 10 minutes");
            else if (requests[i].ExpirationSeconds is > TokenSecondsMax and var many) errors.Invalid(path[i] / "expirationSeconds", many, "may not specify a duration larger than 2^32 seconds");
        }
    }
}
