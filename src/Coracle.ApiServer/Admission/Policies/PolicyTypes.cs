using Coracle.Kinds.AdmissionRegistration.V1;
using Coracle.Schema;
using Coracle.Schema.Cel;

namespace Coracle.ApiServer;

/// <summary>Whether the expressions of a policy fit the types that its rules name (upstream: admission/plugin/policy/validating/typechecking.go). What does not is only said.</summary>
public static class PolicyTypes
{
    /// <summary>As many types as one rule is checked against.</summary>
    private const int TypesMax = 10;

    public static List<ExpressionWarning> Check(ResourceTable resources, ValidatingAdmissionPolicy policy)
    {
        var kinds = KindsOf(resources, policy);
        var parameter = policy.Spec.ParamKind is { } kind ? Declare(FindParam(resources, kind)) : null;
        var warnings = new List<ExpressionWarning>();
        var path = FieldPath.Of("spec") / "validations";
        for (var i = 0; i < (policy.Spec.Validations?.Count ?? 0); i++)
        {
            var validation = policy.Spec.Validations![i];
            Check(policy.Spec, kinds, parameter, validation.Expression, path[i] / "expression", warnings);
            if (validation.MessageExpression.Length > 0) Check(policy.Spec, kinds, parameter, validation.MessageExpression, path[i] / "messageExpression", warnings);
        }
        return warnings;
    }

    private static void Check(ValidatingAdmissionPolicySpec spec, List<KindInfo> kinds, CelDeclaration? parameter, string expression, FieldPath path, List<ExpressionWarning> warnings)
    {
        var found = new List<string>();
        foreach (var kind in kinds)
        {
            var expressions = new AdmissionExpressions(spec.ParamKind is not null, Declare(kind), parameter);
            foreach (var variable in spec.Variables ?? []) expressions.Variable(variable.Name, variable.Expression);
            if (expressions.Compile(expression, ExpressionPlace.Variable).Error is { } error) found.Add($"{kind.ApiVersion}, Kind={kind.Kind}: {error}\n");
        }
        if (found.Count > 0) warnings.Add(new ExpressionWarning { FieldRef = path.ToString(), Warning = string.Join('\n', found) });
    }

    private static CelDeclaration? Declare(KindInfo? kind) => kind is null ? null : CelDeclaration.From(CelSchema.From(kind.Schema), kind.Kind, resourceRoot: true);

    private static KindInfo? FindParam(ResourceTable resources, ParamKind kind)
    {
        var (group, version) = kind.ApiVersion.Split('/') is [var g, var v] ? (g, v) : ("", kind.ApiVersion);
        return resources.Find(new GroupVersionKind(group, version, kind.Kind))?.Kind;
    }

    // Rules with a wildcard say nothing of types.
    private static List<KindInfo> KindsOf(ResourceTable resources, ValidatingAdmissionPolicy policy)
    {
        var found = new HashSet<KindInfo>();
        foreach (var rule in policy.Spec.MatchConstraints?.ResourceRules ?? [])
        {
            if ((rule.ApiGroups ?? []).Concat(rule.ApiVersions ?? []).Any(name => name.Contains('*', StringComparison.Ordinal))) continue;
            var all = from @group in rule.ApiGroups ?? []
                from version in rule.ApiVersions ?? []
                from resource in rule.Resources ?? []
                where !resource.AsSpan().ContainsAny('*', '/')
                select resources.Find(@group, version, resource)?.Kind;
            found.UnionWith(all.OfType<KindInfo>().Take(TypesMax));
        }
        return [.. found.OrderBy(k => k.Group, StringComparer.Ordinal).ThenBy(k => k.Version, StringComparer.Ordinal).ThenBy(k => k.Kind, StringComparer.Ordinal).Take(TypesMax)];
    }
}
