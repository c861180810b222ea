using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Storage.V1;

/// <summary>What is to be known of a storage driver. Its name is the driver's.</summary>
[Kind("storage.k8s.io/v1", "CSIDriver", "csidrivers", Namespaced = false, Generation = true, ReturnDeleted = true, UnconditionalUpdate = false,
    Rules = typeof(CSIDriverRules))]
public sealed partial class CSIDriver
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What the driver needs and can do.</summary>
    [Field(2), Required]
    public CSIDriverSpec Spec { get; set; } = new();
}

/// <summary>What a driver needs and can do.</summary>
[ApiType]
public sealed partial class CSIDriverSpec
{
    /// <summary>Volumes are attached to nodes before they are mounted. True unless given; cannot be changed.</summary>
    [Field(1), Default(true)]
    public bool? AttachRequired { get; set; }

    /// <summary>The driver is told about the pod when it mounts.</summary>
    [Field(2), Default(false)]
    public bool? PodInfoOnMount { get; set; }

    /// <summary>Which volumes there are: Persistent, Ephemeral or both. Cannot be changed.</summary>
    [Field(3), ListType("set")]
    public List<string>? VolumeLifecycleModes { get; set; }

    /// <summary>The scheduler minds how much room the driver has.</summary>
    [Field(4), Default(false)]
    public bool? StorageCapacity { get; set; }

    /// <summary>Whether owner and mode of files may be changed to the pod's fsGroup: ReadWriteOnceWithFSType, File or None.</summary>
    [Field(5), Default("ReadWriteOnceWithFSType")]
    public string? FsGroupPolicy { get; set; }

    /// <summary>Tokens of the pod's service account that the driver is given when it mounts.</summary>
    [Field(6), ListType("atomic")]
    public List<TokenRequest>? TokenRequests { get; set; }

    /// <summary>Volumes are mounted again from time to time, so that tokens are renewed.</summary>
    [Field(7), Default(false)]
    public bool? RequiresRepublish { get; set; }

    /// <summary>Volumes may be mounted with an SELinux context of their own.</summary>
    [Field(8), Default(false)]
    public bool? SeLinuxMount { get; set; }

    /// <summary>Every how many seconds nodes tell anew how many volumes they take; ten at least. Never unless given.</summary>
    [Field(9)]
    public long? NodeAllocatableUpdatePeriodSeconds { get; set; }

    /// <summary>Tokens come among the secrets of a call, not in the volume's context.</summary>
    [Field(10)]
    public bool? ServiceAccountTokenInSecrets { get; set; }

    /// <summary>Pods with volumes of this driver are not put on nodes that lack it.</summary>
    [Field(11)]
    public bool? PreventPodSchedulingIfMissing { get; set; }
}

/// <summary>A token that a driver is given.</summary>
[ApiType]
public sealed partial class TokenRequest
{
    /// <summary>For whom the token is; the API server when empty.</summary>
    [Field(1), Required]
    public string Audience { get; set; } = "";

    /// <summary>How long it is valid, in seconds: ten minutes at least.</summary>
    [Field(2)]
    public long? ExpirationSeconds { get; set; }
}

/// <summary>Whether files of a volume are changed to the pod's fsGroup.</summary>
public static class FSGroupPolicy
{
    public const string ReadWriteOnceWithFSType = "ReadWriteOnceWithFSType";
    public const string File = "File";
    public const string None = "None";
}

/// <summary>Which volumes a driver has.</summary>
public static class VolumeLifecycleMode
{
    public const string Persistent = "Persistent";
    public const string Ephemeral = "Ephemeral";
}
