using Coracle.ApiServer.Access;
using Coracle.Kinds.FlowControl.V1;

namespace Coracle.ApiServer;

/// <summary>Which requests a flow schema is for, and which flow of it they belong to (upstream: util/flowcontrol/rule.go).</summary>
internal sealed class FlowRules(FlowSchema schema)
{
    private const string All = "*";
    private readonly PolicyRulesWithSubjects[] _rules = [.. schema.Spec.Rules ?? []];
    private readonly string _distinguisher = schema.Spec.DistinguisherMethod?.Type ?? "";

    public bool Matches(RequestInfo info, User user)
    {
        foreach (var rule in _rules)
            if (IsFrom(rule.Subjects, user) && (info.IsResourceRequest ? IsFor(rule.ResourceRules, info) : IsFor(rule.NonResourceRules, info)))
                return true;
        return false;
    }

    /// <summary>What tells flows of the schema apart.</summary>
    public string Distinguisher(RequestInfo info, User user) => _distinguisher switch
    {
        FlowDistinguisherMethodType.ByUser => user.Name,
        FlowDistinguisherMethodType.ByNamespace => info.Namespace,
        _ => "",
    };

    private static bool IsFrom(List<Subject>? subjects, User user)
    {
        if (subjects is null) return false;
        foreach (var subject in subjects)
        {
            var matches = subject.Kind switch
            {
                FlowSubjectKind.User => subject.User is { Name: All } || subject.User?.Name == user.Name,
                FlowSubjectKind.Group => subject.Group is { } group && (group.Name == All || user.IsIn(group.Name)),
                FlowSubjectKind.ServiceAccount => subject.ServiceAccount is { } account && Is(account, user.Name),
                _ => false,
            };
            if (matches) return true;
        }
        return false;
    }

    private static bool Is(ServiceAccountSubject account, ReadOnlySpan<char> user)
    {
        if (!user.StartsWith(WellKnown.ServiceAccountUserPrefix, StringComparison.Ordinal)) return false;
        user = user[WellKnown.ServiceAccountUserPrefix.Length..];
        if (!user.StartsWith(account.Namespace, StringComparison.Ordinal) || user.Length <= account.Namespace.Length || user[account.Namespace.Length] != ':') return false;
        var name = user[(account.Namespace.Length + 1)..];
        return account.Name == All || name.SequenceEqual(account.Name);
    }

    private static bool IsFor(List<ResourcePolicyRule>? rules, RequestInfo info)
    {
        if (rules is null) return false;
        foreach (var rule in rules)
            if (Has(rule.Verbs, info.Verb) && Has(rule.ApiGroups, info.ApiGroup) && HasResource(rule.Resources, info)
                && (info.Namespace.Length == 0 ? rule.ClusterScope : Has(rule.Namespaces, info.Namespace)))
                return true;
        return false;
    }

    private static bool IsFor(List<NonResourcePolicyRule>? rules, RequestInfo info)
    {
        if (rules is null) return false;
        foreach (var rule in rules)
            if (Has(rule.Verbs, info.Verb) && HasPath(rule.NonResourceURLs, info.Path))
                return true;
        return false;
    }

    private static bool Has(List<string>? items, string value)
    {
        if (items is null) return false;
        foreach (var item in items)
            if (item == All || item == value)
                return true;
        return false;
    }

    // "pods/log", without putting it together.
    private static bool HasResource(List<string>? items, RequestInfo info)
    {
        if (info.Subresource.Length == 0) return Has(items, info.Resource);
        if (items is null) return false;
        foreach (var item in items)
            if (item == All || item.Length == info.Resource.Length + 1 + info.Subresource.Length && item.StartsWith(info.Resource, StringComparison.Ordinal)
                && item[info.Resource.Length] == '/' && item.EndsWith(info.Subresource, StringComparison.Ordinal))
                return true;
        return false;
    }

    private static bool HasPath(List<string>? items, string path)
    {
        if (items is null) return false;
        foreach (var item in items)
            if (item == All || item == path || item.EndsWith("/*", StringComparison.Ordinal) && path.AsSpan().StartsWith(item.AsSpan(0, item.Length - 1), StringComparison.Ordinal))
                return true;
        return false;
    }
}
