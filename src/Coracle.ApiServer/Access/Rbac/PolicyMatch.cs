using Coracle.Kinds.Rbac.V1;

namespace Coracle.ApiServer.Access;

/// <summary>Whether a rule of RBAC allows a request: upstream's rbac.RuleAllows.</summary>
public static class PolicyMatch
{
    public static bool Allows(PolicyRule rule, RequestAttributes request) => new CompiledRule(rule).Allows(request, VerbBits.Of(request.Verb));

    /// <summary>Whether one path of a rule, which may end in "*", covers the path of a request.</summary>
    public static bool PathMatches(string pattern, string path)
    {
        if (pattern == "*" || pattern == path)
            return true;
        return pattern.EndsWith('*') && path.AsSpan().StartsWith(pattern.AsSpan().TrimEnd('*'), StringComparison.Ordinal);
    }
}
