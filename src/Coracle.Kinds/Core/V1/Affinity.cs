using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class Affinity
{
    [Field(1)]
    public NodeAffinity? NodeAffinity { get; set; }

    [Field(2)]
    public PodAffinity? PodAffinity { get; set; }

    [Field(3)]
    public PodAntiAffinity? PodAntiAffinity { get; set; }
}

[ApiType]
public sealed partial class NodeAffinity
{
    [Field(1)]
    public NodeSelector? RequiredDuringSchedulingIgnoredDuringExecution { get; set; }

    [Field(2), ListType("atomic")]
    public List<PreferredSchedulingTerm>? PreferredDuringSchedulingIgnoredDuringExecution { get; set; }
}

[ApiType]
public sealed partial class PreferredSchedulingTerm
{
    [Field(1), Required]
    public int Weight { get; set; }

    [Field(2), Required]
    public NodeSelectorTerm Preference { get; set; } = new();
}

[ApiType]
public sealed partial class PodAffinity
{
    [Field(1), ListType("atomic")]
    public List<PodAffinityTerm>? RequiredDuringSchedulingIgnoredDuringExecution { get; set; }

    [Field(2), ListType("atomic")]
    public List<WeightedPodAffinityTerm>? PreferredDuringSchedulingIgnoredDuringExecution { get; set; }
}

[ApiType]
public sealed partial class PodAntiAffinity
{
    [Field(1), ListType("atomic")]
    public List<PodAffinityTerm>? RequiredDuringSchedulingIgnoredDuringExecution { get; set; }

    [Field(2), ListType("atomic")]
    public List<WeightedPodAffinityTerm>? PreferredDuringSchedulingIgnoredDuringExecution { get; set; }
}

[ApiType]
public sealed partial class PodAffinityTerm
{
    [Field(1)]
    public LabelSelector? LabelSelector { get; set; }

    [Field(2), ListType("atomic")]
    public List<string>? Namespaces { get; set; }

    [Field(3), Required]
    public string TopologyKey { get; set; } = "";

    [Field(4)]
    public LabelSelector? NamespaceSelector { get; set; }

    [Field(5), ListType("atomic")]
    public List<string>? MatchLabelKeys { get; set; }

    [Field(6), ListType("atomic")]
    public List<string>? MismatchLabelKeys { get; set; }
}

[ApiType]
public sealed partial class WeightedPodAffinityTerm
{
    [Field(1), Required]
    public int Weight { get; set; }

    [Field(2), Required]
    public PodAffinityTerm PodAffinityTerm { get; set; } = new();
}
