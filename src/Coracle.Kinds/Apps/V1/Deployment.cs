using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Apps.V1;

/// <summary>Pods kept running in a number, and replaced step by step when their template changes.</summary>
[Kind("apps/v1", "Deployment", "deployments", ShortNames = ["deploy"], Categories = ["all"], Status = true, Scale = true, Generation = true,
    Rules = typeof(DeploymentRules))]
public sealed partial class Deployment
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is wanted.</summary>
    [Field(2)]
    public DeploymentSpec Spec { get; set; } = new();

    /// <summary>How far it is reached.</summary>
    [Field(3)]
    public DeploymentStatus Status { get; set; } = new();
}

/// <summary>What is wanted of a deployment.</summary>
[ApiType]
public sealed partial class DeploymentSpec
{
    /// <summary>How many pods. 1 unless given.</summary>
    [Field(1), Default(1)]
    public int? Replicas { get; set; }

    /// <summary>Labels of the pods that belong to the deployment. The template's labels must match. Cannot be changed.</summary>
    [Field(2), Required]
    public LabelSelector? Selector { get; set; }

    /// <summary>What the pods look like. Their restartPolicy must be Always.</summary>
    [Field(3), Required]
    public PodTemplateSpec Template { get; set; } = new();

    /// <summary>How old pods are replaced by new ones.</summary>
    [Field(4), Patch("retainKeys")]
    public DeploymentStrategy Strategy { get; set; } = new();

    /// <summary>For how many seconds a pod must be ready before it counts as available.</summary>
    [Field(5)]
    public int MinReadySeconds { get; set; }

    /// <summary>How many old replica sets are kept to roll back to. 10 unless given.</summary>
    [Field(6), Default(10)]
    public int? RevisionHistoryLimit { get; set; }

    /// <summary>Changes of the template are not rolled out.</summary>
    [Field(7)]
    public bool Paused { get; set; }

    /// <summary>After how many seconds without progress a rollout is reported as failed. 600 unless given.</summary>
    [Field(9), Default(600)]
    public int? ProgressDeadlineSeconds { get; set; }
}

/// <summary>How old pods are replaced by new ones.</summary>
[ApiType]
public sealed partial class DeploymentStrategy
{
    /// <summary>RollingUpdate, or Recreate to end all old ones first.</summary>
    [Field(1), Default("RollingUpdate"), OneOf("Recreate", "RollingUpdate")]
    public string Type { get; set; } = "";

    /// <summary>How fast. For RollingUpdate alone.</summary>
    [Field(2)]
    public RollingUpdateDeployment? RollingUpdate { get; set; }
}

/// <summary>How fast pods are replaced.</summary>
[ApiType]
public sealed partial class RollingUpdateDeployment
{
    /// <summary>How many of the wanted pods may be missing, as a number or a share rounded down. 25% unless given.</summary>
    [Field(1)]
    public IntOrString? MaxUnavailable { get; set; }

    /// <summary>How many pods there may be beyond those wanted, as a number or a share rounded up. 25% unless given.</summary>
    [Field(2)]
    public IntOrString? MaxSurge { get; set; }
}

/// <summary>How far a deployment is.</summary>
[ApiType]
public sealed partial class DeploymentStatus
{
    /// <summary>The generation of the deployment that this status reflects.</summary>
    [Field(1)]
    public long ObservedGeneration { get; set; }

    /// <summary>Pods that exist, leaving out those that are being deleted.</summary>
    [Field(2)]
    public int Replicas { get; set; }

    /// <summary>Pods made from the current template.</summary>
    [Field(3)]
    public int UpdatedReplicas { get; set; }

    /// <summary>Pods that are ready.</summary>
    [Field(7)]
    public int ReadyReplicas { get; set; }

    /// <summary>Pods that have been ready for minReadySeconds.</summary>
    [Field(4)]
    public int AvailableReplicas { get; set; }

    /// <summary>Pods that are still missing for the deployment to be fully available.</summary>
    [Field(5)]
    public int UnavailableReplicas { get; set; }

    /// <summary>Pods that are being deleted but have not ended.</summary>
    [Field(9)]
    public int? TerminatingReplicas { get; set; }

    /// <summary>How the deployment does: Available, Progressing, ReplicaFailure.</summary>
    [Field(6), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<DeploymentCondition>? Conditions { get; set; }

    /// <summary>How often the name of a new replica set was taken; part of what names are made from.</summary>
    [Field(8)]
    public int? CollisionCount { get; set; }
}

/// <summary>One aspect of how a deployment does.</summary>
[ApiType]
public sealed partial class DeploymentCondition
{
    /// <summary>The aspect: Available, Progressing or ReplicaFailure.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>True, False or Unknown.</summary>
    [Field(2), Required]
    public string Status { get; set; } = "";

    /// <summary>When the condition was last written.</summary>
    [Field(6, Always = true)]
    public DateTimeOffset? LastUpdateTime { get; set; }

    /// <summary>When the status last changed from one value to another.</summary>
    [Field(7, Always = true)]
    public DateTimeOffset? LastTransitionTime { get; set; }

    /// <summary>One word in CamelCase that says why, for programs.</summary>
    [Field(4)]
    public string Reason { get; set; } = "";

    /// <summary>What is going on, in words for people.</summary>
    [Field(5)]
    public string Message { get; set; } = "";
}

/// <summary>How old pods are replaced by new ones.</summary>
public static class DeploymentStrategyType
{
    public const string Recreate = "Recreate";
    public const string RollingUpdate = "RollingUpdate";
}

/// <summary>Aspects of how a deployment does.</summary>
public static class DeploymentConditionType
{
    public const string Available = "Available";
    public const string Progressing = "Progressing";
    public const string ReplicaFailure = "ReplicaFailure";
}
