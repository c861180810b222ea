using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Apps.V1;

[Kind("apps/v1", "Deployment", "deployments", ShortNames = ["deploy"], Categories = ["all"], Status = true, Scale = true, Generation = true, Rules = typeof(DeploymentRules))]
public sealed partial class Deployment
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2)]
    public DeploymentSpec Spec { get; set; } = new();

    [Field(3)]
    public DeploymentStatus Status { get; set; } = new();
}

[ApiType]
public sealed partial class DeploymentSpec
{
    [Field(1), Default(1)]
    public int? Replicas { get; set; }

    [Field(2), Required]
    public LabelSelector? Selector { get; set; }

    [Field(3), Required]
    public PodTemplateSpec Template { get; set; } = new();

    [Field(4), Patch("retainKeys")]
    public DeploymentStrategy Strategy { get; set; } = new();

    [Field(5)]
    public int MinReadySeconds { get; set; }

    [Field(6), Default(10)]
    public int? RevisionHistoryLimit { get; set; }

    [Field(7)]
    public bool Paused { get; set; }

    [Field(9), Default(600)]
    public int? ProgressDeadlineSeconds { get; set; }
}

[ApiType]
public sealed partial class DeploymentStrategy
{
    [Field(1), Default("RollingUpdate")]
    public string Type { get; set; } = "";

    [Field(2)]
    public RollingUpdateDeployment? RollingUpdate { get; set; }
}

[ApiType]
public sealed partial class RollingUpdateDeployment
{
    [Field(1)]
    public IntOrString? MaxUnavailable { get; set; }

    [Field(2)]
    public IntOrString? MaxSurge { get; set; }
}

[ApiType]
public sealed partial class DeploymentStatus
{
    [Field(1)]
    public long ObservedGeneration { get; set; }

    [Field(2)]
    public int Replicas { get; set; }

    [Field(3)]
    public int UpdatedReplicas { get; set; }

    [Field(7)]
    public int ReadyReplicas { get; set; }

    [Field(4)]
    public int AvailableReplicas { get; set; }

    [Field(5)]
    public int UnavailableReplicas { get; set; }

    [Field(9)]
    public int? TerminatingReplicas { get; set; }

    [Field(6), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<DeploymentCondition>? Conditions { get; set; }

    [Field(8)]
    public int? CollisionCount { get; set; }
}

[ApiType]
public sealed partial class DeploymentCondition
{
    [Field(1), Required]
    public string Type { get; set; } = "";

    [Field(2), Required]
    public string Status { get; set; } = "";

    [Field(6, Always = true)]
    public DateTimeOffset? LastUpdateTime { get; set; }

    [Field(7, Always = true)]
    public DateTimeOffset? LastTransitionTime { get; set; }

    [Field(4)]
    public string Reason { get; set; } = "";

    [Field(5)]
    public string Message { get; set; } = "";
}

public static class DeploymentStrategyType
{
    public const string Recreate = "Recreate";
    public const string RollingUpdate = "RollingUpdate";
}

public static class DeploymentConditionType
{
    public const string Available = "Available";
    public const string Progressing = "Progressing";
    public const string ReplicaFailure = "ReplicaFailure";
}
