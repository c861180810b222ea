using Coracle.Schema;

namespace Coracle.Kinds.Rbac.V1;

[ApiType]
public sealed partial class PolicyRule
{
    [Field(1), Required, ListType("atomic")]
    public List<string>? Verbs { get; set; }

    [Field(2), ListType("atomic")]
    public List<string>? ApiGroups { get; set; }

    [Field(3), ListType("atomic")]
    public List<string>? Resources { get; set; }

    [Field(4), ListType("atomic")]
    public List<string>? ResourceNames { get; set; }

    [Field(5), ListType("atomic")]
    public List<string>? NonResourceURLs { get; set; }
}
