using Coracle.Kinds.Rbac.V1;

namespace Coracle.ApiServer.Access;

/// <summary>One rule, taken apart once so that a request is compared without building strings.</summary>
internal sealed class CompiledRule
{
    private readonly uint _verbs;
    private readonly string[] _otherVerbs;
    private readonly string[] _groups;
    private readonly bool _allGroups;
    private readonly (string Resource, string? Subresource)[] _resources;
    private readonly bool _allResources;
    private readonly string[] _names;
    private readonly string[] _paths;

    public CompiledRule(PolicyRule rule)
    {
        Rule = rule;
        _groups = [.. rule.ApiGroups ?? []];
        _allGroups = _groups.Contains("*");
        _allResources = rule.Resources?.Contains("*") == true;
        _resources = [.. (rule.Resources ?? []).Select(Split)];
        _names = [.. rule.ResourceNames ?? []];
        _paths = [.. rule.NonResourceURLs ?? []];
        foreach (var verb in rule.Verbs ?? [])
            _verbs |= VerbBits.Of(verb);
        _otherVerbs = _verbs == VerbBits.All ? [] : [.. (rule.Verbs ?? []).Where(verb => VerbBits.Of(verb) == VerbBits.Other)];
    }

    public PolicyRule Rule { get; }

    /// <param name="request">The request.</param>
    /// <param name="verb">The <see cref="VerbBits"/> of its verb.</param>
    public bool Allows(RequestAttributes request, uint verb)
    {
        if ((_verbs & verb) == 0 || (verb == VerbBits.Other && _verbs != VerbBits.All && !Has(_otherVerbs, request.Verb)))
            return false;
        return request.IsResourceRequest
            ? (_allGroups || Has(_groups, request.ApiGroup)) && MatchesResource(request.Resource, request.Subresource) && (_names.Length == 0 || Has(_names, request.Name))
            : MatchesPath(request.Path);
    }

    private bool MatchesResource(string resource, string subresource)
    {
        if (_allResources)
            return true;
        foreach (var (ruleResource, ruleSubresource) in _resources)
        {
            if (ruleSubresource is null ? subresource.Length > 0 : subresource.Length == 0 || ruleSubresource != subresource)
                continue;
            if (ruleResource == resource || (ruleSubresource is not null && ruleResource == "*"))
                return true;
        }
        return false;
    }

    private bool MatchesPath(string path)
    {
        foreach (var pattern in _paths)
            if (PolicyMatch.PathMatches(pattern, path))
                return true;
        return false;
    }

    private static bool Has(string[] values, string value)
    {
        foreach (var candidate in values)
            if (candidate == value)
                return true;
        return false;
    }

    private static (string, string?) Split(string resource)
    {
        var slash = resource.IndexOf('/');
        return slash < 0 ? (resource, null) : (resource[..slash], resource[(slash + 1)..]);
    }
}
