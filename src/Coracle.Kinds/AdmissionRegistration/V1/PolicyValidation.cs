using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>What policies that validate and policies that mutate share (upstream: apis/admissionregistration/validation).</summary>
internal static class PolicyValidation
{
    private static readonly string[] Reserved =
    [
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var",
        "void", "while",
    ];

    internal static void ParamKind(ParamKind? kind, FieldPath path, FieldErrors errors)
    {
        if (kind is null) return;
        if (kind.ApiVersion.Length == 0) errors.Required(path / "apiVersion");
        else Version(kind.ApiVersion, path / "apiVersion", errors);
        if (kind.Kind.Length == 0) errors.Required(path / "kind");
        else if (NameRules.Dns1035Label(kind.Kind.ToLowerInvariant()) is { Count: > 0 } wrong)
            errors.Invalid(path / "kind", kind.Kind, "may have mixed case, but should otherwise match: " + string.Join(",", wrong));
    }

    private static void Version(string apiVersion, FieldPath path, FieldErrors errors)
    {
        var parts = apiVersion == "/" ? ["", ""] : apiVersion.Split('/');
        if (parts.Length > 2)
        {
            errors.Invalid(path, apiVersion, $"unexpected GroupVersion string: {apiVersion}");
            return;
        }
        var (group, version) = parts.Length == 2 ? (parts[0], parts[1]) : ("", parts[0]);
        if (group.Length > 0 && NameRules.Dns1123Subdomain(group) is { Count: > 0 } wrongGroup) errors.Invalid(path, group, string.Join(",", wrongGroup));
        if (version.Length == 0) errors.Invalid(path, apiVersion, "version must be specified");
        else if (NameRules.Dns1035Label(version) is { Count: > 0 } wrongVersion) errors.Invalid(path, version, string.Join(",", wrongVersion));
    }

    internal static void Binding(string policy, ParamRef? param, MatchResources? match, FieldErrors errors)
    {
        var path = FieldPath.Of("spec");
        if (policy.Length == 0) errors.Required(path / "policyName");
        else errors.Subdomain(path / "policyName", policy);
        if (param is not null) Param(param, path / "paramRef", errors);
        // So spelled upstream.
        RuleValidation.Match(match, path / "matchResouces", errors);
    }

    private static void Param(ParamRef param, FieldPath path, FieldErrors errors)
    {
        if (param.Name.Length > 0)
        {
            errors.Problems(path / "name", param.Name, NameRules.PathSegment(param.Name));
            if (param.Selector is not null) errors.Forbidden(path / "name", "name and selector are mutually exclusive");
        }
        if (param.Selector is not null)
        {
            errors.Selector(path / "selector", param.Selector);
            if (param.Name.Length > 0) errors.Forbidden(path / "selector", "name and selector are mutually exclusive");
        }
        if (param.Name.Length == 0 && param.Selector is null) errors.Required(path, "one of name or selector must be specified");
        if (param.ParameterNotFoundAction is not { Length: > 0 } action) errors.Required(path / "parameterNotFoundAction");
        else if (action is not ("Allow" or "Deny")) errors.NotSupported(path / "parameterNotFoundAction", action, ["Deny", "Allow"]);
    }

    /// <summary>The names of variables; their expressions are the policy's.</summary>
    internal static void Variable(Variable variable, FieldPath path, FieldErrors errors)
    {
        if (variable.Name.Trim().Length == 0) errors.Required(path / "name", "name is not specified");
        else if (!NameRules.IsCIdentifier(variable.Name) || Reserved.Contains(variable.Name)) errors.Invalid(path / "name", variable.Name, "name is not a valid CEL identifier");
        if (variable.Expression.Trim().Length == 0) errors.Required(path / "expression", "expression is not specified");
    }
}
