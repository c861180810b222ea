using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Rbac.V1;

/// <summary>Permissions within a namespace.</summary>
[Kind("rbac.authorization.k8s.io/v1", "Role", "roles", CreateOnUpdate = true, Rules = typeof(RoleRules))]
public sealed partial class Role
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is allowed.</summary>
    [Field(2, Always = true), ListType("atomic")]
    public List<PolicyRule>? Rules { get; set; }
}
