using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Apps.V1;

/// <summary>Pods with names and storage of their own, made and replaced in order.</summary>
[Kind("apps/v1", "StatefulSet", "statefulsets", ShortNames = ["sts"], Categories = ["all"], Status = true, Scale = true, Generation = true,
    Rules = typeof(StatefulSetRules))]
public sealed partial class StatefulSet
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is wanted.</summary>
    [Field(2)]
    public StatefulSetSpec Spec { get; set; } = new();

    /// <summary>How far it is reached.</summary>
    [Field(3)]
    public StatefulSetStatus Status { get; set; } = new();
}

/// <summary>What is wanted of a stateful set.</summary>
[ApiType]
public sealed partial class StatefulSetSpec
{
    /// <summary>How many pods. 1 unless given.</summary>
    [Field(1), Default(1)]
    public int? Replicas { get; set; }

    /// <summary>Labels of the pods that belong to the set. The template's labels must match. Cannot be changed.</summary>
    [Field(2), Required]
    public LabelSelector? Selector { get; set; }

    /// <summary>What the pods look like. Each gets the set's name, a dash and its ordinal as name.</summary>
    [Field(3), Required]
    public PodTemplateSpec Template { get; set; } = new();

    /// <summary>Claims that every pod gets one of each of, and keeps when it is replaced. They take the place of the template's volumes of the same name.</summary>
    [Field(4), ListType("atomic")]
    public List<PersistentVolumeClaim>? VolumeClaimTemplates { get; set; }

    /// <summary>The headless service that gives the pods their network names. Cannot be changed.</summary>
    [Field(5, Always = true)]
    public string ServiceName { get; set; } = "";

    /// <summary>OrderedReady: one pod after the other, each once the one before it is ready. Parallel: all at once. Cannot be changed.</summary>
    [Field(6), Default("OrderedReady")]
    public string PodManagementPolicy { get; set; } = "";

    /// <summary>How pods are replaced when the template changes.</summary>
    [Field(7)]
    public StatefulSetUpdateStrategy UpdateStrategy { get; set; } = new();

    /// <summary>How many past templates are kept to roll back to. 10 unless given.</summary>
    [Field(8), Default(10)]
    public int? RevisionHistoryLimit { get; set; }

    /// <summary>For how many seconds a pod must be ready before it counts as available.</summary>
    [Field(9)]
    public int MinReadySeconds { get; set; }

    /// <summary>What becomes of the claims when the set shrinks or goes.</summary>
    [Field(10)]
    public StatefulSetPersistentVolumeClaimRetentionPolicy? PersistentVolumeClaimRetentionPolicy { get; set; }

    /// <summary>How the pods are numbered; from 0 unless given.</summary>
    [Field(11)]
    public StatefulSetOrdinals? Ordinals { get; set; }
}

/// <summary>How pods are replaced when the template changes.</summary>
[ApiType]
public sealed partial class StatefulSetUpdateStrategy
{
    /// <summary>RollingUpdate, or OnDelete to wait for the user to delete them.</summary>
    [Field(1)]
    public string Type { get; set; } = "";

    /// <summary>How far and how fast. For RollingUpdate alone.</summary>
    [Field(2)]
    public RollingUpdateStatefulSetStrategy? RollingUpdate { get; set; }
}

/// <summary>How far and how fast pods are replaced.</summary>
[ApiType]
public sealed partial class RollingUpdateStatefulSetStrategy
{
    /// <summary>Pods with a lower ordinal keep the old template. 0 unless given.</summary>
    [Field(1)]
    public int? Partition { get; set; }

    /// <summary>How many pods may be missing during the update, as a number or a share rounded up. 1 unless given.</summary>
    [Field(2)]
    public IntOrString? MaxUnavailable { get; set; }
}

/// <summary>How pods are numbered.</summary>
[ApiType]
public sealed partial class StatefulSetOrdinals
{
    /// <summary>The number of the first pod.</summary>
    [Field(1, Always = true)]
    public int Start { get; set; }
}

/// <summary>What becomes of the claims that were made from the templates.</summary>
[ApiType]
public sealed partial class StatefulSetPersistentVolumeClaimRetentionPolicy
{
    /// <summary>When the set is deleted: Retain, or Delete.</summary>
    [Field(1)]
    public string WhenDeleted { get; set; } = "";

    /// <summary>When the set shrinks: Retain, or Delete those of the pods that go.</summary>
    [Field(2)]
    public string WhenScaled { get; set; } = "";
}

/// <summary>How far a stateful set is.</summary>
[ApiType]
public sealed partial class StatefulSetStatus
{
    /// <summary>The generation of the set that this status reflects.</summary>
    [Field(1)]
    public long ObservedGeneration { get; set; }

    /// <summary>Pods that exist.</summary>
    [Field(2), Required]
    public int Replicas { get; set; }

    /// <summary>Pods that are ready.</summary>
    [Field(3)]
    public int ReadyReplicas { get; set; }

    /// <summary>Pods made from the template that currentRevision names.</summary>
    [Field(4)]
    public int CurrentReplicas { get; set; }

    /// <summary>Pods made from the template that updateRevision names.</summary>
    [Field(5)]
    public int UpdatedReplicas { get; set; }

    /// <summary>The template from which the pods before the update point are made.</summary>
    [Field(6)]
    public string CurrentRevision { get; set; } = "";

    /// <summary>The template from which all pods will be made in the end.</summary>
    [Field(7)]
    public string UpdateRevision { get; set; } = "";

    /// <summary>How often the name of a new revision was taken; part of what names are made from.</summary>
    [Field(9)]
    public int? CollisionCount { get; set; }

    /// <summary>How the set does.</summary>
    [Field(10), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<StatefulSetCondition>? Conditions { get; set; }

    /// <summary>Pods that have been ready for minReadySeconds.</summary>
    [Field(11, Always = true)]
    public int AvailableReplicas { get; set; }
}

/// <summary>One aspect of how a stateful set does.</summary>
[ApiType]
public sealed partial class StatefulSetCondition
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

/// <summary>In which order pods of a stateful set are made and deleted.</summary>
public static class PodManagementPolicy
{
    public const string OrderedReady = "OrderedReady";
    public const string Parallel = "Parallel";
}

/// <summary>How pods of a stateful set or a daemon set are replaced.</summary>
public static class UpdateStrategyType
{
    public const string OnDelete = "OnDelete";
    public const string RollingUpdate = "RollingUpdate";
}

/// <summary>What becomes of a claim whose pod is no longer wanted.</summary>
public static class ClaimRetention
{
    public const string Retain = "Retain";
    public const string Delete = "Delete";
}
