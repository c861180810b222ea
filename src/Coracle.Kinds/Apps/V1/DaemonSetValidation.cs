using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Apps.V1;

/// <summary>Strategy, selector and template of daemon sets (upstream: apis/apps/validation, ValidateDaemonSet).</summary>
public sealed partial class DaemonSetRules
{
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    public override void Validate(DaemonSet obj, FieldErrors errors)
    {
        var spec = obj.Spec;
        errors.Selector(SpecPath / "selector", spec.Selector);
        var (empty, labels) = (spec.Selector is not null && Checks.IsEmpty(spec.Selector), spec.Template.Metadata.Labels);
        if (spec.Selector is null || !empty && !Checks.Selects(spec.Selector, labels))
            errors.Invalid(SpecPath / "template" / "metadata" / "labels", Checks.Shown(labels), "`selector` does not match template `labels`");
        if (empty) errors.Invalid(SpecPath / "selector", Checks.Shown(spec.Selector), "empty selector is invalid for daemonset");
        Workloads.Template(spec.Template, null, "DaemonSet", SpecPath / "template", errors);
        errors.NonNegative(SpecPath / "minReadySeconds", spec.MinReadySeconds);
        Strategy(spec.UpdateStrategy, SpecPath / "updateStrategy", errors);
        errors.NonNegative(SpecPath / "revisionHistoryLimit", spec.RevisionHistoryLimit);
    }

    public override void ValidateUpdate(DaemonSet obj, DaemonSet old, string subresource, FieldErrors errors)
    {
        if (subresource == "status")
        {
            Counts(obj.Status, old.Status, errors);
            return;
        }
        Workloads.SameSelector(obj.Spec.Selector, old.Spec.Selector, SpecPath / "selector", errors);
        Validate(obj, errors);
    }

    public override void Warn(DaemonSet obj, DaemonSet? old, List<string> warnings)
    {
        if (old is null) PodWarnings.Name(obj.Metadata.Name, warnings);
        if (old is null || obj.Metadata.Generation != old.Metadata.Generation) PodWarnings.Template(obj.Spec.Template, SpecPath / "template", warnings);
    }

    private static void Strategy(DaemonSetUpdateStrategy strategy, FieldPath path, FieldErrors errors)
    {
        if (strategy.Type == UpdateStrategyType.OnDelete) return;
        if (strategy.Type != UpdateStrategyType.RollingUpdate)
        {
            errors.NotSupported(path, Checks.Shown(strategy), [UpdateStrategyType.RollingUpdate, UpdateStrategyType.OnDelete]);
            return;
        }
        path /= "rollingUpdate";
        if (strategy.RollingUpdate is not { } rolling)
        {
            errors.Required(path);
            return;
        }
        var (unavailable, surge) = (rolling.MaxUnavailable ?? 0, rolling.MaxSurge ?? 0);
        Amounts.Positive(errors, path / "maxUnavailable", unavailable);
        Amounts.Positive(errors, path / "maxSurge", surge);
        Amounts.AtMostAll(errors, path / "maxUnavailable", unavailable);
        Amounts.AtMostAll(errors, path / "maxSurge", surge);
        if (Amounts.Of(unavailable) != 0 && Amounts.Of(surge) != 0) errors.Invalid(path / "maxSurge", surge, "may not be set when maxUnavailable is non-zero");
        else if (Amounts.Of(unavailable) == 0 && Amounts.Of(surge) == 0) errors.Required(path / "maxUnavailable", "cannot be 0 when maxSurge is 0");
    }

    private static void Counts(DaemonSetStatus status, DaemonSetStatus old, FieldErrors errors)
    {
        var path = FieldPath.Of("status");
        errors.NonNegative(path / "currentNumberScheduled", status.CurrentNumberScheduled);
        errors.NonNegative(path / "numberMisscheduled", status.NumberMisscheduled);
        errors.NonNegative(path / "desiredNumberScheduled", status.DesiredNumberScheduled);
        errors.NonNegative(path / "numberReady", status.NumberReady);
        errors.NonNegative(path / "observedGeneration", status.ObservedGeneration);
        errors.NonNegative(path / "updatedNumberScheduled", status.UpdatedNumberScheduled);
        errors.NonNegative(path / "numberAvailable", status.NumberAvailable);
        errors.NonNegative(path / "numberUnavailable", status.NumberUnavailable);
        errors.NonNegative(path / "collisionCount", status.CollisionCount);
        Workloads.NotDecremented(errors, path / "collisionCount", status.CollisionCount, old.CollisionCount);
    }
}
