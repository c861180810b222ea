using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Storage.V1;

/// <summary>The storage drivers on a node. Its name is the node's.</summary>
[Kind("storage.k8s.io/v1", "CSINode", "csinodes", Namespaced = false, ReturnDeleted = true, UnconditionalUpdate = false,
    Rules = typeof(CSINodeRules))]
public sealed partial class CSINode
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>The drivers.</summary>
    [Field(2), Required]
    public CSINodeSpec Spec { get; set; } = new();
}

/// <summary>The storage drivers on a node.</summary>
[ApiType]
public sealed partial class CSINodeSpec
{
    /// <summary>One entry for each. All may be taken away; entries cannot be changed.</summary>
    [Field(1), Required, ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<CSINodeDriver>? Drivers { get; set; }
}

/// <summary>A storage driver on a node.</summary>
[ApiType]
public sealed partial class CSINodeDriver
{
    /// <summary>The driver's name.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>The node's name in the driver's own terms.</summary>
    [Field(2), Required]
    public string NodeID { get; set; } = "";

    /// <summary>Labels of the node by which the driver tells places apart.</summary>
    [Field(3, Always = true), ListType("atomic")]
    public List<string>? TopologyKeys { get; set; }

    /// <summary>How many volumes of the driver the node takes.</summary>
    [Field(4)]
    public VolumeNodeResources? Allocatable { get; set; }
}

/// <summary>How many volumes a node takes.</summary>
[ApiType]
public sealed partial class VolumeNodeResources
{
    /// <summary>How many volumes at once; no limit when absent.</summary>
    [Field(1)]
    public int? Count { get; set; }
}
