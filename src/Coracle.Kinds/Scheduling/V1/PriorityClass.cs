using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Scheduling.V1;

/// <summary>A name for how important pods are.</summary>
[Kind("scheduling.k8s.io/v1", "PriorityClass", "priorityclasses", Namespaced = false, ShortNames = ["pc"], Generation = true, Rules = typeof(PriorityClassRules))]
public sealed partial class PriorityClass
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>How important; higher goes first. Cannot be changed.</summary>
    [Field(2, Always = true)]
    public int Value { get; set; }

    /// <summary>Pods that name no class are of this one. One class may say so.</summary>
    [Field(3)]
    public bool GlobalDefault { get; set; }

    /// <summary>What the class is for.</summary>
    [Field(4)]
    public string Description { get; set; } = "";

    /// <summary>Whether pods of the class may push out others: PreemptLowerPriority or Never. Cannot be changed.</summary>
    [Field(5), Default("PreemptLowerPriority")]
    public string? PreemptionPolicy { get; set; }
}
