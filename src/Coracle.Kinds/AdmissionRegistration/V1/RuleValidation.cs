using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>What webhooks and policies of admission have in common (upstream: apis/admissionregistration/validation).</summary>
internal static class RuleValidation
{
    private const int ConditionsMax = 64;
    private static readonly string[] Operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
    private static readonly string[] Scopes = ["*", "Cluster", "Namespaced"];
    internal static readonly string[] FailurePolicies = ["Fail", "Ignore"];
    internal static readonly string[] MatchPolicies = ["Equivalent", "Exact"];
    internal static readonly string[] ReinvocationPolicies = ["IfNeeded", "Never"];

    internal static void Rule(IResourceRule rule, FieldPath path, FieldErrors errors)
    {
        var operations = rule.Operations ?? [];
        if (operations.Count == 0) errors.Required(path / "operations");
        if (operations.Count > 1 && operations.Contains("*")) errors.Invalid(path / "operations", Checks.Shown(operations), "if '*' is present, must not specify other operations");
        for (var i = 0; i < operations.Count; i++)
            if (!Operations.Contains(operations[i])) errors.NotSupported((path / "operations")[i], operations[i], Operations);
        Groups(rule, path, errors);
        Resources(rule.Resources ?? [], path / "resources", errors);
        errors.OneOf(path / "scope", rule.Scope, Scopes);
    }

    private static void Groups(IResourceRule rule, FieldPath path, FieldErrors errors)
    {
        var (groups, versions) = (rule.ApiGroups ?? [], rule.ApiVersions ?? []);
        if (groups.Count == 0) errors.Required(path / "apiGroups");
        if (groups.Count > 1 && groups.Contains("*")) errors.Invalid(path / "apiGroups", Checks.Shown(groups), "if '*' is present, must not specify other API groups");
        if (versions.Count == 0) errors.Required(path / "apiVersions");
        if (versions.Count > 1 && versions.Contains("*")) errors.Invalid(path / "apiVersions", Checks.Shown(versions), "if '*' is present, must not specify other API versions");
        for (var i = 0; i < versions.Count; i++)
            if (versions[i].Length == 0) errors.Required((path / "apiVersions")[i]);
    }

    private static void Resources(List<string> resources, FieldPath path, FieldErrors errors)
    {
        if (resources.Count == 0) errors.Required(path);
        var (withAllSubresources, ofAllResources) = (new HashSet<string>(), new HashSet<string>());
        var plain = false;
        for (var i = 0; i < resources.Count; i++)
        {
            var resource = resources[i];
            if (resource.Length == 0)
            {
                errors.Required(path[i]);
                continue;
            }
            var slash = resource.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0)
            {
                plain = resource != "*";
                continue;
            }
            var (name, sub) = (resource[..slash], resource[(slash + 1)..]);
            if (withAllSubresources.Contains(name)) errors.Invalid(path[i], resource, $"if '{name}/*' is present, must not specify {resource}");
            if (ofAllResources.Contains(sub)) errors.Invalid(path[i], resource, $"if '*/{sub}' is present, must not specify {resource}");
            if (sub == "*") withAllSubresources.Add(name);
            if (name == "*") ofAllResources.Add(sub);
        }
        if (resources.Count > 1 && resources.Contains("*/*")) errors.Invalid(path, Checks.Shown(resources), "if '*/*' is present, must not specify other resources");
        if (resources.Contains("*") && plain) errors.Invalid(path, Checks.Shown(resources), "if '*' is present, must not specify other resources without subresources");
    }

    internal static void Match(MatchResources? match, FieldPath path, FieldErrors errors)
    {
        if (match is null) return;
        if (match.MatchPolicy is null) errors.Required(path / "matchPolicy");
        else errors.OneOf(path / "matchPolicy", match.MatchPolicy, MatchPolicies);
        RequiredSelector(match.NamespaceSelector, path / "namespaceSelector", errors);
        RequiredSelector(match.ObjectSelector, path / "objectSelector", errors);
        Named(match.ResourceRules, path / "resourceRules", errors);
        Named(match.ExcludeResourceRules, path / "excludeResourceRules", errors);
    }

    private static void RequiredSelector(LabelSelector? selector, FieldPath path, FieldErrors errors)
    {
        if (selector is null) errors.Required(path);
        else errors.Selector(path, selector);
    }

    private static void Named(List<NamedRuleWithOperations>? rules, FieldPath path, FieldErrors errors)
    {
        for (var i = 0; i < (rules?.Count ?? 0); i++)
        {
            var names = rules![i].ResourceNames ?? [];
            for (var n = 0; n < names.Count; n++)
            {
                errors.Problems((path[i] / "resourceNames")[n], names[n], NameRules.PathSegment(names[n]));
                if (names.IndexOf(names[n]) < n) errors.Duplicate((path[i] / "resourceNames")[n], names[n]);
            }
            Rule(rules[i], path[i], errors);
        }
    }

    /// <summary>What policies demand to be about: rules to take types from.</summary>
    internal static void Constraints(MatchResources? match, FieldPath path, FieldErrors errors)
    {
        if (match is null)
        {
            errors.Required(path);
            return;
        }
        Match(match, path, errors);
        if (match.ResourceRules is not { Count: > 0 }) errors.Required(path / "resourceRules");
    }

    internal static void FailurePolicy(string? policy, FieldPath path, FieldErrors errors)
    {
        if (policy is null) errors.Required(path);
        else errors.OneOf(path, policy, FailurePolicies);
    }

    internal static void Conditions(List<MatchCondition>? conditions, bool hasParams, FieldPath path, FieldErrors errors)
    {
        var seen = new HashSet<string>();
        if (conditions?.Count > ConditionsMax) errors.TooMany(path, conditions.Count, ConditionsMax);
        for (var i = 0; i < (conditions?.Count ?? 0); i++)
        {
            var (name, expression) = (conditions![i].Name, conditions[i].Expression.Trim());
            if (expression.Length == 0) errors.Required(path[i] / "expression");
            else ExpressionChecks.Condition(expression, hasParams, path[i] / "expression", errors);
            if (name.Length == 0) errors.Required(path[i] / "name");
            else errors.QualifiedName(path[i] / "name", name);
            if (name.Length > 0 && !seen.Add(name)) errors.Duplicate(path[i] / "name", name);
        }
    }
}
