using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Rules that draw a pod to nodes and to other pods, or keep it away.</summary>
[ApiType]
public sealed partial class Affinity
{
    /// <summary>To which nodes the pod is drawn.</summary>
    [Field(1)]
    public NodeAffinity? NodeAffinity { get; set; }

    /// <summary>Near which pods it is to run.</summary>
    [Field(2)]
    public PodAffinity? PodAffinity { get; set; }

    /// <summary>Away from which pods it is to run.</summary>
    [Field(3)]
    public PodAntiAffinity? PodAntiAffinity { get; set; }
}

/// <summary>To which nodes a pod is drawn.</summary>
[ApiType]
public sealed partial class NodeAffinity
{
    /// <summary>What a node must have for the pod to be placed there. Later changes of the node do not matter.</summary>
    [Field(1)]
    public NodeSelector? RequiredDuringSchedulingIgnoredDuringExecution { get; set; }

    /// <summary>What makes a node more welcome, with weights that are added up.</summary>
    [Field(2), ListType("atomic")]
    public List<PreferredSchedulingTerm>? PreferredDuringSchedulingIgnoredDuringExecution { get; set; }
}

/// <summary>Makes nodes more welcome.</summary>
[ApiType]
public sealed partial class PreferredSchedulingTerm
{
    /// <summary>How much, from 1 to 100.</summary>
    [Field(1), Required]
    public int Weight { get; set; }

    /// <summary>Which nodes.</summary>
    [Field(2), Required]
    public NodeSelectorTerm Preference { get; set; } = new();
}

/// <summary>Near which pods a pod is to run.</summary>
[ApiType]
public sealed partial class PodAffinity
{
    /// <summary>Pods that must be near. All of the terms must hold. Later changes do not matter.</summary>
    [Field(1), ListType("atomic")]
    public List<PodAffinityTerm>? RequiredDuringSchedulingIgnoredDuringExecution { get; set; }

    /// <summary>Pods that had better be near, with weights that are added up.</summary>
    [Field(2), ListType("atomic")]
    public List<WeightedPodAffinityTerm>? PreferredDuringSchedulingIgnoredDuringExecution { get; set; }
}

/// <summary>Away from which pods a pod is to run.</summary>
[ApiType]
public sealed partial class PodAntiAffinity
{
    /// <summary>Pods that must not be near. All of the terms must hold. Later changes do not matter.</summary>
    [Field(1), ListType("atomic")]
    public List<PodAffinityTerm>? RequiredDuringSchedulingIgnoredDuringExecution { get; set; }

    /// <summary>Pods that had better not be near, with weights that are added up.</summary>
    [Field(2), ListType("atomic")]
    public List<WeightedPodAffinityTerm>? PreferredDuringSchedulingIgnoredDuringExecution { get; set; }
}

/// <summary>Pods, and how near is near.</summary>
[ApiType]
public sealed partial class PodAffinityTerm
{
    /// <summary>Labels of the pods meant; none when absent.</summary>
    [Field(1)]
    public LabelSelector? LabelSelector { get; set; }

    /// <summary>Namespaces of the pods meant, besides those of namespaceSelector. The pod's own when both are absent.</summary>
    [Field(2), ListType("atomic")]
    public List<string>? Namespaces { get; set; }

    /// <summary>Nodes with the same value of this label are near to each other.</summary>
    [Field(3), Required]
    public string TopologyKey { get; set; } = "";

    /// <summary>Labels of namespaces of the pods meant; {} for all.</summary>
    [Field(4)]
    public LabelSelector? NamespaceSelector { get; set; }

    /// <summary>Keys whose values on the incoming pod the pods meant must share.</summary>
    [Field(5), ListType("atomic")]
    public List<string>? MatchLabelKeys { get; set; }

    /// <summary>Keys whose values on the incoming pod the pods meant must not have.</summary>
    [Field(6), ListType("atomic")]
    public List<string>? MismatchLabelKeys { get; set; }
}

/// <summary>Makes nodes near to certain pods more welcome, or less.</summary>
[ApiType]
public sealed partial class WeightedPodAffinityTerm
{
    /// <summary>How much, from 1 to 100.</summary>
    [Field(1), Required]
    public int Weight { get; set; }

    /// <summary>Which pods, and how near.</summary>
    [Field(2), Required]
    public PodAffinityTerm PodAffinityTerm { get; set; } = new();
}
