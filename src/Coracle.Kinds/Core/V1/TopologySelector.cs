using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Places in the cluster, by labels of nodes: all of the requirements must hold.</summary>
[ApiType(Atomic = true)]
public sealed partial class TopologySelectorTerm
{
    /// <summary>The requirements.</summary>
    [Field(1), ListType("atomic")]
    public List<TopologySelectorLabelRequirement>? MatchLabelExpressions { get; set; }
}

/// <summary>A label that has one of some values.</summary>
[ApiType]
public sealed partial class TopologySelectorLabelRequirement
{
    /// <summary>The label's key.</summary>
    [Field(1), Required]
    public string Key { get; set; } = "";

    /// <summary>The values.</summary>
    [Field(2), Required, ListType("atomic")]
    public List<string>? Values { get; set; }
}
