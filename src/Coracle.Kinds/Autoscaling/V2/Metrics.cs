using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Autoscaling.V2;

/// <summary>What is measured, and what it is to be. The field of the type is set.</summary>
[ApiType]
public sealed partial class MetricSpec
{
    /// <summary>ContainerResource, External, Object, Pods or Resource.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>A measurement of one object, such as hits a second of an ingress.</summary>
    [Field(2)]
    public ObjectMetricSource? Object { get; set; }

    /// <summary>A measurement of each pod, which is averaged.</summary>
    [Field(3)]
    public PodsMetricSource? Pods { get; set; }

    /// <summary>A resource that the pods' containers request.</summary>
    [Field(4)]
    public ResourceMetricSource? Resource { get; set; }

    /// <summary>A resource that one container of each pod requests.</summary>
    [Field(7)]
    public ContainerResourceMetricSource? ContainerResource { get; set; }

    /// <summary>A measurement of something outside the cluster.</summary>
    [Field(5)]
    public ExternalMetricSource? External { get; set; }
}

/// <summary>A measurement of one object.</summary>
[ApiType]
public sealed partial class ObjectMetricSource
{
    /// <summary>The object.</summary>
    [Field(1), Required]
    public CrossVersionObjectReference DescribedObject { get; set; } = new();

    /// <summary>What the value is to be.</summary>
    [Field(2), Required]
    public MetricTarget Target { get; set; } = new();

    /// <summary>The measurement.</summary>
    [Field(3), Required]
    public MetricIdentifier Metric { get; set; } = new();
}

/// <summary>A measurement of each pod, which is averaged.</summary>
[ApiType]
public sealed partial class PodsMetricSource
{
    /// <summary>The measurement.</summary>
    [Field(1), Required]
    public MetricIdentifier Metric { get; set; } = new();

    /// <summary>What the average is to be.</summary>
    [Field(2), Required]
    public MetricTarget Target { get; set; } = new();
}

/// <summary>A resource that the pods' containers request.</summary>
[ApiType]
public sealed partial class ResourceMetricSource
{
    /// <summary>The resource: cpu, memory.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>How much of it is to be used.</summary>
    [Field(2), Required]
    public MetricTarget Target { get; set; } = new();
}

/// <summary>A resource that one container of each pod requests.</summary>
[ApiType]
public sealed partial class ContainerResourceMetricSource
{
    /// <summary>The resource: cpu, memory.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>How much of it is to be used.</summary>
    [Field(2), Required]
    public MetricTarget Target { get; set; } = new();

    /// <summary>The container.</summary>
    [Field(3), Required]
    public string Container { get; set; } = "";
}

/// <summary>A measurement of something outside the cluster.</summary>
[ApiType]
public sealed partial class ExternalMetricSource
{
    /// <summary>The measurement.</summary>
    [Field(1), Required]
    public MetricIdentifier Metric { get; set; } = new();

    /// <summary>What the value is to be.</summary>
    [Field(2), Required]
    public MetricTarget Target { get; set; } = new();
}

/// <summary>Which measurement.</summary>
[ApiType]
public sealed partial class MetricIdentifier
{
    /// <summary>Its name.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>Labels that narrow it down.</summary>
    [Field(2)]
    public LabelSelector? Selector { get; set; }
}

/// <summary>What a measurement is to be. The field of the type is set.</summary>
[ApiType]
public sealed partial class MetricTarget
{
    /// <summary>Utilization, Value or AverageValue.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>The value as a whole.</summary>
    [Field(2)]
    public Quantity? Value { get; set; }

    /// <summary>The value over the number of pods.</summary>
    [Field(3)]
    public Quantity? AverageValue { get; set; }

    /// <summary>The average of all pods, in per cent of what they request.</summary>
    [Field(4)]
    public int? AverageUtilization { get; set; }
}

/// <summary>What was measured. The field of the type is set.</summary>
[ApiType]
public sealed partial class MetricStatus
{
    /// <summary>ContainerResource, External, Object, Pods or Resource.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>Of one object.</summary>
    [Field(2)]
    public ObjectMetricStatus? Object { get; set; }

    /// <summary>Of each pod, on average.</summary>
    [Field(3)]
    public PodsMetricStatus? Pods { get; set; }

    /// <summary>Of a resource that the pods' containers request.</summary>
    [Field(4)]
    public ResourceMetricStatus? Resource { get; set; }

    /// <summary>Of a resource that one container of each pod requests.</summary>
    [Field(7)]
    public ContainerResourceMetricStatus? ContainerResource { get; set; }

    /// <summary>Of something outside the cluster.</summary>
    [Field(5)]
    public ExternalMetricStatus? External { get; set; }
}

/// <summary>What was measured of one object.</summary>
[ApiType]
public sealed partial class ObjectMetricStatus
{
    /// <summary>The measurement.</summary>
    [Field(1), Required]
    public MetricIdentifier Metric { get; set; } = new();

    /// <summary>The value.</summary>
    [Field(2), Required]
    public MetricValueStatus Current { get; set; } = new();

    /// <summary>The object.</summary>
    [Field(3), Required]
    public CrossVersionObjectReference DescribedObject { get; set; } = new();
}

/// <summary>What was measured of each pod, on average.</summary>
[ApiType]
public sealed partial class PodsMetricStatus
{
    /// <summary>The measurement.</summary>
    [Field(1), Required]
    public MetricIdentifier Metric { get; set; } = new();

    /// <summary>The value.</summary>
    [Field(2), Required]
    public MetricValueStatus Current { get; set; } = new();
}

/// <summary>How much of a resource is used.</summary>
[ApiType]
public sealed partial class ResourceMetricStatus
{
    /// <summary>The resource: cpu, memory.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>The amount.</summary>
    [Field(2), Required]
    public MetricValueStatus Current { get; set; } = new();
}

/// <summary>How much of a resource one container of each pod uses.</summary>
[ApiType]
public sealed partial class ContainerResourceMetricStatus
{
    /// <summary>The resource: cpu, memory.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>The amount.</summary>
    [Field(2), Required]
    public MetricValueStatus Current { get; set; } = new();

    /// <summary>The container.</summary>
    [Field(3), Required]
    public string Container { get; set; } = "";
}

/// <summary>What was measured of something outside the cluster.</summary>
[ApiType]
public sealed partial class ExternalMetricStatus
{
    /// <summary>The measurement.</summary>
    [Field(1), Required]
    public MetricIdentifier Metric { get; set; } = new();

    /// <summary>The value.</summary>
    [Field(2), Required]
    public MetricValueStatus Current { get; set; } = new();
}

/// <summary>A value that was measured.</summary>
[ApiType]
public sealed partial class MetricValueStatus
{
    /// <summary>The value as a whole.</summary>
    [Field(1)]
    public Quantity? Value { get; set; }

    /// <summary>The value over the number of pods.</summary>
    [Field(2)]
    public Quantity? AverageValue { get; set; }

    /// <summary>The average of all pods, in per cent of what they request.</summary>
    [Field(3)]
    public int? AverageUtilization { get; set; }
}

/// <summary>What is measured.</summary>
public static class MetricSourceType
{
    public const string Object = "Object";
    public const string Pods = "Pods";
    public const string Resource = "Resource";
    public const string ContainerResource = "ContainerResource";
    public const string External = "External";
}

/// <summary>What a measurement is compared with.</summary>
public static class MetricTargetType
{
    public const string Utilization = "Utilization";
    public const string Value = "Value";
    public const string AverageValue = "AverageValue";
}
