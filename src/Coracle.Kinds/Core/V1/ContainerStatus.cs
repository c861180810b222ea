using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class ContainerStatus
{
    [Field(1), Required]
    public string Name { get; set; } = "";

    [Field(2)]
    public ContainerState State { get; set; } = new();

    [Field(3)]
    public ContainerState LastState { get; set; } = new();

    [Field(4), Required]
    public bool Ready { get; set; }

    [Field(5), Required]
    public int RestartCount { get; set; }

    [Field(6), Required]
    public string Image { get; set; } = "";

    [Field(7), Required]
    public string ImageID { get; set; } = "";

    [Field(8)]
    public string ContainerID { get; set; } = "";

    [Field(9)]
    public bool? Started { get; set; }

    [Field(10)]
    public Dictionary<string, Quantity>? AllocatedResources { get; set; }

    [Field(11)]
    public ResourceRequirements? Resources { get; set; }

    [Field(12), ListType("map", "mountPath"), Patch("merge", MergeKey = "mountPath")]
    public List<VolumeMountStatus>? VolumeMounts { get; set; }

    [Field(13)]
    public ContainerUser? User { get; set; }

    [Field(14), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<ResourceStatus>? AllocatedResourcesStatus { get; set; }

    [Field(15)]
    public string? StopSignal { get; set; }
}

[ApiType]
public sealed partial class ContainerState
{
    [Field(1)]
    public ContainerStateWaiting? Waiting { get; set; }

    [Field(2)]
    public ContainerStateRunning? Running { get; set; }

    [Field(3)]
    public ContainerStateTerminated? Terminated { get; set; }
}

[ApiType]
public sealed partial class ContainerStateWaiting
{
    [Field(1)]
    public string Reason { get; set; } = "";

    [Field(2)]
    public string Message { get; set; } = "";
}

[ApiType]
public sealed partial class ContainerStateRunning
{
    [Field(1, Always = true)]
    public DateTimeOffset? StartedAt { get; set; }
}

[ApiType]
public sealed partial class ContainerStateTerminated
{
    [Field(1), Required]
    public int ExitCode { get; set; }

    [Field(2)]
    public int Signal { get; set; }

    [Field(3)]
    public string Reason { get; set; } = "";

    [Field(4)]
    public string Message { get; set; } = "";

    [Field(5, Always = true)]
    public DateTimeOffset? StartedAt { get; set; }

    [Field(6, Always = true)]
    public DateTimeOffset? FinishedAt { get; set; }

    [Field(7)]
    public string ContainerID { get; set; } = "";
}
