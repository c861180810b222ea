using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Autoscaling.V1;

[Kind("autoscaling/v1", "Scale", "", Verbs = ["get", "patch", "update"], Rules = typeof(ScaleRules))]
public sealed partial class Scale
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2)]
    public ScaleSpec Spec { get; set; } = new();

    [Field(3)]
    public ScaleStatus Status { get; set; } = new();
}

[ApiType]
public sealed partial class ScaleSpec
{
    [Field(1), Default(0, PublishedOnly = true)]
    public int Replicas { get; set; }
}

[ApiType]
public sealed partial class ScaleStatus
{
    [Field(1), Required]
    public int Replicas { get; set; }

    [Field(2)]
    public string Selector { get; set; } = "";
}
