using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Storage.V1;

/// <summary>A volume that is to be attached to a node.</summary>
[Kind("storage.k8s.io/v1", "VolumeAttachment", "volumeattachments", Namespaced = false, Status = true, ReturnDeleted = true,
    UnconditionalUpdate = false, Rules = typeof(VolumeAttachmentRules))]
public sealed partial class VolumeAttachment
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is to be attached where. Cannot be changed.</summary>
    [Field(2), Required]
    public VolumeAttachmentSpec Spec { get; set; } = new();

    /// <summary>Whether it is. Written by who attaches.</summary>
    [Field(3)]
    public VolumeAttachmentStatus Status { get; set; } = new();
}

/// <summary>What is to be attached where.</summary>
[ApiType]
public sealed partial class VolumeAttachmentSpec
{
    /// <summary>The driver that attaches: what CSI calls its name.</summary>
    [Field(1), Required]
    public string Attacher { get; set; } = "";

    /// <summary>The volume.</summary>
    [Field(2), Required]
    public VolumeAttachmentSource Source { get; set; } = new();

    /// <summary>The node.</summary>
    [Field(3), Required]
    public string NodeName { get; set; } = "";
}

/// <summary>A volume: a persistent one, or one that a pod describes itself.</summary>
[ApiType]
public sealed partial class VolumeAttachmentSource
{
    /// <summary>Name of the persistent volume.</summary>
    [Field(1)]
    public string? PersistentVolumeName { get; set; }

    /// <summary>The volume of a pod, put in terms of a persistent volume.</summary>
    [Field(2)]
    public PersistentVolumeSpec? InlineVolumeSpec { get; set; }
}

/// <summary>Whether a volume is attached.</summary>
[ApiType]
public sealed partial class VolumeAttachmentStatus
{
    /// <summary>It is attached.</summary>
    [Field(1), Required]
    public bool Attached { get; set; }

    /// <summary>What the driver said about the attachment; whoever mounts the volume is told.</summary>
    [Field(2)]
    public Dictionary<string, string>? AttachmentMetadata { get; set; }

    /// <summary>What went wrong when it was attached last.</summary>
    [Field(3)]
    public VolumeError? AttachError { get; set; }

    /// <summary>What went wrong when it was detached last.</summary>
    [Field(4)]
    public VolumeError? DetachError { get; set; }
}

/// <summary>What went wrong with a volume.</summary>
[ApiType]
public sealed partial class VolumeError
{
    /// <summary>When.</summary>
    [Field(1, Always = true)]
    public DateTimeOffset? Time { get; set; }

    /// <summary>What, in words. May be logged, so it holds no secrets.</summary>
    [Field(2)]
    public string Message { get; set; } = "";

    /// <summary>The gRPC status that the driver answered.</summary>
    [Field(3)]
    public int? ErrorCode { get; set; }
}
