using Coracle.Schema;

namespace Coracle.Kinds.Rbac.V1;

/// <summary>Something that is allowed, on resources or on paths.</summary>
[ApiType]
public sealed partial class PolicyRule
{
    /// <summary>What may be done; * for all.</summary>
    [Field(1), Required, ListType("atomic")]
    public List<string>? Verbs { get; set; }

    /// <summary>Groups of the resources; "" is the core group, * all.</summary>
    [Field(2), ListType("atomic")]
    public List<string>? ApiGroups { get; set; }

    /// <summary>Resources, and sub-resources as pods/log; * for all.</summary>
    [Field(3), ListType("atomic")]
    public List<string>? Resources { get; set; }

    /// <summary>Names of the objects; all of them when empty.</summary>
    [Field(4), ListType("atomic")]
    public List<string>? ResourceNames { get; set; }

    /// <summary>Paths that are no resources, with * as the last step. In cluster roles alone.</summary>
    [Field(5), ListType("atomic")]
    public List<string>? NonResourceURLs { get; set; }
}
