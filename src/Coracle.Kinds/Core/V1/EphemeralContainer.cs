using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>A container that joins a running pod to look into it. It has no guarantee of resources and is never restarted.</summary>
/// <remarks>Fields numbered 1_xxx lie in protobuf in a nested message of number 1; JSON has them inline.</remarks>
[ApiType]
public sealed partial class EphemeralContainer
{
    /// <summary>The container's name, unique in the pod. Cannot be changed.</summary>
    [Field(1_001), Required]
    public string Name { get; set; } = "";

    /// <summary>The image that holds the program.</summary>
    [Field(1_002)]
    public string Image { get; set; } = "";

    /// <summary>The program and its first arguments, in place of the image's entry point. $(VAR) stands for an environment variable; $$ for a dollar sign.</summary>
    [Field(1_003), ListType("atomic")]
    public List<string>? Command { get; set; }

    /// <summary>Arguments, in place of those of the image. $(VAR) is replaced as in command.</summary>
    [Field(1_004), ListType("atomic")]
    public List<string>? Args { get; set; }

    /// <summary>The directory in which the program starts; the image's own unless given.</summary>
    [Field(1_005)]
    public string WorkingDir { get; set; } = "";

    /// <summary>Not allowed.</summary>
    [Field(1_006), ListType("map", "containerPort", "protocol"), Patch("merge", MergeKey = "containerPort")]
    public List<ContainerPort>? Ports { get; set; }

    /// <summary>Sources of which every key becomes an environment variable. The last source wins, and env wins over all.</summary>
    [Field(1_019), ListType("atomic")]
    public List<EnvFromSource>? EnvFrom { get; set; }

    /// <summary>Environment variables.</summary>
    [Field(1_007), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<EnvVar>? Env { get; set; }

    /// <summary>Not allowed: it uses what the pod has left.</summary>
    [Field(1_008)]
    public ResourceRequirements Resources { get; set; } = new();

    /// <summary>Not allowed.</summary>
    [Field(1_023), ListType("atomic")]
    public List<ContainerResizePolicy>? ResizePolicy { get; set; }

    /// <summary>Not allowed: it is never restarted.</summary>
    [Field(1_024)]
    public string? RestartPolicy { get; set; }

    /// <summary>Not allowed.</summary>
    [Field(1_025), ListType("atomic")]
    public List<ContainerRestartRule>? RestartPolicyRules { get; set; }

    /// <summary>Volumes of the pod to mount into the container.</summary>
    [Field(1_009), ListType("map", "mountPath"), Patch("merge", MergeKey = "mountPath")]
    public List<VolumeMount>? VolumeMounts { get; set; }

    /// <summary>Block devices of the pod to give to the container.</summary>
    [Field(1_021), ListType("map", "devicePath"), Patch("merge", MergeKey = "devicePath")]
    public List<VolumeDevice>? VolumeDevices { get; set; }

    /// <summary>Not allowed.</summary>
    [Field(1_010)]
    public Probe? LivenessProbe { get; set; }

    /// <summary>Not allowed.</summary>
    [Field(1_011)]
    public Probe? ReadinessProbe { get; set; }

    /// <summary>Not allowed.</summary>
    [Field(1_022)]
    public Probe? StartupProbe { get; set; }

    /// <summary>Not allowed.</summary>
    [Field(1_012)]
    public Lifecycle? Lifecycle { get; set; }

    /// <summary>File in the container whose content is reported when it ends.</summary>
    [Field(1_013), Default("/dev/termination-log")]
    public string TerminationMessagePath { get; set; } = "";

    /// <summary>Where that report comes from: File, or FallbackToLogsOnError for the end of the log when the file is empty.</summary>
    [Field(1_020), Default("File"), OneOf("File", "FallbackToLogsOnError")]
    public string TerminationMessagePolicy { get; set; } = "";

    /// <summary>When the image is pulled: Always, IfNotPresent or Never. Always for the tag "latest", else IfNotPresent.</summary>
    [Field(1_014), OneOf("Always", "IfNotPresent", "Never")]
    public string ImagePullPolicy { get; set; } = "";

    /// <summary>Users, groups and confinement of this container.</summary>
    [Field(1_015)]
    public SecurityContext? SecurityContext { get; set; }

    /// <summary>Keep the standard input open, so that one can attach to it.</summary>
    [Field(1_016)]
    public bool Stdin { get; set; }

    /// <summary>Close the standard input when the first one who attached leaves.</summary>
    [Field(1_017)]
    public bool StdinOnce { get; set; }

    /// <summary>Give the container a terminal.</summary>
    [Field(1_018)]
    public bool Tty { get; set; }

    /// <summary>The container whose processes this one sees.</summary>
    [Field(2)]
    public string TargetContainerName { get; set; } = "";
}
