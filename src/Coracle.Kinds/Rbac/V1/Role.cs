using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Rbac.V1;

[Kind("rbac.authorization.k8s.io/v1", "Role", "roles", CreateOnUpdate = true)]
public sealed partial class Role
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2, Always = true), ListType("atomic")]
    public List<PolicyRule>? Rules { get; set; }
}
