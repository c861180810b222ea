using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Rbac.V1;

/// <summary>Permissions in the whole cluster, or, through role bindings, within namespaces.</summary>
[Kind("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", Namespaced = false, CreateOnUpdate = true, Rules = typeof(ClusterRoleRules))]
public sealed partial class ClusterRole
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is allowed.</summary>
    [Field(2, Always = true), ListType("atomic")]
    public List<PolicyRule>? Rules { get; set; }

    /// <summary>Which other cluster roles this one is put together from; the rules are then filled in.</summary>
    [Field(3)]
    public AggregationRule? AggregationRule { get; set; }
}

/// <summary>Which cluster roles another one is put together from.</summary>
[ApiType]
public sealed partial class AggregationRule
{
    /// <summary>Labels of the cluster roles whose rules are added up. One selector that matches suffices.</summary>
    [Field(1), ListType("atomic")]
    public List<LabelSelector>? ClusterRoleSelectors { get; set; }
}
