using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Apps.V1;

/// <summary>A pod on every node, or on every node of a kind.</summary>
[Kind("apps/v1", "DaemonSet", "daemonsets", ShortNames = ["ds"], Categories = ["all"], Status = true, Generation = true, Rules = typeof(DaemonSetRules))]
public sealed partial class DaemonSet
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is wanted.</summary>
    [Field(2)]
    public DaemonSetSpec Spec { get; set; } = new();

    /// <summary>How far it is reached.</summary>
    [Field(3)]
    public DaemonSetStatus Status { get; set; } = new();
}

/// <summary>What is wanted of a daemon set.</summary>
[ApiType]
public sealed partial class DaemonSetSpec
{
    /// <summary>Labels of the pods that belong to the set. The template's labels must match. Cannot be changed.</summary>
    [Field(1), Required]
    public LabelSelector? Selector { get; set; }

    /// <summary>What the pods look like. It says by node selector and affinity on which nodes they run.</summary>
    [Field(2), Required]
    public PodTemplateSpec Template { get; set; } = new();

    /// <summary>How pods are replaced when the template changes.</summary>
    [Field(3)]
    public DaemonSetUpdateStrategy UpdateStrategy { get; set; } = new();

    /// <summary>For how many seconds a pod must be ready before it counts as available.</summary>
    [Field(4)]
    public int MinReadySeconds { get; set; }

    /// <summary>How many past templates are kept to roll back to. 10 unless given.</summary>
    [Field(6), Default(10)]
    public int? RevisionHistoryLimit { get; set; }
}

/// <summary>How pods are replaced when the template changes.</summary>
[ApiType]
public sealed partial class DaemonSetUpdateStrategy
{
    /// <summary>RollingUpdate, or OnDelete to wait for the user to delete them.</summary>
    [Field(1), Default("RollingUpdate")]
    public string Type { get; set; } = "";

    /// <summary>How fast. For RollingUpdate alone.</summary>
    [Field(2)]
    public RollingUpdateDaemonSet? RollingUpdate { get; set; }
}

/// <summary>How fast pods are replaced.</summary>
[ApiType]
public sealed partial class RollingUpdateDaemonSet
{
    /// <summary>On how many nodes the pod may be missing during the update, as a number or a share rounded up. 1 unless given.</summary>
    [Field(1)]
    public IntOrString? MaxUnavailable { get; set; }

    /// <summary>On how many nodes a new pod may run before the old one is gone, as a number or a share rounded up. 0 unless given.</summary>
    [Field(2)]
    public IntOrString? MaxSurge { get; set; }
}

/// <summary>How far a daemon set is.</summary>
[ApiType]
public sealed partial class DaemonSetStatus
{
    /// <summary>Nodes that run a pod of the set and should.</summary>
    [Field(1), Required]
    public int CurrentNumberScheduled { get; set; }

    /// <summary>Nodes that run a pod of the set and should not.</summary>
    [Field(2), Required]
    public int NumberMisscheduled { get; set; }

    /// <summary>Nodes that should run a pod of the set.</summary>
    [Field(3), Required]
    public int DesiredNumberScheduled { get; set; }

    /// <summary>Nodes that should run a pod of the set and have one that is ready.</summary>
    [Field(4), Required]
    public int NumberReady { get; set; }

    /// <summary>The generation of the set that this status reflects.</summary>
    [Field(5)]
    public long ObservedGeneration { get; set; }

    /// <summary>Nodes that run a pod made from the current template.</summary>
    [Field(6)]
    public int UpdatedNumberScheduled { get; set; }

    /// <summary>Nodes whose pod has been ready for minReadySeconds.</summary>
    [Field(7)]
    public int NumberAvailable { get; set; }

    /// <summary>Nodes that should have an available pod and do not.</summary>
    [Field(8)]
    public int NumberUnavailable { get; set; }

    /// <summary>How often the name of a new revision was taken; part of what names are made from.</summary>
    [Field(9)]
    public int? CollisionCount { get; set; }

    /// <summary>How the set does.</summary>
    [Field(10), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<DaemonSetCondition>? Conditions { get; set; }
}

/// <summary>One aspect of how a daemon set does.</summary>
[ApiType]
public sealed partial class DaemonSetCondition
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
