using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Autoscaling.V1;

/// <summary>Sets the number of pods of something by how busy they are. The older form, which knows processors alone; the rest is kept in annotations.</summary>
[Kind("autoscaling/v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers", ShortNames = ["hpa"], Categories = ["all"], Status = true,
    Rules = typeof(HorizontalPodAutoscalerRules))]
public sealed partial class HorizontalPodAutoscaler
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is wanted.</summary>
    [Field(2), Required]
    public HorizontalPodAutoscalerSpec Spec { get; set; } = new();

    /// <summary>What was done last.</summary>
    [Field(3)]
    public HorizontalPodAutoscalerStatus Status { get; set; } = new();
}

/// <summary>What is scaled, and how far.</summary>
[ApiType]
public sealed partial class HorizontalPodAutoscalerSpec
{
    /// <summary>What is scaled, by its scale sub-resource.</summary>
    [Field(1), Required]
    public CrossVersionObjectReference ScaleTargetRef { get; set; } = new();

    /// <summary>The least number of pods. 1 unless given.</summary>
    [Field(2), Default(1)]
    public int? MinReplicas { get; set; }

    /// <summary>The highest number of pods.</summary>
    [Field(3), Required]
    public int MaxReplicas { get; set; }

    /// <summary>How busy the pods are to be, in per cent of the processor time that they request.</summary>
    [Field(4)]
    public int? TargetCPUUtilizationPercentage { get; set; }
}

/// <summary>What was done last.</summary>
[ApiType]
public sealed partial class HorizontalPodAutoscalerStatus
{
    /// <summary>The generation of the autoscaler that this status reflects.</summary>
    [Field(1)]
    public long? ObservedGeneration { get; set; }

    /// <summary>When the number of pods was last changed.</summary>
    [Field(2)]
    public DateTimeOffset? LastScaleTime { get; set; }

    /// <summary>Pods that there were.</summary>
    [Field(3), Required]
    public int CurrentReplicas { get; set; }

    /// <summary>Pods that there are to be.</summary>
    [Field(4), Required]
    public int DesiredReplicas { get; set; }

    /// <summary>How busy the pods were, in per cent of the processor time that they request.</summary>
    [Field(5)]
    public int? CurrentCPUUtilizationPercentage { get; set; }
}

/// <summary>Names an object by kind and name, in any version.</summary>
[ApiType(Atomic = true)]
public sealed partial class CrossVersionObjectReference
{
    /// <summary>Its kind.</summary>
    [Field(1), Required]
    public string Kind { get; set; } = "";

    /// <summary>Its name.</summary>
    [Field(2), Required]
    public string Name { get; set; } = "";

    /// <summary>Its group and version.</summary>
    [Field(3)]
    public string ApiVersion { get; set; } = "";
}
