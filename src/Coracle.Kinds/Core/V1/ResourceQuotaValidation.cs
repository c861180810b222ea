using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Names, amounts and scopes of quotas (upstream: apis/core/validation, ValidateResourceQuota).</summary>
public sealed partial class ResourceQuotaRules
{
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    private static readonly string[] Scopes =
    [
        ResourceQuotaScope.Terminating, ResourceQuotaScope.NotTerminating, ResourceQuotaScope.BestEffort, ResourceQuotaScope.NotBestEffort,
        ResourceQuotaScope.PriorityClass, ResourceQuotaScope.CrossNamespacePodAffinity, ResourceQuotaScope.VolumeAttributesClass,
    ];

    public override void Validate(ResourceQuota obj, FieldErrors errors)
    {
        Amounts(obj.Spec.Hard, SpecPath / "hard", errors);
        ScopeList(obj.Spec, errors);
        ScopeSelector(obj.Spec, errors);
        Status(obj.Status, errors);
    }

    public override void ValidateUpdate(ResourceQuota obj, ResourceQuota old, string subresource, FieldErrors errors)
    {
        if (subresource == "status")
        {
            Status(obj.Status, errors);
            return;
        }
        Amounts(obj.Spec.Hard, SpecPath / "hard", errors);
        ScopeList(obj.Spec, errors);
        ScopeSelector(obj.Spec, errors);
        if (!(obj.Spec.Scopes ?? []).ToHashSet().SetEquals(old.Spec.Scopes ?? []))
            errors.Invalid(SpecPath / "scopes", Checks.Shown(obj.Spec.Scopes ?? []), Checks.Immutable);
    }

    private static void Status(ResourceQuotaStatus status, FieldErrors errors)
    {
        Amounts(status.Hard, FieldPath.Of("status") / "hard", errors);
        Amounts(status.Used, FieldPath.Of("status") / "used", errors);
    }

    private static void Amounts(Dictionary<string, Quantity>? amounts, FieldPath path, FieldErrors errors)
    {
        foreach (var (name, amount) in (amounts ?? []).OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            ResourceNames.Quota(errors, path.Key(name), name);
            ResourceNames.QuotaAmount(errors, path.Key(name), name, amount);
        }
    }

    private static void ScopeList(ResourceQuotaSpec spec, FieldErrors errors)
    {
        var path = SpecPath / "scopes";
        if (spec.Scopes is not { Count: > 0 } scopes) return;
        foreach (var scope in scopes)
        {
            if (!Scopes.Contains(scope)) errors.Invalid(path, Checks.Shown(scopes), "unsupported scope");
            foreach (var name in Unsupported(spec, scope)) errors.Invalid(path, Checks.Shown(scopes), "unsupported scope applied to resource");
        }
        Conflicting(scopes, path, Checks.Shown(scopes), errors);
    }

    private static void ScopeSelector(ResourceQuotaSpec spec, FieldErrors errors)
    {
        if (spec.ScopeSelector is not { } selector) return;
        var path = SpecPath / "scopeSelector";
        var shown = Checks.Shown(selector);
        var expressions = selector.MatchExpressions ?? [];
        foreach (var condition in expressions)
        {
            var at = path / "matchExpressions";
            if (!Scopes.Contains(condition.ScopeName)) errors.Invalid(at / "scopeName", condition.ScopeName, "unsupported scope");
            foreach (var name in Unsupported(spec, condition.ScopeName)) errors.Invalid(path, shown, "unsupported scope applied to resource");
            Condition(condition, at, errors);
        }
        Conflicting([.. expressions.Where(e => e.Operator == "Exists").Select(e => e.ScopeName)], path, shown, errors);
    }

    private static void Condition(ScopedResourceSelectorRequirement condition, FieldPath path, FieldErrors errors)
    {
        var values = condition.Values ?? [];
        var existsOnly = condition.ScopeName is not (ResourceQuotaScope.PriorityClass or ResourceQuotaScope.VolumeAttributesClass);
        if (existsOnly && Scopes.Contains(condition.ScopeName) && condition.Operator != "Exists")
            errors.Invalid(path / "operator", condition.Operator, $"must be 'Exist' when scope is any of {ResourceQuotaScope.Terminating}, {ResourceQuotaScope.NotTerminating}, {ResourceQuotaScope.BestEffort}, {ResourceQuotaScope.NotBestEffort} and {ResourceQuotaScope.CrossNamespacePodAffinity}");
        switch (condition.Operator)
        {
            case "In" or "NotIn":
                if (values.Count == 0) errors.Required(path / "values", "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
                break;
            case "Exists" or "DoesNotExist":
                if (values.Count > 0) errors.Invalid(path / "values", Checks.Shown(values), "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
                break;
            default:
                errors.Invalid(path / "operator", condition.Operator, "not a valid selector operator");
                break;
        }
    }

    private static IEnumerable<string> Unsupported(ResourceQuotaSpec spec, string scope) =>
        (spec.Hard ?? []).Keys.Order(StringComparer.Ordinal).Where(name => ResourceNames.IsQuotaStandard(name) && !ResourceNames.QuotaScopeFits(scope, name));

    private static void Conflicting(List<string> scopes, FieldPath path, object? shown, FieldErrors errors)
    {
        if (scopes.Contains(ResourceQuotaScope.BestEffort) && scopes.Contains(ResourceQuotaScope.NotBestEffort)) errors.Invalid(path, shown, "conflicting scopes");
        if (scopes.Contains(ResourceQuotaScope.Terminating) && scopes.Contains(ResourceQuotaScope.NotTerminating)) errors.Invalid(path, shown, "conflicting scopes");
    }
}
