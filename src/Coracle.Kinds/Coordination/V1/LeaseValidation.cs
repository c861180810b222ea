using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Coordination.V1;

/// <summary>Durations, counts and strategies of leases (upstream: apis/coordination/validation).</summary>
public sealed partial class LeaseRules
{
    public override void Validate(Lease obj, FieldErrors errors)
    {
        var (spec, path) = (obj.Spec, FieldPath.Of("spec"));
        if (spec.LeaseDurationSeconds is <= 0 and var duration) errors.Invalid(path / "leaseDurationSeconds", duration, "must be greater than 0");
        errors.NonNegative(path / "leaseTransitions", spec.LeaseTransitions);
        // Upstream names this field twice.
        if (spec.Strategy is { } strategy) Strategy(strategy, path / "strategy" / "strategy", errors);
        if (spec.PreferredHolder is { Length: > 0 } && spec.Strategy is not { Length: > 0 })
            errors.Forbidden(path / "preferredHolder", "may only be specified if `strategy` is defined");
    }

    public override void ValidateUpdate(Lease obj, Lease old, string subresource, FieldErrors errors) => Validate(obj, errors);

    private static void Strategy(string strategy, FieldPath path, FieldErrors errors)
    {
        if (strategy.Contains('/', StringComparison.Ordinal)) errors.QualifiedName(path, strategy);
        else errors.OneOf(path, strategy, CoordinatedLeaseStrategy.OldestEmulationVersion);
    }
}
