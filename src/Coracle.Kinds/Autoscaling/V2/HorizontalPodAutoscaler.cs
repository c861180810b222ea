using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Autoscaling.V2;

/// <summary>Sets the number of pods of something by measurements of them, or of other things.</summary>
[Kind("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", ShortNames = ["hpa"], Categories = ["all"], Status = true,
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

/// <summary>What is scaled, how far, and by what.</summary>
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

    /// <summary>What is measured. Each asks for a number of pods; the highest is taken. 80 per cent of the processor time that is requested, unless given.</summary>
    [Field(4), ListType("atomic")]
    public List<MetricSpec>? Metrics { get; set; }

    /// <summary>How fast the number goes up and down.</summary>
    [Field(5)]
    public HorizontalPodAutoscalerBehavior? Behavior { get; set; }
}

/// <summary>How fast the number of pods goes up and down.</summary>
[ApiType]
public sealed partial class HorizontalPodAutoscalerBehavior
{
    /// <summary>Upwards. At once, by at most 4 pods or the double in 15 seconds, unless given.</summary>
    [Field(1)]
    public HPAScalingRules? ScaleUp { get; set; }

    /// <summary>Downwards. After 5 minutes, by any number, unless given.</summary>
    [Field(2)]
    public HPAScalingRules? ScaleDown { get; set; }
}

/// <summary>How fast the number of pods goes one way.</summary>
[ApiType]
public sealed partial class HPAScalingRules
{
    /// <summary>For how many seconds back the least of the changes is taken: 0 upwards and 300 downwards unless given.</summary>
    [Field(3)]
    public int? StabilizationWindowSeconds { get; set; }

    /// <summary>Which of the policies counts: Max, Min, or Disabled not to go this way at all.</summary>
    [Field(1)]
    public string? SelectPolicy { get; set; }

    /// <summary>How much may change in what time.</summary>
    [Field(2), ListType("atomic")]
    public List<HPAScalingPolicy>? Policies { get; set; }

    /// <summary>How far the measurement may be off before anything changes, as a fraction. 0.1 unless given.</summary>
    [Field(4)]
    public Quantity? Tolerance { get; set; }
}

/// <summary>How much may change in some time.</summary>
[ApiType]
public sealed partial class HPAScalingPolicy
{
    /// <summary>Pods: a number of them. Percent: a share.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>How much.</summary>
    [Field(2), Required]
    public int Value { get; set; }

    /// <summary>In how many seconds.</summary>
    [Field(3), Required]
    public int PeriodSeconds { get; set; }
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
    [Field(3)]
    public int CurrentReplicas { get; set; }

    /// <summary>Pods that there are to be.</summary>
    [Field(4), Required]
    public int DesiredReplicas { get; set; }

    /// <summary>What was measured last.</summary>
    [Field(5, Always = true), ListType("atomic")]
    public List<MetricStatus>? CurrentMetrics { get; set; }

    /// <summary>Whether the autoscaler can do its work: AbleToScale, ScalingActive, ScalingLimited.</summary>
    [Field(6), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<HorizontalPodAutoscalerCondition>? Conditions { get; set; }
}

/// <summary>One aspect of whether an autoscaler can do its work.</summary>
[ApiType]
public sealed partial class HorizontalPodAutoscalerCondition
{
    /// <summary>The aspect.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>True, False or Unknown.</summary>
    [Field(2), Required]
    public string Status { get; set; } = "";

    /// <summary>When the status last changed from one value to another.</summary>
    [Field(3, Always = true)]
    public DateTimeOffset? LastTransitionTime { get; set; }

    /// <summary>One word in CamelCase that says why, for programs.</summary>
    [Field(4)]
    public string Reason { get; set; } = "";

    /// <summary>What is going on, in words for people.</summary>
    [Field(5)]
    public string Message { get; set; } = "";
}

/// <summary>Names an object by kind and name, in any version.</summary>
[ApiType]
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
