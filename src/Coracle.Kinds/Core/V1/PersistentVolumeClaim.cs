using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>A request for storage, and what it got.</summary>
[Kind("v1", "PersistentVolumeClaim", "persistentvolumeclaims", ShortNames = ["pvc"], Status = true, ReturnDeleted = true,
    Rules = typeof(PersistentVolumeClaimRules))]
public sealed partial class PersistentVolumeClaim
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What storage is wanted.</summary>
    [Field(2)]
    public PersistentVolumeClaimSpec Spec { get; set; } = new();

    /// <summary>What it got.</summary>
    [Field(3)]
    public PersistentVolumeClaimStatus Status { get; set; } = new();
}

/// <summary>What storage a claim got.</summary>
[ApiType]
public sealed partial class PersistentVolumeClaimStatus
{
    /// <summary>Pending, Bound or Lost.</summary>
    [Field(1)]
    public string Phase { get; set; } = "";

    /// <summary>How the volume can be mounted.</summary>
    [Field(2), ListType("atomic")]
    public List<string>? AccessModes { get; set; }

    /// <summary>How large the volume is, by resource.</summary>
    [Field(3)]
    public Dictionary<string, Quantity>? Capacity { get; set; }

    /// <summary>What goes on with the volume: that it is being resized, for one.</summary>
    [Field(4), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<PersistentVolumeClaimCondition>? Conditions { get; set; }

    /// <summary>What has been promised, which may be more than there is yet.</summary>
    [Field(5)]
    public Dictionary<string, Quantity>? AllocatedResources { get; set; }

    /// <summary>How far the change to allocatedResources is, by resource.</summary>
    [Field(7), Granular]
    public Dictionary<string, string>? AllocatedResourceStatuses { get; set; }

    /// <summary>The class of settings that the volume has.</summary>
    [Field(8)]
    public string? CurrentVolumeAttributesClassName { get; set; }

    /// <summary>How far the change to another class of settings is.</summary>
    [Field(9)]
    public ModifyVolumeStatus? ModifyVolumeStatus { get; set; }
}

/// <summary>One thing that goes on with a claim's volume.</summary>
[ApiType]
public sealed partial class PersistentVolumeClaimCondition
{
    /// <summary>What it is: Resizing, FileSystemResizePending...</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>True, False or Unknown.</summary>
    [Field(2), Required]
    public string Status { get; set; } = "";

    /// <summary>When it was last looked at.</summary>
    [Field(3, Always = true)]
    public DateTimeOffset? LastProbeTime { get; set; }

    /// <summary>When the status last changed from one value to another.</summary>
    [Field(4, Always = true)]
    public DateTimeOffset? LastTransitionTime { get; set; }

    /// <summary>One word in CamelCase that says why, for programs.</summary>
    [Field(5)]
    public string Reason { get; set; } = "";

    /// <summary>What is going on, in words for people.</summary>
    [Field(6)]
    public string Message { get; set; } = "";
}

/// <summary>How far the change of a volume's settings is.</summary>
[ApiType]
public sealed partial class ModifyVolumeStatus
{
    /// <summary>The class that the volume is to have.</summary>
    [Field(1)]
    public string TargetVolumeAttributesClassName { get; set; } = "";

    /// <summary>Pending, InProgress or Infeasible.</summary>
    [Field(2), Required]
    public string Status { get; set; } = "";
}

/// <summary>What became of a claim.</summary>
public static class PersistentVolumeClaimPhase
{
    public const string Pending = "Pending";
    public const string Bound = "Bound";
    public const string Lost = "Lost";
}
