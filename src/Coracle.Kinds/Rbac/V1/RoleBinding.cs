using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Rbac.V1;

/// <summary>Grants the permissions of a role within a namespace.</summary>
[Kind("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings", CreateOnUpdate = true, Rules = typeof(RoleBindingRules))]
public sealed partial class RoleBinding
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>To whom.</summary>
    [Field(2), ListType("atomic")]
    public List<Subject>? Subjects { get; set; }

    /// <summary>Which role: one of the namespace, or a cluster role. Cannot be changed.</summary>
    [Field(3), Required]
    public RoleRef RoleRef { get; set; } = new();
}
