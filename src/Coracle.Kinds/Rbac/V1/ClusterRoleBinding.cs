using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Rbac.V1;

/// <summary>Grants the permissions of a cluster role in the whole cluster.</summary>
[Kind("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", Namespaced = false, CreateOnUpdate = true,
    Rules = typeof(ClusterRoleBindingRules))]
public sealed partial class ClusterRoleBinding
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>To whom.</summary>
    [Field(2), ListType("atomic")]
    public List<Subject>? Subjects { get; set; }

    /// <summary>Which cluster role. Cannot be changed.</summary>
    [Field(3), Required]
    public RoleRef RoleRef { get; set; } = new();
}
