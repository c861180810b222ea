using Coracle.Kinds.Rbac.V1;
using static Coracle.ApiServer.Access.PolicyBuilder;

namespace Coracle.ApiServer.Access;

/// <summary>
/// The roles and bindings that every cluster has (upstream v1.36: plugin/pkg/auth/authorizer/rbac/bootstrappolicy), with the features that are on by default.
/// Every call gives new objects.
/// </summary>
public static class BootstrapPolicy
{
    /// <summary>Aggregated ones are filled in, so that they grant from the first moment; the aggregation controller keeps them so.</summary>
    public static List<ClusterRole> ClusterRoles()
    {
        List<ClusterRole> roles = [.. UserRoles.All(), .. ComponentRoles.All(), .. ControllerRoles.All()];
        // In the order in which they are part of each other.
        foreach (var name in (ReadOnlySpan<string>)["view", "edit", "admin"])
        {
            var role = roles.Single(role => role.Metadata.Name == name);
            role.Rules = ClusterRoleAggregation.RulesFor(role, roles);
        }
        return roles;
    }

    public static List<ClusterRoleBinding> ClusterRoleBindings() =>
    [
        ClusterBinding("cluster-admin", Group(WellKnown.Masters)),
        ClusterBinding("system:monitoring", Group(WellKnown.Monitoring)),
        ClusterBinding("system:discovery", Group(WellKnown.Authenticated)),
        ClusterBinding("system:basic-user", Group(WellKnown.Authenticated)),
        ClusterBinding("system:public-info-viewer", Group(WellKnown.Authenticated), Group(WellKnown.Unauthenticated)),
        ClusterBinding("system:node-proxier", User(WellKnown.KubeProxy)),
        ClusterBinding("system:kube-controller-manager", User(WellKnown.ControllerManager)),
        ClusterBinding("system:kube-dns", Account("kube-dns")),
        ClusterBinding("system:kube-scheduler", User(WellKnown.Scheduler)),
        ClusterBinding("system:volume-scheduler", User(WellKnown.Scheduler)),
        // Nodes are authorized by their pods, not by this role: the binding stays without subjects.
        ClusterBinding("system:node"),
        ClusterBinding("system:service-account-issuer-discovery", Group(WellKnown.ServiceAccounts)),
        .. ControllerRoles.Bindings(),
    ];

    public static List<Role> Roles() => NamespaceRoles.Roles();

    public static List<RoleBinding> RoleBindings() => NamespaceRoles.Bindings();

    /// <summary>What all nodes may do alike, where the node authorizer knows nothing finer.</summary>
    public static List<PolicyRule> NodeRules() => ComponentRoles.NodeRules();
}
