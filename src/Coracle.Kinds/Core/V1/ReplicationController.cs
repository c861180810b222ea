using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Pods kept running in a number. Deployments do the same and more.</summary>
[Kind("v1", "ReplicationController", "replicationcontrollers", ShortNames = ["rc"], Categories = ["all"], Status = true, Scale = true,
    Selectable = ["status.replicas"], Generation = true, Rules = typeof(ReplicationControllerRules))]
public sealed partial class ReplicationController
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is wanted.</summary>
    [Field(2)]
    public ReplicationControllerSpec Spec { get; set; } = new();

    /// <summary>How far it is reached.</summary>
    [Field(3)]
    public ReplicationControllerStatus Status { get; set; } = new();
}

/// <summary>What is wanted of a replication controller.</summary>
[ApiType]
public sealed partial class ReplicationControllerSpec
{
    /// <summary>How many pods. 1 unless given.</summary>
    [Field(1), Default(1, Published = true)]
    public int? Replicas { get; set; }

    /// <summary>For how many seconds a pod must be ready before it counts as available.</summary>
    [Field(4), Default(0, Published = true)]
    public int MinReadySeconds { get; set; }

    /// <summary>Labels of the pods that belong to the controller; those of the template unless given.</summary>
    [Field(2), Atomic]
    public Dictionary<string, string>? Selector { get; set; }

    /// <summary>What the pods look like.</summary>
    [Field(3)]
    public PodTemplateSpec? Template { get; set; }
}

/// <summary>How far a replication controller is.</summary>
[ApiType]
public sealed partial class ReplicationControllerStatus
{
    /// <summary>Pods that exist.</summary>
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

    /// <summary>The generation of the controller that this status reflects.</summary>
    [Field(3)]
    public long ObservedGeneration { get; set; }

    /// <summary>How the controller does: ReplicaFailure.</summary>
    [Field(6), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<ReplicationControllerCondition>? Conditions { get; set; }
}

/// <summary>One aspect of how a replication controller does.</summary>
[ApiType]
public sealed partial class ReplicationControllerCondition
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
