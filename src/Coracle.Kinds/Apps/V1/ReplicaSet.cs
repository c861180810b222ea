using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Apps.V1;

/// <summary>Pods kept running in a number. Made by deployments, as a rule.</summary>
[Kind("apps/v1", "ReplicaSet", "replicasets", ShortNames = ["rs"], Categories = ["all"], Status = true, Scale = true,
    Selectable = ["status.replicas"], Generation = true, Rules = typeof(ReplicaSetRules))]
public sealed partial class ReplicaSet
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is wanted.</summary>
    [Field(2)]
    public ReplicaSetSpec Spec { get; set; } = new();

    /// <summary>How far it is reached.</summary>
    [Field(3)]
    public ReplicaSetStatus Status { get; set; } = new();
}

/// <summary>What is wanted of a replica set.</summary>
[ApiType]
public sealed partial class ReplicaSetSpec
{
    /// <summary>How many pods. 1 unless given.</summary>
    [Field(1), Default(1)]
    public int? Replicas { get; set; }

    /// <summary>For how many seconds a pod must be ready before it counts as available.</summary>
    [Field(4)]
    public int MinReadySeconds { get; set; }

    /// <summary>Labels of the pods that belong to the replica set. The template's labels must match. Cannot be changed.</summary>
    [Field(2), Required]
    public LabelSelector? Selector { get; set; }

    /// <summary>What the pods look like.</summary>
    [Field(3)]
    public PodTemplateSpec Template { get; set; } = new();
}

/// <summary>How far a replica set is.</summary>
[ApiType]
public sealed partial class ReplicaSetStatus
{
    /// <summary>Pods that exist, leaving out those that are being deleted.</summary>
    [Field(1), Required]
    public int Replicas { get; set; }

    /// <summary>Pods that have all labels of the template.</summary>
    [Field(2)]
    public int FullyLabeledReplicas { get; set; }

    /// <summary>Pods that are ready.</summary>
    [Field(4)]
    public int ReadyReplicas { get; set; }

    /// <summary>Pods that have been ready for minReadySeconds.</summary>
    [Field(5)]
    public int AvailableReplicas { get; set; }

    /// <summary>Pods that are being deleted but have not ended.</summary>
    [Field(7)]
    public int? TerminatingReplicas { get; set; }

    /// <summary>The generation of the replica set that this status reflects.</summary>
    [Field(3)]
    public long ObservedGeneration { get; set; }

    /// <summary>How the replica set does: ReplicaFailure.</summary>
    [Field(6), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<ReplicaSetCondition>? Conditions { get; set; }
}

/// <summary>One aspect of how a replica set does.</summary>
[ApiType]
public sealed partial class ReplicaSetCondition
{
    /// <summary>The aspect: ReplicaFailure.</summary>
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

/// <summary>Aspects of how a replica set does.</summary>
public static class ReplicaSetConditionType
{
    public const string ReplicaFailure = "ReplicaFailure";
}
