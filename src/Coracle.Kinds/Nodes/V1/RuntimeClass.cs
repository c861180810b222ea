using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Nodes.V1;

/// <summary>A way to run containers that nodes may offer.</summary>
[Kind("node.k8s.io/v1", "RuntimeClass", "runtimeclasses", Namespaced = false, UnconditionalUpdate = false, Rules = typeof(RuntimeClassRules))]
public sealed partial class RuntimeClass
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>The nodes' name for it. Cannot be changed.</summary>
    [Field(2), Required]
    public string Handler { get; set; } = "";

    /// <summary>What a pod uses besides its containers.</summary>
    [Field(3)]
    public Overhead? Overhead { get; set; }

    /// <summary>On which nodes it is to be had.</summary>
    [Field(4)]
    public Scheduling? Scheduling { get; set; }
}

/// <summary>What a pod uses besides its containers.</summary>
[ApiType]
public sealed partial class Overhead
{
    /// <summary>How much, by resource.</summary>
    [Field(1)]
    public Dictionary<string, Quantity>? PodFixed { get; set; }
}

/// <summary>On which nodes a runtime is to be had.</summary>
[ApiType]
public sealed partial class Scheduling
{
    /// <summary>Labels that a node must have.</summary>
    [Field(1), Atomic]
    public Dictionary<string, string>? NodeSelector { get; set; }

    /// <summary>Taints that a node may have.</summary>
    [Field(2), ListType("atomic")]
    public List<Toleration>? Tolerations { get; set; }
}
