using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Rbac.V1;

namespace Coracle.ApiServer.Access;

/// <summary>Short words for the long lists of the bootstrap policy: lists are written with spaces between their items.</summary>
internal static class PolicyBuilder
{
    public const string Read = "get list watch";
    public const string Write = "create update patch delete deletecollection";
    public const string ReadWrite = "get list watch create update patch delete deletecollection";
    public const string ReadUpdate = "get list watch update patch";

    public const string Core = "\"\"";
    public const string AutoUpdate = "rbac.authorization.kubernetes.io/autoupdate";
    public const string ApiGroup = "rbac.authorization.k8s.io";

    /// <summary>A rule for resources. Lists come out sorted, as upstream's do.</summary>
    public static PolicyRule Allow(string verbs, string groups, string resources, string names = "") => new()
    {
        Verbs = Sorted(verbs), ApiGroups = [.. Sorted(groups).Select(group => group == Core ? "" : group)], Resources = Sorted(resources),
        ResourceNames = names.Length == 0 ? null : Sorted(names),
    };

    public static PolicyRule AllowPaths(string verbs, string paths) => new() { Verbs = Sorted(verbs), NonResourceURLs = Sorted(paths) };

    /// <summary>Reporting events, by the old group and the new.</summary>
    public static PolicyRule Events() => Allow("create update patch", $"{Core} events.k8s.io", "events");

    public static ClusterRole ClusterRole(string name, params List<PolicyRule> rules) => new() { Metadata = Metadata(name), Rules = rules };

    /// <summary>A cluster role that gathers others by the label rbac.authorization.k8s.io/aggregate-to-NAME.</summary>
    public static ClusterRole Aggregated(string name) => new()
    {
        Metadata = Metadata(name),
        AggregationRule = new AggregationRule { ClusterRoleSelectors = [new LabelSelector { MatchLabels = new() { [AggregateTo(name)] = "true" } }] },
    };

    public static ClusterRole Feeding(this ClusterRole role, string aggregated)
    {
        role.Metadata.Labels![AggregateTo(aggregated)] = "true";
        return role;
    }

    public static ClusterRoleBinding ClusterBinding(string name, params List<Subject> subjects) => new()
    {
        Metadata = Metadata(name), RoleRef = new RoleRef { ApiGroup = ApiGroup, Kind = "ClusterRole", Name = name }, Subjects = subjects.Count == 0 ? null : subjects,
    };

    public static Role Role(string ns, string name, params List<PolicyRule> rules) => new() { Metadata = Metadata(name, ns), Rules = rules };

    public static RoleBinding Binding(string ns, string name, string role, params List<Subject> subjects) => new()
    {
        Metadata = Metadata(name, ns), RoleRef = new RoleRef { ApiGroup = ApiGroup, Kind = "Role", Name = role }, Subjects = subjects,
    };

    public static Subject User(string name) => new() { Kind = "User", ApiGroup = ApiGroup, Name = name };
    public static Subject Group(string name) => new() { Kind = "Group", ApiGroup = ApiGroup, Name = name };
    public static Subject Account(string name, string ns = "kube-system") => new() { Kind = "ServiceAccount", Name = name, Namespace = ns };

    private static string AggregateTo(string name) => $"rbac.authorization.k8s.io/aggregate-to-{name}";

    private static List<string> Sorted(string list) => [.. list.Split(' ').Order(StringComparer.Ordinal)];

    private static ObjectMeta Metadata(string name, string ns = "") => new()
    {
        Name = name, Namespace = ns, Labels = new() { ["kubernetes.io/bootstrapping"] = "rbac-defaults" }, Annotations = new() { [AutoUpdate] = "true" },
    };
}
