using Coracle.Kinds.Rbac.V1;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>
/// Keeps writers of roles and bindings from granting what they do not hold (upstream's pkg/registry/rbac policybased storages). It is asked with the
/// decoded object before the write; null means that nothing speaks against it.
/// </summary>
/// <param name="index">The roles and bindings of this moment.</param>
/// <param name="authorize">All authorizers, asked for the verbs "escalate" and "bind".</param>
public sealed class GrantCheck(Func<RbacIndex> index, Authorizer authorize)
{
    private const string Group = "rbac.authorization.k8s.io";

    private static readonly List<PolicyRule> FullAuthority =
    [
        new() { Verbs = ["*"], ApiGroups = ["*"], Resources = ["*"] },
        new() { Verbs = ["*"], NonResourceURLs = ["*"] },
    ];

    /// <param name="user">The writer.</param>
    /// <param name="requestName">The name in the request's path; empty for a create.</param>
    /// <param name="role">The role as it would be stored.</param>
    /// <param name="old">The stored role; null for a create.</param>
    /// <param name="cancel">Ends the wait for authorizers outside.</param>
    public async ValueTask<ApiStatus?> ForClusterRole(User user, string requestName, ClusterRole role, ClusterRole? old, CancellationToken cancel)
    {
        if (user.IsIn(WellKnown.Masters) || await MayEscalate(user, "clusterroles", "", requestName, cancel))
            return null;
        if (Escalation(user, "", role.Rules ?? []) is { } cause)
            return Refusals.Forbidden(Group, "clusterroles", role.Metadata.Name, cause);
        // An aggregation rule can gather anything, and changing one can keep rights from being tightened.
        if ((Aggregates(role) || (old is not null && Aggregates(old))) && Escalation(user, "", FullAuthority) is not null)
            return Refusals.Forbidden(Group, "clusterroles", role.Metadata.Name, "must have cluster-admin privileges to use the aggregationRule");
        return null;
    }

    public async ValueTask<ApiStatus?> ForRole(User user, string ns, string requestName, Role role, CancellationToken cancel)
    {
        if (user.IsIn(WellKnown.Masters) || await MayEscalate(user, "roles", ns, requestName, cancel))
            return null;
        return Escalation(user, ns, role.Rules ?? []) is { } cause ? Refusals.Forbidden(Group, "roles", role.Metadata.Name, cause) : null;
    }

    public ValueTask<ApiStatus?> ForClusterRoleBinding(User user, ClusterRoleBinding binding, CancellationToken cancel) =>
        ForBinding(user, "", "clusterrolebindings", binding.Metadata.Name, binding.RoleRef, cancel);

    public ValueTask<ApiStatus?> ForRoleBinding(User user, string ns, RoleBinding binding, CancellationToken cancel) =>
        ForBinding(user, ns, "rolebindings", binding.Metadata.Name, binding.RoleRef, cancel);

    private async ValueTask<ApiStatus?> ForBinding(User user, string ns, string resource, string name, RoleRef role, CancellationToken cancel)
    {
        if (user.IsIn(WellKnown.Masters) || await MayBind(user, ns, role, cancel))
            return null;
        if (role.Kind is not ("ClusterRole" or "Role"))
            return ApiStatus.Internal($"unsupported role reference kind: {GoText.Quote(role.Kind)}");
        if (index().RulesOf(role, ns) is not { } rules)
            return Refusals.NotFound(Group, role.Kind == "Role" ? "roles" : "clusterroles", role.Name);
        return Escalation(user, ns, rules) is { } cause ? Refusals.Forbidden(Group, resource, name, cause) : null;
    }

    private async ValueTask<bool> MayEscalate(User user, string resource, string ns, string name, CancellationToken cancel) => (await authorize(new RequestAttributes
    {
        User = user, Verb = "escalate", ApiGroup = Group, ApiVersion = "*", Resource = resource, Namespace = ns, Name = name,
    }, cancel)).IsAllowed;

    private async ValueTask<bool> MayBind(User user, string ns, RoleRef role, CancellationToken cancel) => role.Kind is "ClusterRole" or "Role" && (await authorize(new RequestAttributes
    {
        User = user, Verb = "bind", ApiGroup = role.ApiGroup, ApiVersion = "*", Resource = role.Kind == "Role" ? "roles" : "clusterroles", Namespace = ns, Name = role.Name,
    }, cancel)).IsAllowed;

    /// <summary>What the writer would grant beyond his own rights, as a message; null when nothing.</summary>
    private string? Escalation(User user, string ns, IReadOnlyList<PolicyRule> rules)
    {
        var (held, errors) = index().RulesFor(user, ns);
        var missing = RuleCoverage.Missing(held, rules);
        if (missing.Count == 0)
            return null;
        var lines = RuleCoverage.Compact(missing).Select(RuleCoverage.Describe).Distinct().Order(StringComparer.Ordinal);
        var text = $"user {GoText.Quote(user.Name)} (groups={RuleCoverage.QuoteList(user.Groups)}) is attempting to grant RBAC permissions not currently held:\n{string.Join("\n", lines)}";
        return errors.Count == 0 ? text : $"{text}; resolution errors: [{RbacIndex.Aggregate(errors)}]";
    }

    private static bool Aggregates(ClusterRole role) => role.AggregationRule?.ClusterRoleSelectors?.Count > 0;
}
