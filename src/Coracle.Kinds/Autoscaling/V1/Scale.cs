using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Autoscaling.V1;

/// <summary>How many instances of something are wanted and exist. The scale sub-resource of kinds that have one.</summary>
[Kind("autoscaling/v1", "Scale", "", Verbs = ["get", "patch", "update"], Rules = typeof(ScaleRules))]
public sealed partial class Scale
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is wanted.</summary>
    [Field(2)]
    public ScaleSpec Spec { get; set; } = new();

    /// <summary>What is.</summary>
    [Field(3)]
    public ScaleStatus Status { get; set; } = new();
}

/// <summary>How many instances are wanted.</summary>
[ApiType]
public sealed partial class ScaleSpec
{
    /// <summary>The number.</summary>
    [Field(1), Default(0, PublishedOnly = true)]
    public int Replicas { get; set; }
}

/// <summary>How many instances exist.</summary>
[ApiType]
public sealed partial class ScaleStatus
{
    /// <summary>The number.</summary>
    [Field(1), Required]
    public int Replicas { get; set; }

    /// <summary>Labels of the pods that are meant, as a query has them.</summary>
    [Field(2)]
    public string Selector { get; set; } = "";
}
