using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Rbac.V1;

/// <summary>Rules of roles and the selectors of aggregated ones (upstream: apis/rbac/validation).</summary>
internal static class RoleValidation
{
    internal static void Rules(List<PolicyRule>? rules, bool namespaced, FieldErrors errors)
    {
        for (var i = 0; i < (rules?.Count ?? 0); i++) Rule(rules![i], namespaced, FieldPath.Of("rules")[i], errors);
    }

    internal static void Aggregation(AggregationRule? rule, FieldErrors errors)
    {
        if (rule is null) return;
        var path = FieldPath.Of("aggregationRule") / "clusterRoleSelectors";
        if (rule.ClusterRoleSelectors is not { Count: > 0 } selectors)
            errors.Required(path, "at least one clusterRoleSelector required if aggregationRule is non-nil");
        else
            for (var i = 0; i < selectors.Count; i++) errors.Selector(path[i], selectors[i]);
    }

    private static void Rule(PolicyRule rule, bool namespaced, FieldPath path, FieldErrors errors)
    {
        if (rule.Verbs is not { Count: > 0 }) errors.Required(path / "verbs", "verbs must contain at least one value");
        if (rule.NonResourceURLs is { Count: > 0 } urls)
        {
            if (namespaced) errors.Invalid(path / "nonResourceURLs", Checks.Shown(urls), "namespaced rules cannot apply to non-resource URLs");
            if (rule.ApiGroups is { Count: > 0 } || rule.Resources is { Count: > 0 } || rule.ResourceNames is { Count: > 0 })
                errors.Invalid(path / "nonResourceURLs", Checks.Shown(urls), "rules cannot apply to both regular resources and non-resource URLs");
            return;
        }
        if (rule.ApiGroups is not { Count: > 0 }) errors.Required(path / "apiGroups", "resource rules must supply at least one api group");
        if (rule.Resources is not { Count: > 0 }) errors.Required(path / "resources", "resource rules must supply at least one resource");
    }
}

public sealed partial class RoleRules
{
    public override void Validate(Role obj, FieldErrors errors) => RoleValidation.Rules(obj.Rules, namespaced: true, errors);
    public override void ValidateUpdate(Role obj, Role old, string subresource, FieldErrors errors) => Validate(obj, errors);
}

public sealed partial class ClusterRoleRules
{
    public override void Validate(ClusterRole obj, FieldErrors errors)
    {
        RoleValidation.Rules(obj.Rules, namespaced: false, errors);
        RoleValidation.Aggregation(obj.AggregationRule, errors);
    }

    public override void ValidateUpdate(ClusterRole obj, ClusterRole old, string subresource, FieldErrors errors) => Validate(obj, errors);
}
