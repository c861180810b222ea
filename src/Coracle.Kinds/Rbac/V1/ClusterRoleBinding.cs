using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Rbac.V1;

[Kind("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", Namespaced = false, CreateOnUpdate = true, Rules = typeof(ClusterRoleBindingRules))]
public sealed partial class ClusterRoleBinding
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2), ListType("atomic")]
    public List<Subject>? Subjects { get; set; }

    [Field(3), Required]
    public RoleRef RoleRef { get; set; } = new();
}
