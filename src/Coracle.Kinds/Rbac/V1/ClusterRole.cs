using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Rbac.V1;

[Kind("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", Namespaced = false, CreateOnUpdate = true)]
public sealed partial class ClusterRole
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2, Always = true), ListType("atomic")]
    public List<PolicyRule>? Rules { get; set; }

    [Field(3)]
    public AggregationRule? AggregationRule { get; set; }
}

[ApiType]
public sealed partial class AggregationRule
{
    [Field(1), ListType("atomic")]
    public List<LabelSelector>? ClusterRoleSelectors { get; set; }
}
