using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Apps.V1;

/// <summary>Order, strategy, selector and template of stateful sets, and what may change of them (upstream: apis/apps/validation, ValidateStatefulSet).</summary>
public sealed partial class StatefulSetRules
{
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    public override void Validate(StatefulSet obj, FieldErrors errors) => Spec(obj.Spec, checkServiceName: true, errors);

    public override void ValidateUpdate(StatefulSet obj, StatefulSet old, string subresource, FieldErrors errors)
    {
        if (subresource == "status")
        {
            Counts(obj.Status, old.Status, errors);
            return;
        }
        Spec(obj.Spec, checkServiceName: obj.Spec.ServiceName != old.Spec.ServiceName, errors);
        Fixed(obj.Spec, old.Spec, errors);
    }

    public override void Warn(StatefulSet obj, StatefulSet? old, List<string> warnings)
    {
        if (old is not null && obj.Metadata.Generation == old.Metadata.Generation) return;
        PodWarnings.Template(obj.Spec.Template, SpecPath / "template", warnings);
        for (var i = 0; i < (obj.Spec.VolumeClaimTemplates?.Count ?? 0); i++)
            PersistentVolumeClaimRules.WarnOfFractions(obj.Spec.VolumeClaimTemplates![i].Spec, (SpecPath / "volumeClaimTemplates")[i], warnings);
        if (obj.Spec.RevisionHistoryLimit < 0) warnings.Add("spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended");
    }

    private static void Spec(StatefulSetSpec spec, bool checkServiceName, FieldErrors errors)
    {
        const string either = $"must be '{PodManagementPolicy.OrderedReady}' or '{PodManagementPolicy.Parallel}'";
        if (spec.PodManagementPolicy is not (PodManagementPolicy.OrderedReady or PodManagementPolicy.Parallel))
            errors.Invalid(SpecPath / "podManagementPolicy", spec.PodManagementPolicy, either);
        Strategy(spec.UpdateStrategy, SpecPath / "updateStrategy", errors);
        if (spec.PersistentVolumeClaimRetentionPolicy is { } retention)
        {
            var path = SpecPath / "persistentVolumeClaimRetentionPolicy";
            errors.OneOf(path / "whenDeleted", retention.WhenDeleted, ClaimRetention.Retain, ClaimRetention.Delete);
            errors.OneOf(path / "whenScaled", retention.WhenScaled, ClaimRetention.Retain, ClaimRetention.Delete);
        }
        errors.NonNegative(SpecPath / "replicas", spec.Replicas);
        errors.NonNegative(SpecPath / "minReadySeconds", spec.MinReadySeconds);
        errors.NonNegative(SpecPath / "ordinals.start", spec.Ordinals?.Start);
        if (checkServiceName && spec.ServiceName.Length > 0) errors.Problems(SpecPath / "serviceName", spec.ServiceName, NameRules.Dns1035Label(spec.ServiceName));
        Workloads.Selector(spec.Selector, "statefulset", SpecPath / "selector", errors);
        Template(spec, errors);
    }

    // A template mounts the volumes that the claims will be.
    private static void Template(StatefulSetSpec spec, FieldErrors errors)
    {
        var template = spec.Template.DeepCopy();
        foreach (var claim in spec.VolumeClaimTemplates ?? [])
        {
            template.Spec.Volumes = [.. (template.Spec.Volumes ?? []).Where(v => v.Name != claim.Metadata.Name)];
            template.Spec.Volumes.Add(new Volume { Name = claim.Metadata.Name, PersistentVolumeClaim = new() { ClaimName = "placeholder" } });
        }
        Workloads.Template(template, spec.Selector, "StatefulSet", SpecPath / "template", errors);
    }

    private static void Strategy(StatefulSetUpdateStrategy strategy, FieldPath path, FieldErrors errors)
    {
        switch (strategy.Type)
        {
            case "":
                errors.Required(path);
                break;
            case UpdateStrategyType.OnDelete:
                if (strategy.RollingUpdate is { } unused)
                    errors.Invalid(path / "rollingUpdate", Checks.Shown(unused), $"only allowed for updateStrategy '{UpdateStrategyType.RollingUpdate}'");
                break;
            case UpdateStrategyType.RollingUpdate:
                if (strategy.RollingUpdate is { } rolling) Rolling(rolling, path / "rollingUpdate", errors);
                break;
            default:
                errors.Invalid(path, Checks.Shown(strategy), $"must be '{UpdateStrategyType.RollingUpdate}' or '{UpdateStrategyType.OnDelete}'");
                break;
        }
    }

    private static void Rolling(RollingUpdateStatefulSetStrategy rolling, FieldPath path, FieldErrors errors)
    {
        errors.NonNegative(path / "partition", rolling.Partition);
        if (rolling.MaxUnavailable is not { } amount) return;
        Amounts.Positive(errors, path / "maxUnavailable", amount);
        if (Amounts.Of(amount) == 0) errors.Invalid(path / "maxUnavailable", amount, "cannot be 0");
        Amounts.AtMostAll(errors, path / "maxUnavailable", amount);
    }

    private static void Fixed(StatefulSetSpec spec, StatefulSetSpec old, FieldErrors errors)
    {
        var allowed = old.DeepCopy();
        (allowed.Replicas, allowed.Ordinals, allowed.Template, allowed.UpdateStrategy) = (spec.Replicas, spec.Ordinals, spec.Template, spec.UpdateStrategy);
        (allowed.RevisionHistoryLimit, allowed.PersistentVolumeClaimRetentionPolicy) = (spec.RevisionHistoryLimit, spec.PersistentVolumeClaimRetentionPolicy);
        allowed.MinReadySeconds = spec.MinReadySeconds;
        if (!spec.ContentEquals(allowed))
            errors.Forbidden(SpecPath, "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
    }

    private static void Counts(StatefulSetStatus status, StatefulSetStatus old, FieldErrors errors)
    {
        var path = FieldPath.Of("status");
        errors.NonNegative(path / "replicas", status.Replicas);
        errors.NonNegative(path / "readyReplicas", status.ReadyReplicas);
        errors.NonNegative(path / "currentReplicas", status.CurrentReplicas);
        errors.NonNegative(path / "updatedReplicas", status.UpdatedReplicas);
        errors.NonNegative(path / "availableReplicas", status.AvailableReplicas);
        errors.NonNegative(path / "observedGeneration", status.ObservedGeneration);
        errors.NonNegative(path / "collisionCount", status.CollisionCount);
        const string all = "status.replicas";
        Workloads.NotAbove(errors, path / "readyReplicas", status.ReadyReplicas, status.Replicas, all);
        Workloads.NotAbove(errors, path / "currentReplicas", status.CurrentReplicas, status.Replicas, all);
        Workloads.NotAbove(errors, path / "updatedReplicas", status.UpdatedReplicas, status.Replicas, all);
        Workloads.NotAbove(errors, path / "availableReplicas", status.AvailableReplicas, status.Replicas, all);
        Workloads.NotAbove(errors, path / "availableReplicas", status.AvailableReplicas, status.ReadyReplicas, "status.readyReplicas");
        Workloads.NotDecremented(errors, path / "collisionCount", status.CollisionCount, old.CollisionCount);
    }
}
