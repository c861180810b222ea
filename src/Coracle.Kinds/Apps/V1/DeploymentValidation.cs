using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Apps.V1;

/// <summary>Counts, strategy, selector and template of deployments (upstream: apis/apps/validation, ValidateDeployment).</summary>
public sealed partial class DeploymentRules
{
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    public override void Validate(Deployment obj, FieldErrors errors)
    {
        var spec = obj.Spec;
        errors.NonNegative(SpecPath / "replicas", spec.Replicas);
        Workloads.Selector(spec.Selector, "deployment", SpecPath / "selector", errors);
        Workloads.Template(spec.Template, spec.Selector, "ReplicaSet", SpecPath / "template", errors);
        Strategy(spec.Strategy, SpecPath / "strategy", errors);
        errors.NonNegative(SpecPath / "minReadySeconds", spec.MinReadySeconds);
        errors.NonNegative(SpecPath / "revisionHistoryLimit", spec.RevisionHistoryLimit);
        if (spec.ProgressDeadlineSeconds is not { } deadline) return;
        errors.NonNegative(SpecPath / "progressDeadlineSeconds", deadline);
        if (deadline <= spec.MinReadySeconds) errors.Invalid(SpecPath / "progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
    }

    public override void ValidateUpdate(Deployment obj, Deployment old, string subresource, FieldErrors errors)
    {
        if (subresource == "status")
        {
            Counts(obj.Status, old.Status, errors);
            return;
        }
        Validate(obj, errors);
        Workloads.SameSelector(obj.Spec.Selector, old.Spec.Selector, SpecPath / "selector", errors);
    }

    public override void Warn(Deployment obj, Deployment? old, List<string> warnings)
    {
        if (old is null) PodWarnings.Name(obj.Metadata.Name, warnings);
        if (old is null || obj.Metadata.Generation != old.Metadata.Generation) PodWarnings.Template(obj.Spec.Template, SpecPath / "template", warnings);
    }

    private static void Strategy(DeploymentStrategy strategy, FieldPath path, FieldErrors errors)
    {
        if (strategy.Type == DeploymentStrategyType.Recreate)
        {
            if (strategy.RollingUpdate is not null) errors.Forbidden(path / "rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
            return;
        }
        if (strategy.RollingUpdate is not { } rolling)
        {
            errors.Required(path / "rollingUpdate", "this should be defaulted and never be nil");
            return;
        }
        path /= "rollingUpdate";
        Amounts.Positive(errors, path / "maxUnavailable", rolling.MaxUnavailable ?? 0);
        Amounts.Positive(errors, path / "maxSurge", rolling.MaxSurge ?? 0);
        if (Amounts.Of(rolling.MaxUnavailable ?? 0) == 0 && Amounts.Of(rolling.MaxSurge ?? 0) == 0)
            errors.Invalid(path / "maxUnavailable", rolling.MaxUnavailable, "may not be 0 when `maxSurge` is 0");
        if (rolling.MaxUnavailable is { } unavailable) Amounts.AtMostAll(errors, path / "maxUnavailable", unavailable);
    }

    private static void Counts(DeploymentStatus status, DeploymentStatus old, FieldErrors errors)
    {
        var path = FieldPath.Of("status");
        errors.NonNegative(path / "observedGeneration", status.ObservedGeneration);
        errors.NonNegative(path / "replicas", status.Replicas);
        errors.NonNegative(path / "updatedReplicas", status.UpdatedReplicas);
        errors.NonNegative(path / "readyReplicas", status.ReadyReplicas);
        errors.NonNegative(path / "availableReplicas", status.AvailableReplicas);
        errors.NonNegative(path / "unavailableReplicas", status.UnavailableReplicas);
        errors.NonNegative(path / "collisionCount", status.CollisionCount);
        Workloads.NotAbove(errors, path / "updatedReplicas", status.UpdatedReplicas, status.Replicas, "status.replicas");
        Workloads.NotAbove(errors, path / "readyReplicas", status.ReadyReplicas, status.Replicas, "status.replicas");
        Workloads.NotAbove(errors, path / "availableReplicas", status.AvailableReplicas, status.Replicas, "status.replicas");
        Workloads.NotAbove(errors, path / "availableReplicas", status.AvailableReplicas, status.ReadyReplicas, "readyReplicas");
        Workloads.NotDecremented(errors, path / "collisionCount", status.CollisionCount, old.CollisionCount);
    }
}
