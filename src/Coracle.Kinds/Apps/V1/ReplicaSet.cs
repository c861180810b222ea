using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Apps.V1;

[Kind("apps/v1", "ReplicaSet", "replicasets", ShortNames = ["rs"], Categories = ["all"], Status = true, Scale = true, Selectable = ["status.replicas"], Generation = true, Rules = typeof(ReplicaSetRules))]
public sealed partial class ReplicaSet
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2)]
    public ReplicaSetSpec Spec { get; set; } = new();

    [Field(3)]
    public ReplicaSetStatus Status { get; set; } = new();
}

[ApiType]
public sealed partial class ReplicaSetSpec
{
    [Field(1), Default(1)]
    public int? Replicas { get; set; }

    [Field(4)]
    public int MinReadySeconds { get; set; }

    [Field(2), Required]
    public LabelSelector? Selector { get; set; }

    [Field(3)]
    public PodTemplateSpec Template { get; set; } = new();
}

[ApiType]
public sealed partial class ReplicaSetStatus
{
    [Field(1), Required]
    public int Replicas { get; set; }

    [Field(2)]
    public int FullyLabeledReplicas { get; set; }

    [Field(4)]
    public int ReadyReplicas { get; set; }

    [Field(5)]
    public int AvailableReplicas { get; set; }

    [Field(7)]
    public int? TerminatingReplicas { get; set; }

    [Field(3)]
    public long ObservedGeneration { get; set; }

    [Field(6), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<ReplicaSetCondition>? Conditions { get; set; }
}

[ApiType]
public sealed partial class ReplicaSetCondition
{
    [Field(1), Required]
    public string Type { get; set; } = "";

    [Field(2), Required]
    public string Status { get; set; } = "";

    [Field(3, Always = true)]
    public DateTimeOffset? LastTransitionTime { get; set; }

    [Field(4)]
    public string Reason { get; set; } = "";

    [Field(5)]
    public string Message { get; set; } = "";
}

public static class ReplicaSetConditionType
{
    public const string ReplicaFailure = "ReplicaFailure";
}
