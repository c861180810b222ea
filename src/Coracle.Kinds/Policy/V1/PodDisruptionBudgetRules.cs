using Coracle.Kinds.Printing;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Policy.V1;

/// <summary>Disruption budgets beyond their schema (upstream: apis/policy/validation).</summary>
public sealed class PodDisruptionBudgetRules : KindRules<PodDisruptionBudget>
{
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    public override void Validate(PodDisruptionBudget obj, FieldErrors errors)
    {
        var spec = obj.Spec;
        if (spec.MinAvailable is not null && spec.MaxUnavailable is not null)
            errors.Invalid(SpecPath, Checks.Shown(spec), "minAvailable and maxUnavailable cannot be both set");
        Amount(spec.MinAvailable, SpecPath / "minAvailable", errors);
        Amount(spec.MaxUnavailable, SpecPath / "maxUnavailable", errors);
        errors.Selector(SpecPath / "selector", spec.Selector);
        errors.OneOf(SpecPath / "unhealthyPodEvictionPolicy", spec.UnhealthyPodEvictionPolicy, UnhealthyPodEvictionPolicy.AlwaysAllow, UnhealthyPodEvictionPolicy.IfHealthyBudget);
    }

    public override void ValidateUpdate(PodDisruptionBudget obj, PodDisruptionBudget old, string subresource, FieldErrors errors)
    {
        if (subresource != "status")
        {
            Validate(obj, errors);
            return;
        }
        var path = FieldPath.Of("status");
        ConditionValidation.Check(obj.Status.Conditions ?? [], path / "conditions", errors);
        errors.NonNegative(path / "disruptionsAllowed", obj.Status.DisruptionsAllowed);
        errors.NonNegative(path / "currentHealthy", obj.Status.CurrentHealthy);
        errors.NonNegative(path / "desiredHealthy", obj.Status.DesiredHealthy);
        errors.NonNegative(path / "expectedPods", obj.Status.ExpectedPods);
    }

    private static void Amount(IntOrString? amount, FieldPath path, FieldErrors errors)
    {
        if (amount is not { } given) return;
        Amounts.Positive(errors, path, given);
        Amounts.AtMostAll(errors, path, given);
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Min Available", "How many of the pods must stay healthy."),
        CommonColumns.Text("Max Unavailable", "How many of the pods may be missing."),
        CommonColumns.Number("Allowed Disruptions", "How many pods may go now."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(PodDisruptionBudget obj, DateTimeOffset now) =>
    [
        obj.Metadata.Name, obj.Spec.MinAvailable?.ToString() ?? "N/A", obj.Spec.MaxUnavailable?.ToString() ?? "N/A",
        (long)obj.Status.DisruptionsAllowed, Cell.Age(obj.Metadata, now),
    ];
}
