using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>How a container does.</summary>
[ApiType]
public sealed partial class ContainerStatus
{
    /// <summary>The container's name in the pod's spec.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>What the container is doing: waiting, running or terminated.</summary>
    [Field(2)]
    public ContainerState State { get; set; } = new();

    /// <summary>How the container ended the last time, when it has been restarted.</summary>
    [Field(3)]
    public ContainerState LastState { get; set; } = new();

    /// <summary>The container can serve: it runs and its readiness probe passes.</summary>
    [Field(4), Required]
    public bool Ready { get; set; }

    /// <summary>How often the container has been restarted, as far as the node remembers.</summary>
    [Field(5), Required]
    public int RestartCount { get; set; }

    /// <summary>The image as it was asked for; may differ from the spec's name for it.</summary>
    [Field(6), Required]
    public string Image { get; set; } = "";

    /// <summary>The image as the runtime knows it, by digest as a rule.</summary>
    [Field(7), Required]
    public string ImageID { get; set; } = "";

    /// <summary>The container at its runtime: containerd://0123...</summary>
    [Field(8)]
    public string ContainerID { get; set; } = "";

    /// <summary>The container runs, its postStart hook is done and its startup probe has passed.</summary>
    [Field(9)]
    public bool? Started { get; set; }

    /// <summary>Requests that the node has set aside for the container.</summary>
    [Field(10)]
    public Dictionary<string, Quantity>? AllocatedResources { get; set; }

    /// <summary>Limits and requests in effect for the container.</summary>
    [Field(11)]
    public ResourceRequirements? Resources { get; set; }

    /// <summary>What has been mounted into the container.</summary>
    [Field(12), ListType("map", "mountPath"), Patch("merge", MergeKey = "mountPath")]
    public List<VolumeMountStatus>? VolumeMounts { get; set; }

    /// <summary>The user under which the container's first process started.</summary>
    [Field(13)]
    public ContainerUser? User { get; set; }

    /// <summary>The health of devices that the container has.</summary>
    [Field(14), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<ResourceStatus>? AllocatedResourcesStatus { get; set; }

    /// <summary>The signal that asks the container to stop.</summary>
    [Field(15)]
    public string? StopSignal { get; set; }
}

/// <summary>What a container is doing. One field is set; with none the container is waiting.</summary>
[ApiType]
public sealed partial class ContainerState
{
    /// <summary>It has yet to start: its image is pulled, or it waits before another try.</summary>
    [Field(1)]
    public ContainerStateWaiting? Waiting { get; set; }

    /// <summary>It runs.</summary>
    [Field(2)]
    public ContainerStateRunning? Running { get; set; }

    /// <summary>It has ended.</summary>
    [Field(3)]
    public ContainerStateTerminated? Terminated { get; set; }
}

/// <summary>A container that has yet to start.</summary>
[ApiType]
public sealed partial class ContainerStateWaiting
{
    /// <summary>Why, in one word: ContainerCreating, ImagePullBackOff, CrashLoopBackOff...</summary>
    [Field(1)]
    public string Reason { get; set; } = "";

    /// <summary>What is going on, in words for people.</summary>
    [Field(2)]
    public string Message { get; set; } = "";
}

/// <summary>A container that runs.</summary>
[ApiType]
public sealed partial class ContainerStateRunning
{
    /// <summary>When it started, or was last restarted.</summary>
    [Field(1, Always = true)]
    public DateTimeOffset? StartedAt { get; set; }
}

/// <summary>A container that has ended.</summary>
[ApiType]
public sealed partial class ContainerStateTerminated
{
    /// <summary>The exit code of its first process; 0 is success.</summary>
    [Field(1), Required]
    public int ExitCode { get; set; }

    /// <summary>The signal that ended it.</summary>
    [Field(2)]
    public int Signal { get; set; }

    /// <summary>Why, in one word: Completed, Error, OOMKilled...</summary>
    [Field(3)]
    public string Reason { get; set; } = "";

    /// <summary>What the container left as its termination message.</summary>
    [Field(4)]
    public string Message { get; set; } = "";

    /// <summary>When it had started.</summary>
    [Field(5, Always = true)]
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When it ended.</summary>
    [Field(6, Always = true)]
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>The container at its runtime.</summary>
    [Field(7)]
    public string ContainerID { get; set; } = "";
}
